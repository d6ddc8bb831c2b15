import Runtime
import Testing

@testable import SpeechAgent

/// Any order of the server's alphabet, from seeds that are printed on failure.
@Suite struct InterleavingTests {
    struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    @Test(arguments: 0..<200)
    func `no late audio, no tool answered twice or after its cancellation, and no gap upstream`(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        var driver = SessionDriver.ready()
        var closedSince: MonotonicTime?
        var lastFrame = driver.now
        var cancelled: Set<String> = []
        var quietMs: Int64 = 0

        for _ in 0..<300 {
            let id = "f\(Int.random(in: 0..<24, using: &random))"
            let call = DeepgramServerMessage.FunctionCall(id: id, name: "end_call", arguments: "{}", clientSide: true)
            switch Int.random(in: 0..<13, using: &random) {
            case 0:
                driver.receive(.userStartedSpeaking)
                closedSince = driver.now
                lastFrame = driver.now
            case 1:
                driver.receive(.conversationText(.user, "yes"))
                closedSince = nil
            case 2: driver.receive(.conversationText(.assistant, "well"))
            case 3:
                driver.receive(.functionCallRequest([call]))
                closedSince = nil
            case 4:
                let answered = driver.responses(to: id) > 0
                driver.receive(.functionCallCancelled([call]))
                if !answered { cancelled.insert(id) }
            case 5, 6: driver.perform(.toolResult(id: id, name: "end_call", content: "ok"))
            case 7:
                driver.receive(.endOfTurn(trigger: "model"))
                closedSince = nil
            case 8: driver.receive(.agentAudioDone)
            case 9:
                driver.receive("?")
                if !driver.session.isReady { return }
            case 10:
                let ms = Int64.random(in: 0..<3_000, using: &random)
                let before = driver.silence
                driver.wait(ms, quiet: true)
                quietMs += ms
                #expect(Int64(driver.silence - before) >= (ms - 120) * 8, "seed \(seed): \(ms) ms without uplink")
            default:
                driver.audio(after: Int64.random(in: 0..<400, using: &random))
                let quiet = driver.now.milliseconds(since: lastFrame) >= 1_000
                #expect(
                    driver.played.last == (closedSince == nil || quiet), "seed \(seed) at \(driver.now.nanoseconds)")
                if quiet { closedSince = nil }
                lastFrame = driver.now
            }
        }

        for id in Set((0..<24).map { "f\($0)" }) {
            #expect(driver.responses(to: id) <= (cancelled.contains(id) ? 0 : 1), "seed \(seed): \(id)")
        }
    }
}
