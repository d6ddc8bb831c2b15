import AudioCore
import CallSession
import Runtime
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
        audio.responseEnded()

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

    // MARK: Whole frames

    /// Lets an agent send `chunk` bytes every `everyMs`, and a caller's frame come every 20 ms, until all was sent.
    private func play(
        _ speech: [UInt8], chunk: Int, everyMs: Int, frames: Int = 1, tickMs: Int = 10
    ) -> (sent: [UInt8], underrunBytes: Int) {
        var audio = CallAudio()
        var sent: [UInt8] = []
        var message = [UInt8](repeating: 0, count: frames * 160)
        var given = 0
        audio.responseBegins()
        for ms in stride(from: 0, to: speech.count / 8 + 2_000, by: tickMs) {
            let now = start.adding(milliseconds: Int64(ms))
            while given < speech.count, given <= ms / everyMs * chunk {
                let end = min(given + chunk, speech.count)
                audio.agentSpoke(speech.span.extracting(given..<end))
                given = end
                if given == speech.count { audio.responseEnded() }
            }
            while true {
                var span = message.mutableSpan
                let bytes = audio.nextMessage(of: frames, into: &span, at: now)
                if bytes == 0 { break }
                sent += message[..<bytes]
                _ = audio.markDue()
            }
        }
        return (sent, audio.underrunBytes)
    }

    @Test(arguments: [
        (1_024, 60, 1), (1_000, 60, 3), (500, 40, 1), (8, 1, 1), (161, 20, 2), (4_001, 480, 3), (100, 6, 1),
        (640, 80, 1),
    ])
    func `speech in chunks of any length is played bit for bit while there is some in hand`(
        chunk: Int, everyMs: Int, frames: Int
    ) {
        let speech = (0..<20_123).map { UInt8(truncatingIfNeeded: $0 &* 31 % 100) }

        let played = play(speech, chunk: chunk, everyMs: everyMs, frames: frames)

        let firstFault = zip(played.sent, speech).enumerated().first { $1.0 != $1.1 }?.offset
        #expect(firstFault == nil, "chunks of \(chunk)")
        #expect(played.sent.count == (speech.count + 159) / 160 * 160)
        #expect(played.underrunBytes == played.sent.count - speech.count, "padded once, at the end")
    }

    @Test func `the tail of a response that is not said to be complete goes just before the ear runs dry`() {
        var audio = CallAudio()
        audio.responseBegins()
        audio.agentSpoke([UInt8](repeating: 1, count: 1_024).span)

        #expect(sizes(&audio, at: start, frames: 1) == [160, 160, 160, 160, 160, 160])
        #expect(audio.latestDue(at: start) == start.adding(milliseconds: 110))
        #expect(sizes(&audio, at: start.adding(milliseconds: 109), frames: 1).isEmpty)
        #expect(sizes(&audio, at: start.adding(milliseconds: 110), frames: 1) == [160])
        #expect(audio.underrunBytes == 96)
    }

    @Test func `a first chunk of less than a frame has one ptime to become one`() {
        var audio = CallAudio()
        audio.responseBegins()
        audio.agentSpoke([UInt8](repeating: 1, count: 100).span)

        #expect(sizes(&audio, at: start, frames: 1).isEmpty)
        #expect(audio.latestDue(at: start) == start.adding(milliseconds: 20))
        audio.agentSpoke([UInt8](repeating: 1, count: 60).span)
        #expect(sizes(&audio, at: start.adding(milliseconds: 10), frames: 1) == [160])
        audio.agentSpoke([UInt8](repeating: 1, count: 100).span)
        #expect(sizes(&audio, at: start.adding(milliseconds: 15), frames: 1).isEmpty)
        #expect(sizes(&audio, at: start.adding(milliseconds: 35), frames: 1) == [160])
    }

    @Test func `five minutes of speech said at once are kept, and no more`() {
        var audio = CallAudio()
        let second = [UInt8](repeating: 1, count: 8_000)
        for _ in 0..<300 { audio.agentSpoke(second.span) }
        #expect(audio.waitingBytes == 2_400_000 && audio.overrunBytes == 0)

        audio.agentSpoke(second.span)

        #expect(audio.waitingBytes == 2_400_000 && audio.overrunBytes == 8_000)
    }

    // MARK: As heard

    private let loud = [UInt8](repeating: 0x20, count: 160)
    private let still = [UInt8](repeating: 0xFF, count: 160)

    /// Hands over what is due every 10 ms and returns marks 50 ms after what they follow was played.
    private func onsets(_ audio: inout CallAudio, ms: Int, frames: Int = 1) -> [(atMs: Int, isFiller: Bool)] {
        var heard: [(atMs: Int, isFiller: Bool)] = []
        var marks: [(name: String, at: MonotonicTime)] = []
        var message = [UInt8](repeating: 0, count: frames * 160)
        for step in stride(from: 0, through: ms, by: 10) {
            let now = start.adding(milliseconds: Int64(step))
            while let mark = marks.first, mark.at <= now {
                marks.removeFirst()
                guard audio.markEchoed(mark.name) else { continue }
                while let onset = audio.takeOnset() { heard.append((step - onset.agoMs - 50, onset.isFiller)) }
            }
            while true {
                var span = message.mutableSpan
                guard audio.nextMessage(of: frames, into: &span, at: now) > 0 else { break }
                guard let name = audio.markDue(), let played = audio.playedOut(at: now) else { continue }
                let waiting = Int64(audio.waitingBytes / 8)
                marks.append((name, played.adding(milliseconds: 50 - waiting)))
            }
        }
        return heard
    }

    @Test(arguments: [1, 3])
    func `a response is heard with its first audible frame, not with the silence before it`(frames: Int) {
        var audio = CallAudio()
        audio.responseBegins()
        for _ in 0..<10 { audio.agentSpoke(still.span) }
        for _ in 0..<20 { audio.agentSpoke(loud.span) }
        audio.responseEnded()

        let heard = onsets(&audio, ms: 2_000, frames: frames)

        #expect(heard.count == 1)
        #expect(heard.first.map { abs($0.atMs - 200) <= 10 } == true, "\(heard)")
    }

    @Test func `responses that wait behind each other are heard each in its turn`() {
        var audio = CallAudio()
        for isFiller in [true, false] {
            audio.responseBegins(isFiller: isFiller)
            for _ in 0..<5 { audio.agentSpoke(still.span) }
            for _ in 0..<20 { audio.agentSpoke(loud.span) }
            audio.agentSpoke(loud.span.extracting(first: 33))
            audio.responseEnded()
        }

        let heard = onsets(&audio, ms: 3_000)

        #expect(heard.map(\.isFiller) == [true, false])
        #expect(heard.map { abs($0.atMs - ($0.isFiller ? 100 : 604)) <= 30 } == [true, true], "\(heard)")
    }

    @Test func `a response is begun when its own first byte goes, not while another is under way`() {
        var audio = CallAudio()
        audio.responseBegins()
        for _ in 0..<10 { audio.agentSpoke(loud.span) }
        audio.responseBegins()
        audio.agentSpoke(loud.span)
        audio.responseEnded()

        _ = sizes(&audio, at: start, frames: 1)
        #expect(audio.takeResponseStart() == 0)
        _ = sizes(&audio, at: start.adding(milliseconds: 50), frames: 1)
        #expect(audio.takeResponseStart() == nil)
        _ = sizes(&audio, at: start.adding(milliseconds: 100), frames: 1)
        #expect(audio.takeResponseStart() == 100)
    }

    @Test func `nothing is heard of what a clear discarded`() {
        var audio = CallAudio()
        audio.responseBegins()
        for _ in 0..<10 { audio.agentSpoke(loud.span) }
        var message = [UInt8](repeating: 0, count: 160)
        var span = message.mutableSpan
        _ = audio.nextMessage(of: 1, into: &span, at: start)
        let mark = audio.markDue()

        _ = audio.discardUnheard(at: start)

        #expect(mark.map { audio.markEchoed($0) } == false)
        #expect(audio.takeOnset() == nil && audio.playedOut(at: start) == nil)
        _ = message.popLast()
    }

    @Test func `silence is counted from the last sound of either side to the next as the caller hears them`() {
        var audio = CallAudio()
        #expect(audio.longestSilenceMs(at: start) == 0, "before the first sound nobody waits")
        audio.agentSpoke(loud.span)
        for _ in 0..<50 { audio.agentSpoke(still.span) }
        audio.agentSpoke(loud.span)
        audio.responseEnded()
        _ = onsets(&audio, ms: 1_200)
        #expect(audio.longestSilenceMs(at: start.adding(milliseconds: 1_040)) == 1_000)

        #expect(audio.longestSilenceMs(at: start.adding(milliseconds: 3_040)) == 2_000)
        let media = CallerAudio(sequenceNumber: 1, chunk: 1, timestampMs: 0, payloadBytes: 160)
        _ = audio.callerFrame(loud.span, media, at: start.adding(milliseconds: 4_060))
        #expect(audio.longestSilenceMs(at: start.adding(milliseconds: 4_070)) == 3_000)
        _ = audio.callerFrame(still.span, media, at: start.adding(milliseconds: 5_000))
        #expect(audio.longestSilenceMs(at: start.adding(milliseconds: 9_060)) == 5_000)
    }
}
