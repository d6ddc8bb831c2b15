import CallModel
import Encoding
import Foundation
import Testing

@testable import CRM
@testable import CallReading
@testable import PostCall

/// What is written by hand says what a general encoder says of the same value.
@Suite struct StoredJSONTests {
    private static let hostile = "say \"hi\" \\ back\nslash\t\r\u{0}\u{1F}\u{7F} ü 👩‍👩‍👧 {\"a\": [1]} </script>"

    private static func expectSame(_ value: some JSONWritable & Encodable, _ place: SourceLocation = #_sourceLocation)
        throws
    {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let expected = try JSONSerialization.jsonObject(with: encoder.encode(value), options: .fragmentsAllowed)
        let written = try JSONSerialization.jsonObject(with: Data(value.json.utf8), options: .fragmentsAllowed)
        #expect(written as? NSObject == expected as? NSObject, sourceLocation: place)
    }

    private func finding<Value>(_ value: Value, _ confidence: Double = 0.85) -> Finding<Value> {
        Finding(
            value, confidence: confidence,
            evidence: [
                Evidence(turnNumber: 2, speaker: .caller, words: Self.hostile, startedMs: 1_000, endedMs: 2_500),
                Evidence(turnNumber: 3, speaker: .agent, words: "", startedMs: -1, endedMs: .max),
            ])
    }

    @Test func `an insight with everything in it, and one with nothing`() throws {
        var insight = CallInsight(extractor: "rules/1", summary: Self.hostile, outcome: .meetingBooked)
        try Self.expectSame(insight)
        insight.bant = BANT(
            budget: finding(.high), budgetAmount: 30_000, authority: finding(.yes, 1), need: finding(.urgent, 0),
            timeline: finding(.thisMonth, .nan))
        insight.intent = finding(.salesQualified)
        insight.sentiment = finding(.mixed)
        insight.contact.name = finding(Self.hostile)
        insight.contact.email = finding("ann@example.com")
        insight.contact.company = finding("")
        insight.contact.position = finding("boss", 1e-7)
        insight.objections = [finding("price", 1e20), finding("time", -0.0)]
        insight.nextStep = finding("call")
        let at = Date(timeIntervalSince1970: 1_795_248_184.987)
        insight.meeting = CallInsight.MeetingAgreed(title: "Demo", startsAt: at, durationMinutes: 30)
        insight.followUpNamedAt = finding(at)
        insight.doNotContact = finding("stop", .infinity)
        try Self.expectSame(insight)
    }

    @Test func `what calls leave with a lead`() throws {
        var found = StoredFinding(
            value: Self.hostile, confidence: 0.5, evidence: finding("x").evidence, callId: "7b3c")
        try Self.expectSame(["budget": found, Self.hostile: found])
        found.amount = 12_000.75
        found.currency = "EUR"
        try Self.expectSame([found])
        try Self.expectSame([String: Int]())
        try Self.expectSame(["budget": 30, "authority": -5])
        try Self.expectSame([Self.hostile, ""])
    }

    @Test func `how the caller heard the call`() throws {
        var ear = EarLedger()
        try Self.expectSame(ear)
        ear.pickupToFirstAudioMs = 210
        ear.responses = [
            .init(callerEndedMs: 1, firstAudioMs: 2),
            .init(callerEndedMs: 3, firstAudioMs: 4, fillerMs: 4, answerMs: 5),
        ]
        ear.bargeIns = [.init(detectedMs: 5, clearSentMs: 6, discardedMs: 7)]
        (ear.longestSilenceMs, ear.framesIn, ear.framesOut) = (8, 9, 10)
        (ear.framesLost, ear.underrunBytes, ear.overrunBytes) = (11, 12, 13)
        try Self.expectSame(ear)
    }
}
