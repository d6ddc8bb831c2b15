package import SpokenLanguage

/// What one specialist did with a question.
package struct SpecialistAnswer: Hashable, Sendable, Codable {
    package enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case answered, late, failed, empty, offTopic
    }

    package var specialist: SpecialistID
    /// Why the moderator asked this one.
    package var reasons: [String]
    /// Empty unless something came back.
    package var text: String
    /// From asking to the answer, or to giving up.
    package var tookMs: Int
    package var outcome: Outcome

    package init(specialist: SpecialistID, reasons: [String], text: String, tookMs: Int, outcome: Outcome) {
        self.specialist = specialist
        self.reasons = reasons
        self.text = text
        self.tookMs = tookMs
        self.outcome = outcome
    }
}

/// What came back from the moderator: the merged text and what it was merged from.
package struct ConsultAnswer: Hashable, Sendable, Codable {
    /// What the specialists agree on, where they differ and what is uncertain; may carry markup and sources.
    package var text: String
    package var answers: [SpecialistAnswer]
    /// Made fit for the ear, where that was done ahead: it takes milliseconds, which a media loop has not.
    package private(set) var spoken: SpokenAnswer?

    package init(text: String, answers: [SpecialistAnswer]) {
        self.text = text
        self.answers = answers
    }

    /// The same, made fit for the ear in `language`.
    package func prepared(language: String) -> ConsultAnswer {
        var answer = self
        answer.spoken = SpokenAnswer(text, language: language)
        return answer
    }
}
