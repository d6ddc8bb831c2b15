import CallModel

extension CallJournalEntry {
    /// What a turn's text, a tool's arguments and a tool's result may have in UTF-8.
    private static let textBytesMax = Turn.textBytesMax
    private static let noteBytesMax = 500
    private static let factBytesMax = 4_096
    private static let nameBytesMax = 100

    /// The entry with every text cut to what a record holds: what an agent, a tool or a carrier sends has no bound of its own.
    func bounded() -> CallJournalEntry {
        switch self {
        case .turn(var turn):
            turn.text = Self.cut(turn.text, bytesMax: Self.textBytesMax)
            turn.heardText = Self.cut(turn.heardText, bytesMax: Self.textBytesMax)
            return .turn(turn)
        case .toolCalled(let name, let arguments, let result, let atMs):
            return .toolCalled(
                name: Self.cut(name, bytesMax: Self.nameBytesMax),
                arguments: Self.cut(arguments, bytesMax: Self.textBytesMax),
                result: Self.cut(result, bytesMax: Self.textBytesMax), atMs: atMs)
        case .fact(let fact, let atMs):
            return .fact(fact.mapTexts { Self.cut($0, bytesMax: Self.factBytesMax) }, atMs: atMs)
        case .note(let note, let atMs): return .note(Self.cut(note, bytesMax: Self.noteBytesMax), atMs: atMs)
        case .dtmf(let digit, let atMs):
            return .dtmf(digit: Self.cut(digit, bytesMax: Self.nameBytesMax), atMs: atMs)
        case .ended(var ending):
            ending.reason = Self.cut(ending.reason, bytesMax: Self.nameBytesMax)
            return .ended(ending)
        case .rang, .answered, .consult, .streamClosed: return self
        }
    }

    /// Cut to `bytesMax` of UTF-8, between two characters of Unicode; with a mark at the end of what was cut.
    private static func cut(_ text: String, bytesMax: Int) -> String {
        guard text.utf8.count > bytesMax else { return text }
        let mark = "…"
        var end = text.utf8.index(text.startIndex, offsetBy: max(0, bytesMax - mark.utf8.count))
        while end > text.startIndex, text.utf8[end] & 0xC0 == 0x80 { end = text.utf8.index(before: end) }
        return text[..<end] + mark
    }
}
