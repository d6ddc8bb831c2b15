/// What was found for a question: for each of its parts the passages that answer it, best first.
package struct KnowledgeFinding: Equatable, Sendable {
    /// A passage and how well it answers.
    struct Match: Equatable, Sendable {
        /// Places in the roster and in the specialist.
        var specialist: Int
        var section: Int
        /// 0 … about 1.2.
        var score: Double
        /// The terms it shares with the question, the rarest first.
        var terms: [String]
    }

    struct Part: Equatable, Sendable {
        var text: String
        /// What it is about: named in the question, or where the people of the call are.
        var places: [Place]
        var isNamed: Bool
        /// Empty when nothing comes near enough.
        var matches: [Match]
        /// It depends on the place, and none is known.
        var needsPlace: Bool
    }

    var parts: [Part]

    package var isEmpty: Bool { parts.allSatisfy(\.matches.isEmpty) }
    /// How well the first part is answered, 0 when it is not.
    package var score: Double { parts.compactMap { $0.matches.first?.score }.max() ?? 0 }
    /// It cannot be answered before it is known for customers in which country.
    package var needsPlace: Bool { parts.contains(where: \.needsPlace) }
}
