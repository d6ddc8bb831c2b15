/// Calls under way, measured in turns without and with something beside them: a machine's mood lasts longer than a turn.
package struct Turns: Codable, Sendable {
    package struct Round: Codable, Sendable {
        package var without: LevelResult
        package var with: LevelResult
    }

    package var rounds: [Round] = []

    /// Rounds in which the generator was never late; all of them when there is none.
    package var counted: [Round] {
        let believable = rounds.filter { $0.without.isBelievable && $0.with.isBelievable }
        return believable.isEmpty ? rounds : believable
    }

    /// The levels of the counted rounds.
    package var levels: [LevelResult] { counted.flatMap { [$0.without, $0.with] } }

    /// The middle of the counted rounds' figures, the lower one of two.
    package func median(_ figure: (Round) -> Double) -> Double {
        let figures = counted.map(figure).sorted()
        return figures.isEmpty ? 0 : figures[(figures.count - 1) / 2]
    }
}
