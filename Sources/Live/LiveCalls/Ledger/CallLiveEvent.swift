import CallModel
import Events

extension LiveEvent {
    /// What a watcher is shown of a journal entry; nil for entries that are no news.
    init?(_ entry: CallJournalEntry, card: CallCard, atMs: Int) {
        let kind: Kind
        var speaker: Speaker?
        var text: String?
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
        case .fact, .consult: return nil
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
            text: text)
    }
}
