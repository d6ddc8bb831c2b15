import Encoding
import Foundation
import SpeechAgent
import SpokenLanguage

/// Questions for specialists: passed on when that is offered, with nothing said until they are settled.
extension Dialogue {
    /// How far a consult has come, as far as the dialogue is told.
    struct Consult: Equatable, Sendable {
        /// Said nothing, whatever is heard.
        var isHeld = false
        /// An answer was given in our name; the caller has the word.
        var wasAnswered = false
        /// What more there is to it, and the caller was offered to hear.
        var rest: String?
    }

    var canConsult: Bool { settings.functions.contains(AgentTools.consult) }

    /// What is still to be answered; a greeting is not said twice.
    var openQuestion: String { lastQuestion == settings.greeting ? question(topic) : lastQuestion }

    mutating func consultSpecialists(_ question: String) {
        consult = Consult(isHeld: true)
        call(AgentTools.consult, ["question": .string(question)])
    }

    /// While a consult is on, all that is acted on is the wish not to be called again.
    mutating func heardWhileHeld(_ text: String) {
        if let quote = OptOut.find(in: text) { call("stop_calling_me", ["words": .string(quote)]) }
    }

    mutating func consultReturned(_ content: String) {
        let status = (try? WireJSON(parsing: content))?.object?["status"]?.string
        switch status {
        case "asking_caller", "consulting", "busy", "call_ended", "cancelled": break
        default: answerShortly()
        }
    }

    /// No consult: the short answer, and on with the conversation.
    mutating func answerShortly() {
        guard consult.isHeld else { return }
        consult = Consult()
        say("In short: that depends on your case, and a colleague will tell you the details. " + openQuestion)
    }

    /// Whether a consult is on, by the paragraphs of the prompt: for an agent that takes over a conversation.
    static func isHeld(by prompt: String) -> Bool {
        guard let began = prompt.range(of: "\n\n" + AgentHold.wait, options: .backwards) else { return false }
        return prompt.range(of: "\n\n" + AgentHold.goOn, range: began.upperBound..<prompt.endIndex) == nil
    }

    /// New instructions: some begin or end a consult.
    mutating func instructed(_ words: String) {
        if words.hasPrefix(AgentHold.wait) {
            consult = Consult(isHeld: true)
        } else if words.hasPrefix(AgentHold.outcomeOpening) {
            return  // How it ends is said with ``AgentHold/goOn``.
        } else if words.hasPrefix(AgentHold.goOn) {
            let wasHeld = consult.isHeld
            consult.isHeld = false
            if wasHeld, words.contains(AgentHold.takeUp) { say(openQuestion) }
        } else if consult.isHeld {
            consult.wasAnswered = true
            consult.rest = Dialogue.rest(in: words)
        }
    }

    /// The quoted words that may be told when the caller wants them.
    private static func rest(in instructions: String) -> String? {
        guard let lead = instructions.range(of: SpokenAnswer.restLead + "\"") else { return nil }
        let rest = instructions[lead.upperBound...].prefix { $0 != "\"" }
        return rest.isEmpty ? nil : String(rest)
    }

    /// What the caller says to an answer we gave them: that they want the rest of it, thanks, and on with the conversation.
    /// False for anything else.
    mutating func takesUpAfterAnswer(_ text: String, _ words: CodedWords) -> Bool {
        guard consult.wasAnswered else { return false }
        let rest = consult.rest
        consult.wasAnswered = false
        consult.rest = nil
        if let rest, CallerIntent.wantsRest(words) || YesNo.classify(text) == .yes && words.count <= 8 {
            say(rest + " " + openQuestion)
            return true
        }
        if rest != nil, YesNo.classify(text) == .no, words.count <= 5 {
            say("All right. " + openQuestion)
            return true
        }
        guard CallerIntent.acknowledges(words) else { return false }
        say("You are welcome. " + openQuestion)
        return true
    }
}
