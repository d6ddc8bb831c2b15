import CallModel

/// Speech cut into pieces of which each fits into a turn.
enum TurnPieces {
    /// The whole of `text` in pieces of at most ``Turn/textBytesMax``, cut between words where there are any; one piece, as it
    /// is, where it fits.
    static func of(_ text: String) -> [String] {
        guard text.utf8.count > Turn.textBytesMax else { return [text] }
        var pieces: [String] = []
        var rest = Substring(text)
        while rest.utf8.count > Turn.textBytesMax {
            var end = rest.utf8.index(rest.startIndex, offsetBy: Turn.textBytesMax)
            while end > rest.startIndex, rest.utf8[end] & 0xC0 == 0x80 { end = rest.utf8.index(before: end) }
            let blank = rest[..<end].lastIndex(of: " ")
            pieces.append(String(rest[..<(blank ?? end)]))
            rest = blank.map { rest[rest.index(after: $0)...] } ?? rest[end...]
        }
        if !rest.isEmpty { pieces.append(String(rest)) }
        return pieces
    }
}
