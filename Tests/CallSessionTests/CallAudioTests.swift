import AudioCore
import CallModel
import CallSession
import Testing
import TwilioProtocol

@Suite struct CallAudioTests {
    let start = MonotonicTime(milliseconds: 5_000)

    func sizes(_ audio: inout CallAudio, at now: MonotonicTime, frames: Int) -> [Int] {
        var message = [UInt8](repeating: 0, count: frames * 160)
        var sizes: [Int] = []
        while true {
            var span = message.mutableSpan
            let bytes = audio.nextMessage(of: frames, into: &span, at: now)
            if bytes == 0 { return sizes }
            sizes.append(bytes)
            _ = audio.markDue()
        }
    }

    @Test func `the first message of a response is one frame for its mark, the others are as large as may be`() {
        var audio = CallAudio()
        audio.responseBegins()
        audio.agentSpoke([UInt8](repeating: 1, count: 3_200).span)

        #expect(sizes(&audio, at: start, frames: 2) == [160, 320, 320, 320])
        #expect(sizes(&audio, at: start.adding(milliseconds: 30), frames: 2).isEmpty)
        #expect(sizes(&audio, at: start.adding(milliseconds: 40), frames: 2) == [320])
        #expect(sizes(&audio, at: start.adding(milliseconds: 80), frames: 1) == [160])
    }

    @Test func `the tail of a response is padded to a whole frame, not to a whole message`() {
        var audio = CallAudio()
        audio.agentSpoke([UInt8](repeating: 1, count: 500).span)

        #expect(sizes(&audio, at: start, frames: 3) == [160, 480])
        #expect(audio.framesOut == 4)
        #expect(audio.underrunBytes == 140)
        #expect(audio.sentBytes == 500)
        #expect(audio.latestDue(at: start) == nil)
    }

    @Test func `who waits for the caller's frames is woken when half a lead is left`() {
        var audio = CallAudio()
        audio.agentSpoke([UInt8](repeating: 1, count: 3_200).span)
        _ = sizes(&audio, at: start, frames: 1)

        #expect(audio.latestDue(at: start) == start.adding(milliseconds: 70))
    }
}
