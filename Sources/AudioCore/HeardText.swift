/// One agent turn: its words against its audio, so that the transcript of an interrupted turn ends where the caller
/// stopped hearing.
///
/// Words carry no times, so the share of the audio heard is taken for the share of the text said.
package struct HeardText: Equatable, Sendable {
    /// Everything the agent meant to say, its chunks joined with single spaces.
    package private(set) var text = ""
    /// Audio of this turn received from the agent.
    package private(set) var audioBytes = 0

    package init() {}

    /// Another chunk of the turn's text, in the order spoken.
    package mutating func append(text chunk: String) {
        let words = chunk.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { return }
        text += text.isEmpty ? words : " " + words
    }

    /// More of the turn's audio.
    package mutating func audio(bytes: Int) { audioBytes += max(0, bytes) }

    /// What the caller heard of the text once `bytes` of the turn's audio were played: whole words only, nothing when
    /// nothing was played, everything when all was.
    package func heard(bytes: Int) -> String {
        guard bytes > 0, audioBytes > 0 else { return "" }
        guard bytes < audioBytes else { return text }
        let share = Double(bytes) / Double(audioBytes)
        let characters = Int(share * Double(text.count))
        let cut = text.index(text.startIndex, offsetBy: characters)
        if cut == text.endIndex || text[cut] == " " { return String(text[..<cut]) }
        guard let space = text[..<cut].lastIndex(of: " ") else { return "" }
        return String(text[..<space])
    }
}
