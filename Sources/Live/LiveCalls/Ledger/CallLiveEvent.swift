import CallModel
import Events
import FoundationEssentials

extension LiveEvent {
    /// What a watcher is shown of a journal entry; nil for entries that are no news.
    init?(_ entry: CallJournalEntry, card: CallCard, atMs: Int) {
        let kind: Kind
        var speaker: Speaker?
        var text: String?
        var details: [String: String] = [:]
        switch entry {
        case .rang: return nil
        case .answered: kind = .answered
        case .turn(let turn):
            guard !turn.heardText.isEmpty else { return nil }
            kind = .turn
            speaker = turn.speaker
            text = turn.interrupted ? turn.heardText + " …" : turn.heardText
        case .toolCalled(let name, _, _, _):
            kind = .toolCalled
            text = name
        case .fact(let fact, _):
            kind = .learned
            (text, details) = fact.shown
        case .consult: return nil
        case .dtmf(let digit, _):
            kind = .dtmf
            speaker = .caller
            text = digit
        case .note(let note, _):
            kind = .note
            text = note
        case .streamClosed: return nil
        case .ended(let ending):
            kind = .ended
            text = ending.reason
        }
        self.init(
            callSid: card.opening.callSid, tenant: card.opening.tenant, atMs: atMs, kind: kind, speaker: speaker,
            text: text, details: details)
    }
}

extension CallFact {
    /// What of, and what, by the names of the records' fields.
    fileprivate var shown: (subject: String, details: [String: String]) {
        func only(_ details: [String: String?]) -> [String: String] { details.compactMapValues { $0 } }
        switch self {
        case .contactDetails(let name, let email, let company, let position):
            return ("contact", only(["name": name, "email": email, "company": company, "position": position]))
        case .qualification(let budget, let amount, let authority, let need, let timeline, let notes):
            let fields = [
                "budget": budget, "budget_amount": amount.map { "\($0)" },
                "authority": authority, "need": need, "timeline": timeline, "notes": notes,
            ]
            return ("qualification", only(fields))
        case .meetingBooked(let title, let startsAt, let minutes):
            return (
                "meeting",
                ["title": title, "starts_at": startsAt.formatted(.iso8601), "duration_minutes": "\(minutes)"]
            )
        case .followUpAgreed(let dueAt, let reason):
            return ("follow_up", only(["due_at": dueAt?.formatted(.iso8601), "reason": reason]))
        case .doNotContact(let words): return ("do_not_contact", ["words": words])
        case .transferRequested(let reason): return ("transfer", ["reason": reason])
        case .consent(let kind, let granted, let words):
            return ("consent", ["kind": kind, "granted": "\(granted)", "words": words])
        }
    }
}
