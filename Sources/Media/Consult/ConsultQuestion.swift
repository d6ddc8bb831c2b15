import CallModel
package import FoundationEssentials

/// A caller's question that deserves more than a quick answer. Nobody is asked it without a ``ConsentGrant``.
package struct ConsultQuestion: Hashable, Sendable, Codable {
    package enum Source: String, Hashable, Sendable, Codable {
        /// The speech agent called `consult_specialists`.
        case tool
        /// The detector found it in the caller's words.
        case detected
    }

    package static let textCharactersMax = 1_000

    package let id: UUID
    /// On one line, at most ``textCharactersMax`` characters; the rest is cut off.
    package let text: String
    /// When the caller asked it, in ms since the phone rang.
    package let askedAtMs: Int
    package let source: Source
    /// Why it was taken for a consult: the detector's reasons or the agent's.
    package let reasons: [String]
    /// Where the people of the call are: what the question is about unless it names a place. Not kept on record.
    package var whereabouts = Whereabouts.unknown

    private enum CodingKeys: String, CodingKey { case id, text, askedAtMs, source, reasons }

    package init(id: UUID = UUID(), text: String, askedAtMs: Int, source: Source, reasons: [String] = []) {
        self.id = id
        self.text = PromptText.line(text, charactersMax: ConsultQuestion.textCharactersMax)
        self.askedAtMs = askedAtMs
        self.source = source
        self.reasons = reasons
    }
}
