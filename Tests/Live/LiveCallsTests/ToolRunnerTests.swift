import CallModel
import Foundation
import SpeechAgent
import Testing

@testable import LiveCalls

@Suite struct ToolRunnerTests {
    /// Runs one tool; the database does not answer.
    private func run(
        _ name: String, _ arguments: String, context: CustomerContext? = nil, humanNumber: String? = nil
    ) async throws -> ToolOutcome {
        let card = try CallCards().make(context: context) { $0.humanNumber = humanNumber.flatMap { E164($0) } }
        return await ToolRunner(office: .away)
            .run(AgentToolCall(id: "1", name: name, arguments: arguments), for: card)
    }

    private func expectRefused(
        _ name: String, _ arguments: String, _ why: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await run(name, arguments)
        #expect(outcome.facts.isEmpty, sourceLocation: sourceLocation)
        #expect(outcome.result.contains(#""ok":false"#), sourceLocation: sourceLocation)
        #expect(outcome.result.contains(why), "\(outcome.result)", sourceLocation: sourceLocation)
    }

    private static func instant(inDays days: Double) -> String {
        Date(timeIntervalSinceNow: days * 86_400).ISO8601Format()
    }

    @Test(arguments: ["{", "[]", "7", "\"text\"", "nothing", #"{"a":"# + String(repeating: "[", count: 20_000)])
    func `arguments that are no JSON object are refused`(_ arguments: String) async throws {
        try await expectRefused("save_contact_details", arguments, "not a JSON object")
    }

    @Test func `a tool nobody offered is refused by name`() async throws {
        try await expectRefused("drop_tables", "{}", "no tool named drop_tables")
    }

    @Test func `contact details become a fact, empty ones none`() async throws {
        let saved = try await run("save_contact_details", #"{"name":" Jane Doe ","email":"","company":null}"#)

        #expect(saved.facts == [.contactDetails(name: "Jane Doe", email: nil, company: nil, position: nil)])
        #expect(saved.result == #"{"ok":true}"#)
        try await expectRefused("save_contact_details", #"{"name":"  ","position":7}"#, "at least one of")
        try await expectRefused("save_contact_details", #"{"email":"jane at home"}"#, "not an email address")
    }

    @Test func `a time without an offset is meant in the contact's own zone`() async throws {
        var context = try CallCards.context(name: "Jane")
        context.timeZone = "America/Los_Angeles"
        let day = Date(timeIntervalSinceNow: 7 * 86_400).formatted(.iso8601.year().month().day())

        let booked = try await run(
            "book_meeting", #"{"title":"Demo","starts_at":"\#(day)T15:00:00"}"#, context: context)
        let looked = try await run("lookup_customer", "{}", context: context)

        guard case .meetingBooked(_, let startsAt, _)? = booked.facts.first else {
            Issue.record("\(booked.result)")
            return
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "America/Los_Angeles"))
        #expect(calendar.component(.hour, from: startsAt) == 15)
        #expect(looked.result.contains(#""time_zone":"America/Los_Angeles""#))
    }

    @Test func `long texts are cut`() async throws {
        let long = String(repeating: "x", count: 3_000)

        let saved = try await run("stop_calling_me", #"{"words":"\#(long)"}"#)

        #expect(saved.facts == [.doNotContact(words: String(repeating: "x", count: 500))])
    }

    @Test func `qualification takes the words it knows`() async throws {
        let known = try await run(
            "update_qualification", #"{"budget":"fifty thousand","budget_amount":"50000","authority":"yes"}"#)

        #expect(
            known.facts == [
                .qualification(
                    budget: "fifty thousand", budgetAmount: 50_000, authority: "yes", need: nil, timeline: nil,
                    notes: nil)
            ])
    }

    @Test(arguments: [
        (#"{"authority":"perhaps"}"#, "authority"), (#"{"need":5}"#, "need"),
        (#"{"timeline":["this_month"]}"#, "timeline"),
        (#"{"budget_amount":-1}"#, "budget_amount"), (#"{"budget_amount":1e13}"#, "budget_amount"),
        (#"{"budget_amount":"a lot"}"#, "budget_amount"), (#"{"budget_amount":"nan"}"#, "budget_amount"),
        (#"{"budget_amount":{}}"#, "budget_amount"), ("{}", "at least one of"), (#"{"need":""}"#, "at least one of"),
    ])
    func `qualification out of bounds or of the wrong type is refused by field`(
        _ arguments: String, _ field: String
    ) async throws {
        try await expectRefused("update_qualification", arguments, field)
    }

    @Test func `a meeting ahead is booked at its instant`() async throws {
        let at = Self.instant(inDays: 3)

        let booked = try await run("book_meeting", #"{"starts_at":"\#(at)","title":"Demo","duration_minutes":"45"}"#)
        let plain = try await run("book_meeting", #"{"starts_at":"\#(at)"}"#)

        let startsAt = try Date(at, strategy: .iso8601)
        #expect(booked.facts == [.meetingBooked(title: "Demo", startsAt: startsAt, durationMinutes: 45)])
        #expect(booked.result.contains(#""starts_at":"\#(at)""#))
        #expect(plain.facts == [.meetingBooked(title: "Meeting", startsAt: startsAt, durationMinutes: 30)])
    }

    @Test func `an offset counts, and a time without one is the profile's`() async throws {
        let year = Calendar(identifier: .gregorian).component(.year, from: Date()) + 1

        let east = try await run("schedule_follow_up", #"{"due_at":"\#(year)-01-15T15:00:00-05:00"}"#)
        let local = try await run("schedule_follow_up", #"{"due_at":"\#(year)-01-15T15:00:00"}"#)

        let due = try Date("\(year)-01-15T20:00:00Z", strategy: .iso8601)
        #expect(east.facts == [.followUpAgreed(dueAt: due, reason: "agreed on the phone")])
        #expect(local.facts == east.facts)
    }

    @Test(arguments: [
        ("{}", "starts_at"), (#"{"starts_at":"tomorrow at three"}"#, "starts_at"), (#"{"starts_at":5}"#, "starts_at"),
        (#"{"starts_at":"2020-01-01T10:00:00Z"}"#, "starts_at"),
        (#"{"starts_at":"\#(instant(inDays: -0.01))"}"#, "starts_at"),
        (#"{"starts_at":"\#(instant(inDays: 500))"}"#, "starts_at"),
        (#"{"starts_at":"\#(instant(inDays: 2))","duration_minutes":4}"#, "duration_minutes"),
        (#"{"starts_at":"\#(instant(inDays: 2))","duration_minutes":481}"#, "duration_minutes"),
        (#"{"starts_at":"\#(instant(inDays: 2))","duration_minutes":1e300}"#, "duration_minutes"),
        (#"{"starts_at":"\#(instant(inDays: 2))","duration_minutes":"inf"}"#, "duration_minutes"),
        (#"{"starts_at":"\#(instant(inDays: 2))","duration_minutes":"an hour"}"#, "duration_minutes"),
    ])
    func `a meeting without a time, in the past, too far off or of no length is refused`(
        _ arguments: String, _ field: String
    ) async throws {
        try await expectRefused("book_meeting", arguments, field)
    }

    @Test func `a follow-up may have no date, but not a wrong one`() async throws {
        let open = try await run("schedule_follow_up", #"{"reason":"asked for a call"}"#)

        #expect(open.facts == [.followUpAgreed(dueAt: nil, reason: "asked for a call")])
        try await expectRefused("schedule_follow_up", #"{"due_at":"yesterday"}"#, "due_at")
        try await expectRefused("schedule_follow_up", #"{"due_at":"2020-01-01T10:00:00Z"}"#, "due_at")
        try await expectRefused("schedule_follow_up", #"{"due_at":1790000000}"#, "due_at")
    }

    @Test func `a person is promised only where there is one`() async throws {
        try await expectRefused("transfer_to_human", "", "nobody is available")

        let transferred = try await run("transfer_to_human", "", humanNumber: "+15550100300")

        #expect(transferred.facts == [.transferRequested(reason: "the caller asked for a person")])
    }

    @Test func `a look-up answers from what the call knows when the database is away`() async throws {
        let known = try await run(
            "lookup_customer", "{}", context: try CallCards.context(name: "Jane Doe", status: "customer"))
        let unknown = try await run("lookup_customer", "{}")

        for part in [#""known":true"#, #""name":"Jane Doe""#, #""status":"customer""#, #""summary":"Met in May.""#] {
            #expect(known.result.contains(part), "\(part)")
        }
        #expect(unknown.result.contains(#""known":false"#))
        #expect(known.facts.isEmpty && unknown.facts.isEmpty)
    }
}
