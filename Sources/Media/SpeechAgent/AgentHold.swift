/// What a speech agent is told around a consult, as instructions. The local agent knows these sentences by heart.
package enum AgentHold {
    package static let wait =
        "A consult with our specialists is under way. Say nothing of your own, whatever you hear, until you are told that it is over."
    package static let goOn = "The consult is over. You may speak again."
    /// A machine has answered a call that we placed.
    package static let machine =
        "A machine has answered this call. Say nothing of your own, whatever you hear, until the call is over."
    package static let screened = """
        You are not speaking with the person yet: a service screens their calls, and has been told who calls and why. Wait in \
        silence. When a person comes on the line, begin again: say who calls, that you are an AI, and why.
        """
    package static let menu = """
        A menu has answered and a key was pressed for it. Wait in silence. When a person comes on the line, begin again: say who \
        calls, that you are an AI, and why.
        """
    /// What became of a consult that the agent called for, told when the call itself was answered long ago.
    ///
    /// - Parameter content: JSON text, as the call could have been answered with.
    package static func outcome(_ content: String) -> String { outcomeOpening + content }
    package static let outcomeOpening = "What came of \(AgentTools.consult): "
    /// After ``goOn`` when the caller got no answer and the conversation is to be taken up by the agent.
    package static let takeUp = "Take up your last open question again."
}
