import AudioCore
import Testing

@testable import Answering

@Suite struct AnsweringDetectorTests {
    @Test func `who says hello and waits is a person`() throws {
        var detector = AnsweringDetector()

        let verdicts = detector.hear(try Line().silence(400).speech("awb/are-you-there").silence(1_500))

        #expect(detector.verdict.kind == .person && detector.verdict.reason == .greeting)
        #expect(verdicts.allSatisfy { !$0.kind.isMachine })
    }

    @Test
    func `what goes on talking is a machine within four seconds, and is treated as one when its words have had time`()
        throws
    {
        var detector = AnsweringDetector()

        let verdicts = detector.hear(try Line().silence(300).talk("rms/need", 6_000).silence(2_000))

        let first = try #require(verdicts.first { $0.kind.isMachine })
        #expect(first.kind == .voicemail && first.reason == .talk && first.atMs <= 4_000 && !first.isSettled)
        #expect(detector.verdict.isSettled && detector.verdict.atMs == first.atMs)
    }

    @Test func `after a long ringing less talk makes a mailbox`() throws {
        var (soon, late) = (AnsweringDetector(rangMs: 5_000), AnsweringDetector(rangMs: 22_000))
        let line = try Line().talk("rms/need", 6_000)

        let after = [soon.hear(line), late.hear(line)].map { $0.first { $0.kind.isMachine }?.atMs ?? .max }

        #expect(after[1] < after[0])
    }

    @Test(arguments: [400.0, 440, 850, 1_000, 1_100, 1_400, 2_000], [150, 400, 1_000])
    func `a beep behind a greeting is found within 300 ms of its end`(hz: Double, ms: Int) throws {
        var detector = AnsweringDetector()
        let greeting = try Line().silence(200).speech("rms/name").silence(300).tone(hz, ms)

        _ = detector.hear(greeting.silence(600))

        let end = try #require(detector.beepEndMs)
        #expect(abs(end - greeting.ms) <= 40)
        #expect(try #require(detector.beepFoundMs) - greeting.ms <= 300)
        #expect(detector.verdict.kind == .voicemail && detector.verdict.isSettled)
    }

    @Test func `the words of a person, and a click, hold no beep`() throws {
        for name in ["rms/need", "awb/question", "kal16/off-list", "noisy/need-babble", "rms/call-and-record"] {
            var detector = AnsweringDetector()
            _ = detector.hear(try Line().speech(name).tone(1_000, 60).silence(1_000))
            #expect(detector.beepEndMs == nil, "\(name)")
        }
    }

    @Test func `three tones that rise are the network, and no beep of a mailbox`() {
        var detector = AnsweringDetector()

        let verdicts = detector.hear(
            Line().silence(200).tone(950, 330).tone(1_400, 330).tone(1_800, 330).silence(500))

        #expect(verdicts.map(\.kind) == [.unknown, .network])
        #expect(detector.verdict.reason == .tones && detector.verdict.atMs < 800)
    }

    @Test func `a fax that calls and one that answers are known by their tones`() throws {
        var (calling, answering) = (AnsweringDetector(), AnsweringDetector())

        _ = calling.hear(Line().silence(300).tone(1_100, 500).silence(600))
        _ = answering.hear(Line().silence(300).tone(2_100, 1_300))
        #expect(calling.verdict.kind == .network)
        #expect(answering.verdict.kind == .network)

        // The same tone behind words is a mailbox's.
        var mailbox = AnsweringDetector()
        _ = mailbox.hear(try Line().speech("rms/name").tone(1_100, 500).silence(600))
        #expect(mailbox.verdict.kind == .voicemail)
    }

    @Test func `words settle which machine it is, and somebody's own words that it is none`() throws {
        let english = AnsweringCues.of("en-US")
        for (words, kind) in [
            ("You have reached the Smiths. Please leave a message after the tone.", Answerer.voicemail),
            ("For sales, press 1. For support, press 2.", .menu),
            ("Hi, please say your name and why you're calling, and I'll see if this person is available.", .screening),
            ("Hello, I am an AI assistant for the Smith family.", .machine),
            ("The number you have dialed is not in service.", .network),
        ] {
            var detector = AnsweringDetector()
            _ = detector.hear(try Line().talk("rms/need", 4_000))
            detector.callerSaid(words, cues: english)
            #expect(detector.verdict.kind == kind && detector.verdict.isSettled, "\(words)")
        }
        var person = AnsweringDetector()
        _ = person.hear(try Line().talk("rms/need", 4_000))
        #expect(person.verdict.kind == .voicemail)
        person.callerSaid("Bob speaking, I was just about to call you about the order", cues: english)
        #expect(person.verdict.kind == .person)
    }

    @Test func `the carrier's verdict counts where nothing better is known, and its fax always`() throws {
        var (person, machine, fax) = (AnsweringDetector(), AnsweringDetector(), AnsweringDetector())
        let line = try Line().talk("rms/need", 4_000)
        for detector in [person, machine, fax].indices {
            switch detector {
            case 0:
                _ = person.hear(line)
                person.carrierSaid(.person)
            case 1:
                _ = machine.hear(try Line().speech("rms/yes").silence(1_500))
                machine.carrierSaid(.greetingEnded(byBeep: true))
            default: fax.carrierSaid(.fax)
            }
        }

        #expect(person.verdict.kind == .person)
        #expect(machine.verdict.kind == .voicemail && machine.beepEndMs != nil)
        #expect(fax.verdict.kind == .network && fax.verdict.isSettled)
    }

    @Test func `how the audio is cut into messages changes nothing`() throws {
        let line = try Line().silence(300).speech("rms/name").silence(400).tone(850, 300).silence(700)
        let verdicts = [160, 480, 8_000, 7].map { bytes in
            var detector = AnsweringDetector()
            _ = detector.hear(line, bytes: bytes)
            return detector.verdict
        }

        #expect(Set(verdicts.map(\.atMs)).count == 1 && verdicts[0].kind == .voicemail)
    }

    @Test func `silence is nobody`() {
        var detector = AnsweringDetector()
        #expect(detector.hear(Line().silence(10_000)).map(\.kind) == [.unknown])
        #expect(detector.beepEndMs == nil && detector.speechEndMs == nil)
    }
}
