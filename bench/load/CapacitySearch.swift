/// Looks for the most calls one target carries, and the generator can tell: up by steps until a level fails or is void
/// twice, then half the distance, a few times.
struct CapacitySearch {
    private static let secondsMax = 240
    private static let halvings = 3

    let runner: LevelRunner
    /// Expected; steps are a quarter of it.
    let calls: Int
    let holdSeconds: Int

    /// Every level measured, and the most calls that held.
    func run() async -> (levels: [LevelResult], capacity: Int) {
        let began = ContinuousClock.now
        var levels: [LevelResult] = []
        var (good, bad) = (0, Int.max)
        var next = max(10, calls / 2)
        var halvings = 0
        while halvings <= Self.halvings, ContinuousClock.now - began < .seconds(Self.secondsMax) {
            let level = await runner.level(next, holdSeconds: holdSeconds, orLate: true)
            levels.append(level)
            // A void level says nothing of the target, and higher ones would not either: what is found is a lower bound.
            let trouble = level.isBelievable ? level.overload : "the generator itself was late"
            if let trouble {
                runner.say("\(next) calls are too many: \(trouble)")
                bad = next
                // What was late and lost is not carried into the next level.
                await runner.hangUpAll()
            } else {
                good = next
            }
            if bad == .max {
                next = good + max(10, calls / 4)
            } else {
                halvings += 1
                next = (good + bad) / 2
                if next - good < max(10, calls / 50) { break }
            }
        }
        await runner.hangUpAll()
        return (levels, good)
    }
}
