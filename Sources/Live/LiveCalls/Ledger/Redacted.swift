import CallModel
import Journal
import SpokenLanguage

/// The boundary for what was said in one call: card numbers, national ids and the like are taken out here, before an entry
/// is shown to anybody or a question goes to specialists. The journal, which keeps what it is given, does the same for
/// itself. Only the speech agent hears all.
struct Redacted: Sendable {
    private static let redaction = Redaction()

    private var conversation = ConversationRedaction(Self.redaction)
    /// The caller's last words.
    private(set) var callerText = ""

    init() {}

    /// For a call that goes on: what was said before may be the beginning of a number.
    init(resuming record: CallRecord) {
        for turn in record.transcript.turns { _ = conversation.take(turn) }
    }

    /// The next entry of the call as it may be shown.
    mutating func entry(_ entry: CallJournalEntry) -> CallJournalEntry {
        if case .dtmf(let key, let atMs) = entry {
            conversation.press(key, atMs: atMs)
            return conversation.showsLastKey ? entry : .dtmf(digit: "•", atMs: atMs)
        }
        let shown = conversation.take(entry).entry
        if case .turn(let turn) = shown, turn.speaker == .caller { callerText = turn.text }
        return shown
    }

    static func text(_ text: String) -> String { redaction.redact(text) }
}
