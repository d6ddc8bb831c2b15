import Testing

@testable import SimulatedCarrier

@Suite struct EarTimingsTests {
    private func line(_ parts: (ms: Int, audible: Bool)...) -> [UInt8] {
        parts.flatMap { [UInt8](repeating: $0.audible ? 0x10 : 0xFF, count: $0.ms * 8) }
    }

    @Test func `first word, answer time and longest silence come from the two lines`() {
        let agent = line((200, false), (1_000, true), (2_500, false), (500, true))
        let caller = line((1_900, false), (600, true), (100, false), (1_600, false))

        let timings = EarTimings(
            agent: agent, caller: caller, utterances: [.init(path: "a", start: 1_900 * 8, end: 2_600 * 8)],
            firstByteAtSample: 1_440)

        #expect(timings.firstByteMs == 180)
        #expect(timings.firstAudibleMs == 200)
        #expect(timings.longestSilenceMs == 1_200)
        #expect(timings.longestSilenceAtMs == 2_500)
        #expect(timings.answers == [.init(said: "a", endedMs: 2_500, answeredAfterMs: 1_200)])
    }

    @Test func `the rest of an interrupted sentence is not the answer to the interruption`() {
        let agent = line((1_400, true), (900, false), (500, true))
        let caller = line((600, false), (600, true), (1_600, false))

        let timings = EarTimings(
            agent: agent, caller: caller, utterances: [.init(path: "a", start: 600 * 8, end: 1_200 * 8)],
            firstByteAtSample: 0)

        #expect(timings.answers.first?.answeredAfterMs == 1_100)
    }

    @Test func `a call in which nobody spoke has no first word and no answers`() {
        let timings = EarTimings(
            agent: line((400, false)), caller: line((400, false)), utterances: [], firstByteAtSample: nil)

        #expect(timings.firstAudibleMs == nil)
        #expect(timings.longestSilenceMs == 0)
        #expect(timings.answers.isEmpty)
    }

    @Test func `an unanswered last word has no answer time`() {
        let timings = EarTimings(
            agent: line((200, true), (800, false)), caller: line((400, false), (200, true), (400, false)),
            utterances: [.init(path: "bye", start: 3_200, end: 4_800)], firstByteAtSample: 0)

        #expect(timings.answers == [.init(said: "bye", endedMs: 600, answeredAfterMs: nil)])
        #expect(timings.longestSilenceMs == 400)
    }
}
