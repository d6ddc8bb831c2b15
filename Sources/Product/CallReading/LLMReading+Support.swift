import CallModel
import Foundation
import SpokenLanguage

/// Whether the words that a model quotes for a field speak of it at all. A quote from the transcript proves that it was said,
/// not that it means what the model makes of it: "bye" is no opt-out, and no need.
struct EvidenceSupport {
    let record: CallRecord
    let context: ExtractionContext

    /// Something of substance: more than a greeting, a thank-you or a yes.
    static func isSubstantial(_ evidence: [Evidence]) -> Bool {
        evidence.contains { item in
            words(item).contains { !smallTalk.contains($0) && $0.utf8.count > 2 }
        }
    }

    func speaksOfTime(_ evidence: [Evidence]) -> Bool {
        evidence.contains { item in
            let said = EvidenceSupport.words(item)
            return said.contains(where: EvidenceSupport.times.contains) || answers(item, [.timeline]) && said.count > 1
        }
    }

    func speaksOfDeciding(_ evidence: [Evidence]) -> Bool {
        evidence.contains { item in
            EvidenceSupport.words(item).contains(where: EvidenceSupport.deciding.contains)
                || answers(item, [.authority, .othersInvolved])
        }
    }

    func speaksOfMoney(_ evidence: [Evidence]) -> Bool {
        evidence.contains { item in
            EvidenceSupport.words(item).contains(where: EvidenceSupport.money.contains) || answers(item, [.budget])
        }
    }

    /// A wish to be left alone, in whatever words: an end of something, and that something is being contacted. What
    /// limits or asks for a call is none.
    static func refusesContact(_ evidence: [Evidence]) -> Bool {
        evidence.contains { item in
            let said = words(item)
            if OptOut.find(in: item.words) != nil { return true }
            guard !said.contains(where: limits.contains) else { return false }
            return said.contains(where: endings.contains)
                && said.contains(where: contacting.contains)
        }
    }

    private static func words(_ item: Evidence) -> CodedWords { Normalised.words(item.words) }

    /// Whether the quoted turn answers a question of the agent's about one of `topics`.
    private func answers(_ item: Evidence, _ topics: Set<AgentQuestion.Topic>) -> Bool {
        let before = record.transcript.turns.prefix { $0.number < item.turnNumber }
        let asked = before.suffix(
            from: (before.lastIndex { $0.speaker == .caller }.map { $0 + 1 }) ?? before.startIndex)
        let text = asked.map(\.heardText).joined(separator: " ")
        guard !text.isEmpty else { return false }
        let topic = AgentQuestion(heard: text, now: record.opening.rangAt, context).topic
        return topic.map(topics.contains) ?? false
    }

    private static let smallTalk: WordSet = [
        "hello", "hey", "good", "morning", "afternoon", "evening", "bye", "goodbye", "see", "you", "yes", "yeah", "yep",
        "nope", "not", "okay", "sure", "thank", "thanks", "please", "well", "fine", "great", "right", "the", "that",
        "this",
        "and", "are", "was", "can", "did", "does", "for", "how", "what", "who", "sorry", "pardon", "very", "much",
        "day",
        "have", "nice", "one", "moment", "hold", "later", "welcome", "alright", "uhm", "hmm", "speaking", "there",
    ]
    private static let times: WordSet = [
        "today", "tonight", "tomorrow", "now", "soon", "immediately", "asap", "away", "once", "hurry", "rush", "urgent",
        "urgently", "later", "yet", "whenever", "someday", "eventually", "before", "after", "until", "by", "within",
        "end",
        "start", "deadline", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "weekend", "month",
        "months",
        "quarter", "quarters", "year", "years", "spring", "summer", "autumn", "fall", "winter", "season", "christmas",
        "easter", "holidays", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
        "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]
    private static let deciding: WordSet = [
        "decide", "decides", "decided", "deciding", "decision", "decisions", "boss", "manager", "director", "owner",
        "ceo",
        "cfo", "cto", "board", "partner", "sign", "signs", "approve", "approves", "approval", "charge", "responsible",
        "authority", "say", "call", "recommend", "influence", "wife", "husband", "committee", "procurement", "head",
        "own",
        "founder", "president", "together", "management", "purchasing",
    ]
    private static let money: WordSet = [
        "budget", "budgets", "money", "afford", "cost", "costs", "cheap", "expensive", "price", "prices", "spend",
        "pay",
        "dollars", "dollar", "euros", "euro", "pounds", "funding", "funds", "invest", "free", "broke", "cash",
    ]
    private static let endings: WordSet = [
        "stop", "quit", "end", "cease", "remove", "delete", "erase", "take", "drop", "lose", "unsubscribe", "never",
        "no",
        "not", "longer", "more", "leave", "enough", "done", "without", "away", "off", "forget",
    ]
    private static let contacting: WordSet = [
        "call", "calls", "called", "calling", "caller", "phone", "phoning", "ring", "ringing", "contact", "contacted",
        "contacting", "number", "list", "lists", "text", "texts", "message", "messages", "mail", "mails", "email",
        "emails",
        "bother", "bothering", "harass", "alone", "hear", "database", "again", "unsubscribe", "spam",
    ]
    private static let limits: WordSet = [
        "back", "later", "tomorrow", "today", "now", "before", "after", "until", "earlier", "instead", "between",
        "busy",
        "week", "month", "morning", "afternoon", "evening", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday", "moment", "minute", "hour", "missed", "miss",
    ]
}
