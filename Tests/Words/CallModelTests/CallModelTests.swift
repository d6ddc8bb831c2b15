import CallModel
import Foundation
import Testing

@Suite struct E164Tests {
    @Test(arguments: [
        ("+14155552671", "+14155552671"), ("(415) 555-2671", "+14155552671"), ("1 415.555.2671", "+14155552671"),
        ("00442079460000", "+442079460000"), ("011 44 20 7946 0000", "+442079460000"),
        ("+44 (0)20 7946 0000", "+442079460000"), ("＋１４１５５５５２６７１", "+14155552671"),
        ("+1 415 555 2671 ext. 12", "+14155552671"), ("+15550001111", "+15550001111"),
        ("٠٠٤٤٢٠٧٩٤٦٠٠٠٠", "+442079460000"), ("\u{202D}+12125550142\u{202C}", "+12125550142"),
        ("tel:+12125550142", "+12125550142"),
        ("TEL:+1-212-555-0142;ext=7", "+12125550142"), ("\u{2068}tel:212 555 0142\u{2069}", "+12125550142"),
        ("+1\u{200E} (212) 555\u{200F}-0142", "+12125550142"),
    ])
    func `a number is read as people and carriers write it`(written: String, expected: String) {
        #expect(E164(written)?.text == expected)
    }

    @Test(arguments: [
        "", "anonymous", "unknown", "+", "12345", "+123456", "+1415555267", "+141555526711", "++14155552671",
        "+266696687", "+7378742833", "client:joe", "tel:", "tel:911;phone-context=+1", "sip:+12125550142",
        "+0123456789", "+1234567890123456", "5552671x1",
        String(repeating: "1", count: 65),
    ])
    func `what is no possible number is refused`(written: String) {
        #expect(E164(written) == nil)
    }

    @Test func `a log shows neither all of a number nor none`() {
        #expect(E164("+14155552671")?.masked == "+1415•••2671")
    }

    @Test func `a stored number that is none does not decode`() {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(E164.self, from: Data("\"anonymous\"".utf8)) }
    }
}

@Suite struct IdentifierTests {
    @Test(arguments: [
        "", "CA", "CA0000000000000000000000000000000", "CA000000000000000000000000000000001",
        "MZ00000000000000000000000000000001", "CA0000000000000000000000000000000g",
        "CA0000000000000000000000000000000é",
    ])
    func `an id of the wrong shape is refused`(text: String) {
        #expect(CallSid(text) == nil)
    }

    @Test func `an id keeps its spelling`() {
        #expect(CallSid("CA00000000000000000000000000ABcdEF")?.text == "CA00000000000000000000000000ABcdEF")
    }
}

@Suite struct CallRecordTests {
    private static func opening() throws -> CallOpening {
        CallOpening(
            callID: CallID(), tenant: .initial, profileID: UUID(),
            callSid: try #require(CallSid("CA00000000000000000000000000000001")), from: E164("+14155550101"),
            to: try #require(E164("+15550100100")), direction: .inbound, rangAt: Date(timeIntervalSince1970: 1_000),
            currency: "USD", timeZone: "America/New_York")
    }

    private static func turn(_ number: Int, _ speaker: Speaker, _ text: String, heard: String? = nil) -> Turn {
        Turn(
            number: number, speaker: speaker, startedMs: number * 1_000, endedMs: number * 1_000 + 500, text: text,
            interrupted: heard != nil, heardText: heard)
    }

    @Test func `a later entry for a turn replaces the earlier one, and turns stand in order`() throws {
        let journal: [CallJournalEntry] = [
            .rang(try Self.opening()), .turn(Self.turn(2, .caller, "hi")),
            .turn(Self.turn(1, .agent, "Hello there", heard: "Hello")), .turn(Self.turn(1, .agent, "Hello there")),
        ]
        let record = try #require(CallRecord(journal: journal))

        #expect(record.transcript.turns.map(\.number) == [1, 2])
        #expect(record.transcript.plainText == "Agent: Hello there\nCaller: hi")
    }

    @Test func `the transcript holds what was heard, not what was meant`() throws {
        let journal: [CallJournalEntry] = [
            .rang(try Self.opening()), .turn(Self.turn(1, .agent, "one two three", heard: "one")),
        ]
        let record = try #require(CallRecord(journal: journal))

        #expect(record.transcript.plainText == "Agent: one")
    }

    @Test func `a journal without an ending ends with its last entry`() throws {
        let opening = try Self.opening()
        let stream = try #require(StreamSid("MZ00000000000000000000000000000001"))
        let journal: [CallJournalEntry] = [
            .rang(opening), .answered(streamSid: stream, at: opening.rangAt), .note("something", atMs: 4_200),
        ]
        let record = try #require(CallRecord(journal: journal))

        #expect(record.ending == nil)
        #expect(record.endedAt == opening.rangAt.addingTimeInterval(4.2))
        #expect(record.connectedSeconds == 5)
    }

    @Test func `a journal that does not begin with the ring is no call`() throws {
        #expect(CallRecord(journal: []) == nil)
        #expect(CallRecord(journal: [.note("x", atMs: 1), .rang(try Self.opening())]) == nil)
    }

    @Test func `every journal entry survives being written and read`() throws {
        let entries: [CallJournalEntry] = [
            .rang(try Self.opening()), .turn(Self.turn(1, .agent, "Hello")),
            .toolCalled(name: "end_call", arguments: "{}", result: "{}", atMs: 5),
            .fact(
                .meetingBooked(title: "Demo", startsAt: Date(timeIntervalSince1970: 2_000), durationMinutes: 30),
                atMs: 6),
            .fact(.doNotContact(words: "stop"), atMs: 7), .dtmf(digit: "#", atMs: 8), .streamClosed(atMs: 9),
            .ended(CallEnding(reason: "caller_hangup", endedAt: Date(timeIntervalSince1970: 3_000), ear: EarLedger())),
        ]

        for entry in entries {
            let data = try JSONEncoder().encode(entry)
            #expect(try JSONDecoder().decode(CallJournalEntry.self, from: data) == entry)
        }
    }
}
