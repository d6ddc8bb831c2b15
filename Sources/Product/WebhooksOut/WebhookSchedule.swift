/// When an endpoint that did not take a message is asked again: within a day, ever less often.
enum WebhookSchedule {
    /// Between one attempt and the next; after the last of them nobody asks any more. Together a little under 24 hours.
    static let pauses: [Duration] = [
        .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1_800), .seconds(3_600), .seconds(7_200),
        .seconds(14_400), .seconds(21_600), .seconds(36_000),
    ]

    /// Nil when it is not asked again.
    ///
    /// - Parameters:
    ///   - attempts: that have failed, at least 1.
    ///   - wanted: seconds that the server asks to be left alone; it is not asked before.
    ///   - chance: 0 to 1, so that what failed together does not come back together.
    static func pause(after attempts: Int, wanted: Int?, chance: Double) -> Duration? {
        guard attempts >= 1, attempts <= pauses.count else { return nil }
        let usual = pauses[attempts - 1] * (0.9 + 0.2 * min(max(chance, 0), 1))
        return max(usual, .seconds(min(max(wanted ?? 0, 0), 86_400)))
    }
}
