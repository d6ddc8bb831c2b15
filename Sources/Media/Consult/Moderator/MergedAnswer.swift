/// Several replies brought together: the answer, what is agreed, where they differ, what is uncertain, and whose it is.
package struct MergedAnswer: Equatable, Sendable {
    package enum Merger: String, Equatable, Sendable { case rules, model }

    /// A sentence and who says it.
    package struct Statement: Equatable, Sendable {
        package var text: String
        package var specialists: [SpecialistID]
        package init(text: String, specialists: [SpecialistID]) {
            self.text = text
            self.specialists = specialists
        }
    }

    /// Sentences of different specialists on one matter that do not go together.
    package struct Difference: Equatable, Sendable {
        package var positions: [Statement]
        package init(positions: [Statement]) { self.positions = positions }
    }

    /// The best passages, in the order in which they are to be said.
    package var answer: [Statement]
    package var agreed: [Statement]
    package var differing: [Difference]
    package var uncertain: [Statement]
    /// What the answer rests on, without repetitions.
    package var sources: [String]
    package var merger: Merger

    package init(
        answer: [Statement], agreed: [Statement] = [], differing: [Difference] = [], uncertain: [Statement] = [],
        sources: [String] = [], merger: Merger
    ) {
        self.answer = answer
        self.agreed = agreed
        self.differing = differing
        self.uncertain = uncertain
        self.sources = sources
        self.merger = merger
    }

    /// As it is recorded and handed to whoever makes it fit for the ear: the answer first, each part attributed.
    ///
    /// - Parameter titles: the names of the specialists, as they are said.
    package func text(titles: [SpecialistID: String]) -> String {
        func names(_ ids: [SpecialistID]) -> String {
            let names = ids.map { titles[$0] ?? $0.text }
            guard let last = names.last, names.count > 1 else { return names.first ?? "" }
            return names.dropLast().joined(separator: ", ") + " and " + last
        }
        func said(_ statement: Statement) -> String {
            statement.specialists.isEmpty ? statement.text : "\(names(statement.specialists)): \(statement.text)"
        }
        var parts = answer.map(said)
        if !agreed.isEmpty {
            parts.append("Agreed by \(names(agreed[0].specialists)): " + agreed.map(\.text).joined(separator: " "))
        }
        for difference in differing {
            parts.append("They differ. " + difference.positions.map(said).joined(separator: " But "))
        }
        if !uncertain.isEmpty { parts.append("Uncertain: " + uncertain.map(said).joined(separator: " ")) }
        if !sources.isEmpty { parts.append("Sources: " + sources.joined(separator: "; ") + ".") }
        return parts.joined(separator: "\n")
    }
}
