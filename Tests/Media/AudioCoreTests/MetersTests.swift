import AudioCore
import Runtime
import Testing

/// One frame of a square wave of this amplitude, μ-law.
func square(_ amplitude: Int16, bytes: Int = 160) -> [UInt8] {
    (0..<bytes).map { MuLaw.encode($0 / 8 % 2 == 0 ? amplitude : -amplitude) }
}

@Suite struct LevelMeterTests {
    @Test func `silence reads the floor and full scale almost zero`() {
        var meter = LevelMeter()

        let silent = meter.measure([UInt8](repeating: 0xFF, count: 160).span)
        let loud = meter.measure([UInt8](repeating: 0x80, count: 160).span)

        #expect(silent.rmsDBFS == -96 && silent.peakDBFS == -96)
        #expect(abs(loud.rmsDBFS - -0.17) < 0.01 && abs(loud.peakDBFS - -0.17) < 0.01)
        #expect(meter.clippedSamples == 160)
        #expect(meter.frames == 2)
    }

    @Test func `a frame is heard from forty-five decibels under full scale on`() {
        #expect(!FrameEnergy([UInt8](repeating: MuLaw.silence, count: 160).span).isAudible)
        #expect(!FrameEnergy(square(170).span).isAudible)
        #expect(FrameEnergy(square(200).span).isAudible)
        #expect(!FrameEnergy([UInt8]().span).isAudible && !FrameEnergy.isAudible([UInt8]().span))
    }

    @Test func `whether a frame is heard is the same by its loudest code and by its level`() {
        var frames = (0...127).map { [UInt8](repeating: UInt8($0), count: 160) }
        for peak in 0...127 {
            for count in [1, 2, 5, 20, 80] {
                var frame = [UInt8](repeating: MuLaw.silence, count: 160)
                for index in 0..<count { frame[index * 160 / count] = UInt8(peak) }
                frames.append(frame)
                frames.append(Array(frame.prefix(33)))
            }
        }

        let apart = frames.filter { FrameEnergy.isAudible($0.span) != FrameEnergy($0.span).isAudible }

        #expect(apart.isEmpty)
        #expect(Set(frames.map { FrameEnergy.isAudible($0.span) }).count == 2)
    }

    @Test func `half the amplitude reads six decibels less`() {
        var meter = LevelMeter()

        let reading = meter.measure(square(16_000).span)
        let half = meter.measure(square(8_000).span)

        #expect(abs(reading.rmsDBFS - half.rmsDBFS - 6.02) < 0.2)
    }

    @Test func `the silence run grows with silence and ends with sound`() {
        var meter = LevelMeter()
        for _ in 0..<3 { meter.measure([UInt8](repeating: 0x7F, count: 160).span) }
        #expect(meter.silenceRunBytes == 480)

        meter.measure(square(4_000).span)

        #expect(meter.silenceRunBytes == 0)
        #expect(meter.longestSilenceBytes == 480)
    }

    @Test func `an empty frame changes nothing`() {
        var meter = LevelMeter()
        meter.measure([UInt8]().span)
        #expect(meter.frames == 0)
    }
}

@Suite struct EnergyVADTests {
    /// Feeds n frames and returns the events with the frame they came with.
    func feed(_ vad: inout EnergyVAD, _ frame: [UInt8], times: Int) -> [(Int, EnergyVAD.Event)] {
        var events: [(Int, EnergyVAD.Event)] = []
        for index in 0..<times {
            if let event = vad.process(frame.span) { events.append((index, event)) }
        }
        return events
    }

    let silence = [UInt8](repeating: 0xFF, count: 160)

    @Test func `speech starts with its fourth voiced frame and is dated to the first`() {
        var vad = EnergyVAD()
        #expect(feed(&vad, silence, times: 50).isEmpty)

        let events = feed(&vad, square(4_000), times: 10)

        #expect(events.count == 1 && events.first?.0 == 3 && events.first?.1 == .speechStarted)
        #expect(vad.utteranceStartByte == 50 * 160)
        #expect(vad.isSpeaking)
    }

    @Test func `speech ends one hangover after its last voiced frame`() {
        var vad = EnergyVAD()
        _ = feed(&vad, silence, times: 20)
        _ = feed(&vad, square(4_000), times: 30)

        let events = feed(&vad, silence, times: 60)

        #expect(events.count == 1 && events.first?.0 == 27 && events.first?.1 == .speechEnded)
        #expect(vad.utteranceEndByte == 50 * 160)
    }

    @Test func `a click of three frames is not speech`() {
        var vad = EnergyVAD()
        _ = feed(&vad, silence, times: 20)

        #expect(feed(&vad, square(8_000), times: 3).isEmpty)
        #expect(feed(&vad, silence, times: 20).isEmpty)
    }

    @Test func `a pause shorter than the hangover does not end an utterance`() {
        var vad = EnergyVAD()
        _ = feed(&vad, silence, times: 20)
        _ = feed(&vad, square(4_000), times: 30)

        #expect(feed(&vad, silence, times: 26).isEmpty)
        #expect(feed(&vad, square(4_000), times: 10).isEmpty)
        #expect(vad.isSpeaking)
    }

    @Test func `an utterance without a pause is cut at twelve seconds, and what went on is noise`() {
        var vad = EnergyVAD()
        _ = feed(&vad, silence, times: 20)

        let events = feed(&vad, square(4_000), times: 3_000)

        #expect(events.map(\.1) == [.speechStarted, .speechEnded])
        #expect(events.last?.0 == 599)
    }

    @Test func `the floor follows the noise of the line, and speech is found over it`() {
        var vad = EnergyVAD()
        _ = feed(&vad, square(150), times: 200)

        #expect(!vad.isSpeaking)
        #expect(abs(vad.floorDBFS - -46.8) < 1)
        #expect(feed(&vad, square(250), times: 20).isEmpty)
        #expect(feed(&vad, square(1_000), times: 20).map(\.1) == [.speechStarted])
    }

    @Test func `frames of other lengths are measured in time all the same`() {
        var vad = EnergyVAD()
        let quiet = [UInt8](repeating: 0xFF, count: 240)
        _ = feed(&vad, quiet, times: 20)
        _ = feed(&vad, square(4_000, bytes: 240), times: 20)

        let events = feed(&vad, quiet, times: 40)

        #expect(events.first?.0 == 18)
    }
}

@Suite struct SequenceMeterTests {
    let start = MonotonicTime(milliseconds: 100)

    @Test func `a stream without loss counts nothing`() {
        var meter = SequenceMeter()
        for index in 0..<1_000 {
            let seen = meter.media(
                sequenceNumber: index + 2, chunk: index + 1, timestampMs: index * 20, bytes: 160,
                at: start.adding(milliseconds: Int64(index) * 20))
            #expect(seen.missingBytes == 0 && !seen.isDuplicate && !seen.isLate)
        }
        #expect(meter.frames == 1_000)
        #expect(meter.lostFrames + meter.lostMessages + meter.lostBytes + meter.lateFrames == 0)
    }

    @Test func `lost frames are counted by chunk, sequence and stream time`() {
        var meter = SequenceMeter()
        _ = meter.media(sequenceNumber: 2, chunk: 1, timestampMs: 0, bytes: 160, at: start)

        let seen = meter.media(
            sequenceNumber: 5, chunk: 4, timestampMs: 60, bytes: 160, at: start.adding(milliseconds: 60))

        #expect(seen.missingBytes == 320)
        #expect(meter.lostFrames == 2 && meter.lostMessages == 2 && meter.lostBytes == 320)
    }

    @Test func `a mark or a key between two frames is not a loss`() {
        var meter = SequenceMeter()
        _ = meter.media(sequenceNumber: 2, chunk: 1, timestampMs: 0, bytes: 160, at: start)
        meter.otherMessage()
        _ = meter.media(sequenceNumber: 4, chunk: 2, timestampMs: 20, bytes: 160, at: start)

        #expect(meter.lostMessages == 0 && meter.lostFrames == 0)
    }

    @Test func `a repeated frame is a duplicate and nothing else`() {
        var meter = SequenceMeter()
        _ = meter.media(sequenceNumber: 2, chunk: 1, timestampMs: 0, bytes: 160, at: start)

        #expect(meter.media(sequenceNumber: 2, chunk: 1, timestampMs: 0, bytes: 160, at: start).isDuplicate)

        #expect(meter.duplicateFrames == 1 && meter.frames == 1)
    }

    @Test func `a stream without chunk numbers, or one that counts anew, loses no frame to the meter`() {
        var meter = SequenceMeter()
        for chunk in [0, 0, 0, 900_000, 1, 2] {
            let seen = meter.media(sequenceNumber: 0, chunk: chunk, timestampMs: 0, bytes: 0, at: start)
            #expect(!seen.isDuplicate)
        }
        #expect(meter.frames == 6 && meter.lostFrames == 0)
    }

    @Test func `a frame that comes long after the others is late`() {
        var meter = SequenceMeter()
        _ = meter.media(sequenceNumber: 2, chunk: 1, timestampMs: 0, bytes: 160, at: start)

        let seen = meter.media(
            sequenceNumber: 3, chunk: 2, timestampMs: 20, bytes: 160, at: start.adding(milliseconds: 150))

        #expect(seen.isLate && meter.lateFrames == 1)
    }

    @Test func `a sender that runs slow is not late for ever`() {
        var meter = SequenceMeter()
        for index in 0..<100_000 {
            _ = meter.media(
                sequenceNumber: index, chunk: index, timestampMs: index * 20, bytes: 160,
                at: MonotonicTime(nanoseconds: start.nanoseconds + Int64(index) * 20_040_000))
        }
        #expect(meter.lateFrames == 0)
    }

    @Test(arguments: [Int.min, -1, 0, Int.max]) func `hostile numbers overflow nothing`(number: Int) {
        var meter = SequenceMeter()
        for other in [0, number, 7, Int.max, number] {
            _ = meter.media(sequenceNumber: number, chunk: other, timestampMs: number, bytes: 160, at: start)
            _ = meter.media(sequenceNumber: other, chunk: number, timestampMs: other, bytes: 0, at: start)
        }
        #expect(meter.lostBytes >= 0)
    }
}
