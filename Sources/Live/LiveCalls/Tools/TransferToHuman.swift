import CallModel
import CallSession
import SpeechAgent

extension CallTool {
    static let transferToHuman = CallTool(
        schema: AgentTool(
            name: "transfer_to_human",
            description: "Put the caller through to a person. Use when the caller asks for one or you cannot help.",
            parameters: ToolSchema.object(
                [("reason", ToolSchema.text("Why, in one sentence."))], required: ["reason"]),
            deferUntilEndOfTurn: true),
        isOffered: { $0.profile.humanNumber != nil }
    ) { arguments, card, _ in
        guard card.profile.humanNumber != nil else {
            return .refused("nobody is available now; offer a call back")
        }
        return .done(
            note: "say that you are connecting the caller now",
            .transferRequested(reason: arguments.text("reason") ?? "the caller asked for a person"), leaving: .transfer)
    }
}
