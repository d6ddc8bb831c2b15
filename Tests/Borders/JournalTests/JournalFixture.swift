import CallModel
import Foundation
import Testing

@testable import Journal

/// What the files in `fixtures` hold, entry for entry. But for `format-2` they are as they were written before the format
/// had a number.
enum JournalFixture {
    static let begins = [rang(), answered, greeting, question]
    static let plain = begins + [interrupted, .note("context lookup timed out", atMs: 5_200), closed, hungUp]
    /// `plain` after a kill: half of its last line is missing.
    static let tornTail = Array(plain.dropLast())
    /// `plain` with one bit of its third line turned.
    static let damagedLine = plain.filter { $0 != greeting }
    static let consults = begins + [consulting, settled, second, closed, hungUp]
    static let everyKind =
        [
            rang(.withheld), answered, greeting, interrupted,
            .turn(Turn(number: 4, speaker: .human, startedMs: 9_000, endedMs: 9_900, text: "Grace here.\n\t\u{7F}")),
            .toolCalled(name: "lookup_customer", arguments: #"{"phone":"x/y"}"#, result: "", atMs: 5_100),
            .dtmf(digit: "#", atMs: 5_150), .note("", atMs: 0), consulting,
        ] + facts + [closed, hungUp]

    static let facts: [CallJournalEntry] = [
        .fact(.contactDetails(name: "Ann O'Neil", email: "ann@example.com", company: nil, position: nil), atMs: 6_000),
        .fact(.contactDetails(name: nil, email: nil, company: "Søren & Co", position: "owner"), atMs: 6_001),
        .fact(
            .qualification(
                budget: "about 5k", budgetAmount: 5_000.5, authority: "decides", need: "reports", timeline: "Q3",
                notes: "likes \"tables\""), atMs: 6_100),
        .fact(
            .qualification(
                budget: nil, budgetAmount: .infinity, authority: nil, need: nil, timeline: nil, notes: nil), atMs: 6_200
        ),
        .fact(.meetingBooked(title: "Demo", startsAt: at(7_200.25), durationMinutes: 30), atMs: 6_300),
        .fact(.followUpAgreed(dueAt: at(86_400), reason: "send the offer"), atMs: 6_400),
        .fact(.followUpAgreed(dueAt: nil, reason: ""), atMs: 6_500),
        .fact(.doNotContact(words: "never call me again"), atMs: 6_600),
        .fact(.transferRequested(reason: "wants a person"), atMs: 6_700),
        .fact(.consent(kind: "recording", granted: true, words: "yes, fine"), atMs: 6_800),
        .fact(.consent(kind: "marketing", granted: false, words: "no"), atMs: 6_900),
    ]

    /// The bytes of a file in `fixtures`.
    static func bytes(_ name: String) throws -> [UInt8] {
        let url = Bundle.module.url(forResource: name, withExtension: "journal", subdirectory: "fixtures")
        return Array(try Data(contentsOf: try #require(url)))
    }

    // MARK: One entry each

    enum Caller { case known, withheld }

    static func rang(_ caller: Caller = .known) -> CallJournalEntry {
        .rang(
            CallOpening(
                callID: call, tenant: .initial, profileID: uuid(2), callSid: callSid,
                from: caller == .known ? E164("+14155552671") : nil,
                to: caller == .known ? .number(number) : .address("sip:clara@acme.sip.twilio.com"),
                direction: caller == .known ? .inbound : .outbound, rangAt: at(0.125), currency: "USD",
                timeZone: "America/New_York", callerDoubt: caller == .known ? nil : "attestation C"))
    }

    static let answered = CallJournalEntry.answered(streamSid: streamSid, at: at(1.5))
    static let greeting = CallJournalEntry.turn(
        Turn(number: 1, speaker: .agent, startedMs: 0, endedMs: 900, text: "Hello, this is \"Clara\" / Acme. ✓ 😀"))
    static let question = CallJournalEntry.turn(
        Turn(number: 2, speaker: .caller, startedMs: 1_000, endedMs: 2_900, text: "Can you call +1 415 555 0100 back?"))
    static let interrupted = CallJournalEntry.turn(
        Turn(
            number: 3, speaker: .agent, startedMs: 3_000, endedMs: 5_000, text: "Yes, and my card is [redacted].",
            interrupted: true, heardText: "Yes, and"))
    static let closed = CallJournalEntry.streamClosed(atMs: 40_000)

    static let hungUp: CallJournalEntry = {
        var ear = EarLedger()
        ear.pickupToFirstAudioMs = 310
        ear.responses = [
            .init(callerEndedMs: 2_900, firstAudioMs: 3_310, fillerMs: 3_310, answerMs: 4_000),
            .init(callerEndedMs: 8_000, firstAudioMs: 8_400),
        ]
        ear.bargeIns = [.init(detectedMs: 5_000, clearSentMs: 5_001, discardedMs: 1_740)]
        ear.longestSilenceMs = 2_100
        ear.framesIn = 2_000
        ear.framesOut = 1_900
        ear.framesLost = 3
        ear.underrunBytes = 160
        ear.overrunBytes = 320
        return .ended(CallEnding(reason: "caller_hangup", endedAt: at(41.75), ear: ear))
    }()

    static let consulting = consult(wasBegun: false, ending: "declined", words: "no")
    static let settled = consult(wasBegun: true, ending: "delivered", words: "yes please")
    static let second = CallJournalEntry.consult(
        ConsultRecordPayload(id: uuid(4), wasBegun: false, json: "{}"), atMs: 38_000)

    private static func consult(wasBegun: Bool, ending: String, words: String) -> CallJournalEntry {
        let id = uuid(3).uuidString
        let json =
            #"{"answers":[],"consents":[{"atMs":7000,"audioPositionMs":6900,"confidence":0.95,"decision":"#
            + #""\#(wasBegun ? "yes" : "no")","isWithdrawal":false,"question":"Shall I ask?","questionID":"\#(id)","#
            + #""words":"\#(words)"}],"delivered":\#(wasBegun),"endedMs":37000,"ending":"\#(ending)","question":"#
            + #"{"askedAtMs":4000,"id":"\#(id)","reasons":["domain term"],"source":"detected","#
            + #""text":"May we record calls in California?"}}"#
        return .consult(ConsultRecordPayload(id: uuid(3), wasBegun: wasBegun, json: json), atMs: 37_000)
    }

    // MARK: Values

    static let call = CallID(uuid(1))

    static func uuid(_ number: UInt8) -> UUID {
        UUID(uuid: (0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, number))
    }

    static func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_790_000_000 + seconds) }

    private static let number: E164 = known(E164("+14155550100"))
    private static let callSid: CallSid = known(CallSid("CA" + String(repeating: "1", count: 32)))
    private static let streamSid: StreamSid = known(StreamSid("MZ" + String(repeating: "2", count: 32)))

    private static func known<Value>(_ value: Value?) -> Value {
        guard let value else { preconditionFailure("a value of the fixtures is not what its type takes") }
        return value
    }
}
