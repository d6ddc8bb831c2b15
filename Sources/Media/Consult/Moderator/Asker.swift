import SpokenLanguage

/// Puts a question to specialists, wherever they answer from.
package protocol Asker: Sendable {
    /// One specialist's reply. Checks `grant` right before anything leaves, ends soon after its task is cancelled, and
    /// takes at most `timeout`; whoever asks does not wait longer.
    func ask(
        _ specialist: Specialist, _ question: ConsultQuestion, under grant: ConsentGrant, timeout: Duration
    ) async throws -> SpecialistReply

    /// The replies as one answer, or nil when this asker leaves that to the rules.
    func merge(
        _ replies: [AttributedReply], of question: ConsultQuestion, under grant: ConsentGrant, timeout: Duration
    ) async throws -> MergedAnswer?
}

extension Asker {
    package func merge(
        _ replies: [AttributedReply], of question: ConsultQuestion, under grant: ConsentGrant, timeout: Duration
    ) async throws -> MergedAnswer? { nil }
}

/// What a specialist says to a question.
package struct SpecialistReply: Equatable, Sendable {
    package static let charactersMax = 6_000

    /// Plain text; empty when nothing was found. At most ``charactersMax`` characters, the rest is cut off.
    package var text: String
    /// Laws, standards, organisations it rests on; may be empty.
    package var sources: [String]
    /// What the text is about, where that is known apart from it: the titles of the passages quoted.
    package var topic: String
    /// The specialist itself says that the question is not of its field.
    package var isOffTopic: Bool
    /// It was made for this question, not found among what is written: it need not share words with it.
    package var isComposed: Bool
    /// Passages that were found to answer the question, in the order in which they are to be said.
    package var isQuoted: Bool

    package init(
        text: String, sources: [String] = [], topic: String = "", isOffTopic: Bool = false, isComposed: Bool = false,
        isQuoted: Bool = false
    ) {
        self.text = text.cut(charactersMax: SpecialistReply.charactersMax)
        self.sources = Array(sources.prefix(12))
        self.topic = topic.cut(charactersMax: 500)
        self.isOffTopic = isOffTopic
        self.isComposed = isComposed
        self.isQuoted = isQuoted
    }
}

/// A reply and whose it is.
package struct AttributedReply: Equatable, Sendable {
    package var specialist: SpecialistID
    package var title: String
    package var reply: SpecialistReply

    package init(specialist: SpecialistID, title: String, reply: SpecialistReply) {
        self.specialist = specialist
        self.title = title
        self.reply = reply
    }
}
