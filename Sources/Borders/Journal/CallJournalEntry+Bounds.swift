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
            turn.text = StoredText.cut(turn.text, bytesMax: Self.textBytesMax)
            turn.heardText = StoredText.cut(turn.heardText, bytesMax: Self.textBytesMax)
            return .turn(turn)
        case .toolCalled(let name, let arguments, let result, let atMs):
            return .toolCalled(
                name: StoredText.cut(name, bytesMax: Self.nameBytesMax),
                arguments: StoredText.cut(arguments, bytesMax: Self.textBytesMax),
                result: StoredText.cut(result, bytesMax: Self.textBytesMax), atMs: atMs)
        case .fact(let fact, let atMs):
            return .fact(fact.mapTexts { StoredText.cut($0, bytesMax: Self.factBytesMax) }, atMs: atMs)
        case .note(let note, let atMs): return .note(StoredText.cut(note, bytesMax: Self.noteBytesMax), atMs: atMs)
        case .dtmf(let digit, let atMs):
            return .dtmf(digit: StoredText.cut(digit, bytesMax: Self.nameBytesMax), atMs: atMs)
        case .ended(var ending):
            ending.reason = StoredText.cut(ending.reason, bytesMax: Self.nameBytesMax)
            return .ended(ending)
        case .rang, .answered, .consult, .streamClosed: return self
        }
    }
}
