import CallModel

/// One turn: its words against its audio, so that the transcript of an interrupted turn ends where the caller stopped
/// hearing.
///
/// Words carry no times, so the share of the audio heard is taken for the share of the text said. The words are kept in
/// pieces of bounded size, cut between words: a turn that never ends becomes several, and none of it is lost.
package struct HeardText: Equatable, Sendable {
    /// A piece of a turn is no longer than this, in UTF-8.
    package static let pieceBytesMax = Turn.textBytesMax
    /// Hours of speech; what would come after is counted in ``leftOutBytes``.
    package static let piecesMax = 16

    /// Everything said, in order, its words joined with single spaces.
    package private(set) var pieces: [String] = []
    /// Audio of this turn received.
    package private(set) var audioBytes = 0
    /// Words for which there was no room, in UTF-8.
    package private(set) var leftOutBytes = 0

    package init() {}

    package var isEmpty: Bool { pieces.isEmpty }
    package var text: String { pieces.joined(separator: " ") }
    /// Of ``text``, in UTF-8.
    package var textBytes: Int { pieces.reduce(max(0, pieces.count - 1)) { $0 + $1.utf8.count } }

    /// Another chunk of the turn's text, in the order spoken.
    package mutating func append(text chunk: String) {
        for word in chunk.utf8.split(whereSeparator: { $0 == 0x20 || (0x09...0x0D).contains($0) }) {
            add(Substring(word))
        }
    }

    private mutating func add(_ word: Substring) {
        var rest = word
        while !rest.isEmpty {
            let length = rest.utf8.count
            if let last = pieces.indices.last, pieces[last].utf8.count + 1 + length <= HeardText.pieceBytesMax {
                pieces[last] += " "
                pieces[last] += rest
                return
            }
            guard pieces.count < HeardText.piecesMax else {
                leftOutBytes += length
                return
            }
            let part = rest.prefix(utf8Bytes: HeardText.pieceBytesMax)
            pieces.append(String(part))
            rest = rest[part.endIndex...]
        }
    }

    /// More of the turn's audio.
    package mutating func audio(bytes: Int) { audioBytes += max(0, bytes) }

    /// What the caller heard of the text once `bytes` of the turn's audio were played: whole words only, nothing when
    /// nothing was played, everything when all was.
    package func heard(bytes: Int) -> String {
        heardPieces(bytes: bytes).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The same for each piece.
    package func heardPieces(bytes: Int) -> [String] {
        guard bytes > 0, audioBytes > 0 else { return pieces.map { _ in "" } }
        guard bytes < audioBytes else { return pieces }
        var left = Int(Double(bytes) / Double(audioBytes) * Double(textBytes))
        return pieces.map { piece in
            defer { left -= piece.utf8.count + 1 }
            return HeardText.words(of: piece, within: left)
        }
    }

    /// The words of `piece` that end within its first `bytes` bytes.
    private static func words(of piece: String, within bytes: Int) -> String {
        let letters = piece.utf8
        guard bytes < letters.count else { return piece }
        guard bytes > 0 else { return "" }
        let cut = letters.index(letters.startIndex, offsetBy: bytes)
        if letters[cut] == UInt8(ascii: " ") { return String(piece[..<cut]) }
        guard let space = letters[..<cut].lastIndex(of: UInt8(ascii: " ")) else { return "" }
        return String(piece[..<space])
    }
}

extension String {
    /// The longest beginning that is no more than `max` bytes of UTF-8 and cuts no scalar apart.
    package func prefix(utf8Bytes max: Int) -> Substring { self[...].prefix(utf8Bytes: max) }
}

extension Substring {
    /// The longest beginning that is no more than `max` bytes of UTF-8 and cuts no scalar apart.
    package func prefix(utf8Bytes max: Int) -> Substring {
        guard utf8.count > max else { return self }
        var end = utf8.index(startIndex, offsetBy: Swift.max(0, max))
        while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return self[..<end]
    }
}
