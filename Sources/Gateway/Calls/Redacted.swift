import CRM
import CallModel

/// The one boundary for what was said: card numbers, national ids and the like are taken out here, before a turn is
/// journalled, shown, stored or sent anywhere but to the speech agent that heard it.
enum Redacted {
    private static let redaction = Redaction()

    static func turn(_ turn: Turn) -> Turn {
        var turn = turn
        let whole = turn.heardText == turn.text
        turn.text = redaction.redact(turn.text)
        turn.heardText = whole ? turn.text : redaction.redact(turn.heardText)
        return turn
    }
}
