import Runtime
import Testing

@testable import LiveCalls

@Suite struct RingPaceTests {
    /// When each of `count` calls begins that ring at the same moment, ms after it.
    private static func beginnings(of count: Int) -> [Double] {
        var pace = RingPace()
        var now = MonotonicTime(nanoseconds: 5_000_000_000)
        var begun: [Double] = []
        while begun.count < count {
            if let due = pace.turn(at: now, waiting: count - begun.count - 1) {
                now = due
            } else {
                begun.append(Double(now.nanoseconds - 5_000_000_000) / 1e6)
            }
        }
        return begun
    }

    @Test func `a call that rings alone begins at once`() {
        var pace = RingPace()
        #expect(pace.turn(at: MonotonicTime(nanoseconds: 1), waiting: 0) == nil)
        #expect(pace.turn(at: MonotonicTime(nanoseconds: 3_000_001), waiting: 0) == nil)
    }

    @Test func `calls that ring together begin three milliseconds apart`() {
        #expect(Self.beginnings(of: 40) == (0..<40).map { Double($0) * 3 })
    }

    @Test func `a thousand at once have all begun in three seconds, and never two at one moment`() {
        let begun = Self.beginnings(of: 1_000)
        #expect(begun[999] < 3_000)
        #expect(zip(begun, begun.dropFirst()).allSatisfy { $1 - $0 >= 1 })
    }
}
