/// Calls under way, measured in turns without and with something beside them: a machine's mood lasts longer than a turn.
///
/// What is compared are seconds: one in which the host stops everybody, and with it the generator, says nothing of the
/// others.
package struct Turns: Codable, Sendable {
    package struct Round: Codable, Sendable {
        package var without: LevelResult
        package var with: LevelResult
    }

    /// With fewer seconds on time on either side, nothing is said.
    static let secondsMin = 8

    package var rounds: [Round] = []

    /// All seconds of one side.
    package func seconds(_ side: (Round) -> LevelResult) -> [LevelResult.Second] { rounds.flatMap { side($0).seconds } }

    /// Those in which the generator was not late.
    package func onTime(_ side: (Round) -> LevelResult) -> [LevelResult.Second] {
        seconds(side).filter { $0.own <= LevelResult.ownLatenessMsMax }
    }

    /// The middle of a figure over the seconds on time, the lower one of two; 0 when there is none.
    package func median(_ side: (Round) -> LevelResult, _ figure: (LevelResult.Second) -> Double) -> Double {
        let figures = onTime(side).map(figure).sorted()
        return figures.isEmpty ? 0 : figures[(figures.count - 1) / 2]
    }

    /// Whether the generator was on time for long enough on both sides.
    package var isBelievable: Bool {
        min(onTime(\.without).count, onTime(\.with).count) >= Self.secondsMin
    }
}
