import CallModel
import Compliance
import Database
import Dialing
import Foundation
import Jobs
import TestSupport
import Testing

@testable import Campaigns

/// What becomes of a contact when its call is over, and of its calls when it asks to be left alone.
@Suite struct MoveOnTests {
    private func dialled(_ stage: CampaignStage, rules: String = "{}") async throws -> (person: UUID, attempt: UUID) {
        let campaign = try await stage.campaign(rules: rules)
        let person = try await stage.enrol(1, in: campaign)[0]
        try await stage.claim(campaign)
        return (person, try #require(try await stage.enrolment(of: person).attempt))
    }

    @Test(arguments: [
        ("completed", "completed", 0.0...0), ("busy", "retry_at", 700...1_100),
        ("no_answer", "retry_at", 3_600...172_800),
        ("declined", "retry_at", 3_600...172_800), ("invalid_number", "exhausted", 0...0),
        ("blocked_analytics", "exhausted", 0...0), ("unknown", "retry_at", 86_000...100_000),
        ("carrier_refused", "retry_at", 2_800...4_400), ("carrier_congestion", "scheduled", 20...31),
        ("opted_out", "opted_out", 0...0),
    ])
    func `by its outcome it is over, or comes again at its time`(
        _ outcome: String, _ status: String, _ seconds: ClosedRange<Double>
    ) async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)

        try await stage.end(attempt, outcome)

        let now = try await stage.enrolment(of: person)
        #expect(now.status == status)
        #expect(now.attempt == nil)
        #expect(now.attempts == (outcome == "carrier_congestion" ? 0 : 1))
        #expect(seconds.upperBound == 0 ? now.secondsUntil == nil : seconds.contains(try #require(now.secondsUntil)))
        #expect(try await stage.count("campaign_activities where activity_type = $1", [.text("dial_" + outcome)]) == 1)
        #expect(
            try await stage.count("campaign_activities where activity_type = $1", [.text("contact_" + status)]) == 1)
    }

    @Test(arguments: [
        ("person", false, "{}", "completed", "completed"), ("voicemail", false, "{}", "retry_at", "machine_hangup"),
        ("screening", false, "{}", "retry_at", "machine_hangup"), ("menu", false, "{}", "retry_at", "machine_hangup"),
        (
            "voicemail", true, #"{"on_machine":"leave_message","voicemail_message":"Hello."}"#, "completed",
            "voicemail_left"
        ),
        ("machine", false, #"{"on_machine":"continue_agent"}"#, "completed", "completed"),
        ("network", false, "{}", "exhausted", "network"), ("unknown", false, "{}", "completed", "completed"),
    ])
    func `whom a machine answered for is called again, unless it took the message`(
        _ answeredBy: String, _ leftMessage: Bool, _ rules: String, _ status: String, _ reason: String
    ) async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage, rules: rules)
        let terms = try await stage.temporary.rows(
            """
            update dial_attempts set answered_at = now(), answered_by = $2,
                message_left_at = case when $3::boolean then now() end
            where id = $1::uuid returning on_machine, voicemail_message
            """, [.uuid(attempt), .text(answeredBy), .bool(leftMessage)])

        try await stage.end(attempt, "completed")

        #expect(try await stage.enrolment(of: person).status == status)
        let last = try await stage.temporary.rows("select last_outcome from campaign_contacts")
        #expect(try last.map { try $0.text("last_outcome") } == [reason])
        #expect(try terms.first?.textOrNil("voicemail_message") == (leftMessage ? "Hello." : nil))
    }

    @Test func `a call that is over waits a moment for who answered it`() async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)
        _ = try await stage.temporary.rows(
            "update dial_attempts set answered_at = now() where id = $1::uuid", [.uuid(attempt)])

        await #expect(throws: JobFailure.self) { try await stage.end(attempt, "completed") }
        _ = try await stage.temporary.rows(
            "update dial_attempts set answered_by = 'voicemail' where id = $1::uuid", [.uuid(attempt)])
        try await stage.end(attempt, "completed")
        #expect(try await stage.enrolment(of: person).status == "retry_at")
    }

    @Test func `nobody is waited for who was never said to have answered`() async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)
        _ = try await stage.temporary.rows(
            "update dial_attempts set answered_at = now() where id = $1::uuid", [.uuid(attempt)])
        await #expect(throws: JobFailure.self) { try await stage.end(attempt, "completed") }

        _ = try await stage.temporary.rows(
            "update dial_attempts set ended_at = now() - interval '6 seconds' where id = $1::uuid", [.uuid(attempt)])
        let move = MoveOn(attempt: attempt)
        try await stage.temporary.database.transaction(tenant: .initial) { try move.write(in: $0) }
        #expect(try await stage.enrolment(of: person).status == "completed")
    }

    @Test(arguments: ["screening", "menu"])
    func `who was put through by a machine has been talked to`(_ answeredBy: String) async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)
        _ = try await stage.temporary.rows(
            """
            update dial_attempts set answered_at = now() - interval '1 minute', answered_by = $2,
                answered_by_after_ms = 4000
            where id = $1::uuid
            """, [.uuid(attempt), .text(answeredBy)])

        try await stage.end(attempt, "completed")

        #expect(try await stage.enrolment(of: person).status == "completed")
    }

    @Test func `the job is there in the transaction that ends the call, and a second run changes nothing`()
        async throws
    {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)

        try await stage.end(attempt, "busy")
        let once = try await stage.enrolment(of: person)
        let move = MoveOn(attempt: attempt)
        try await stage.temporary.database.transaction(tenant: .initial) { try move.write(in: $0) }

        #expect(try await stage.count("jobs where kind = 'campaign.move_on'") == 1)
        let twice = try await stage.enrolment(of: person)
        #expect(twice.attempts == 1 && twice.status == once.status)
    }

    @Test func `a call that was taken back before anybody was asked leaves its contact as it was`() async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)

        try await stage.end(attempt, "cancelled", asked: false)

        let now = try await stage.enrolment(of: person)
        #expect(now.status == "pending" && now.attempts == 0)
        #expect(try #require(now.secondsUntil) <= 0)
    }

    @Test func `an answer shows with the contact while it lasts`() async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)

        _ = try await stage.temporary.rows(
            "update dial_attempts set state = 'in_call', requested_at = now(), answered_at = now() where id = $1",
            [.uuid(attempt)])

        #expect(try await stage.enrolment(of: person).status == "in_call")
        #expect(try await stage.count("campaign_activities where activity_type = 'dial_answered'") == 1)
    }

    @Test func `a campaign's own limit of calls is the end`() async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage, rules: #"{"attempts_max": 1}"#)

        try await stage.end(attempt, "busy")

        let now = try await stage.enrolment(of: person)
        #expect(now.status == "exhausted" && now.reason == "attempts_max")
    }

    // MARK: Left alone

    private func optOut(_ stage: CampaignStage, _ person: UUID, call: UUID? = nil) async throws {
        let phone = try #require(
            try await stage.temporary.rows("select phone from contacts where id = $1", [.uuid(person)]).first
        ).text("phone")
        let wish = OptOut(
            contactID: person, phone: E164(phone), words: "never again", source: .caller, at: Date(), callID: call)
        try await stage.temporary.database.transaction(tenant: .initial) { try wish.write(in: $0) }
    }

    @Test func `who asks to be left alone is out of all campaigns at once, and what was to ring does not`()
        async throws
    {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)
        let other = try await stage.campaign(status: "paused")
        _ = try await stage.temporary.rows(
            "insert into campaign_contacts (tenant_id, campaign_id, contact_id) values ($1, $2, $3)",
            [.uuid(TenantID.initial.uuid), .uuid(other), .uuid(person)])

        try await optOut(stage, person)

        let row = try #require(
            try await stage.temporary.rows("select state, outcome from dial_attempts where id = $1", [.uuid(attempt)])
                .first)
        #expect(try row.text("state") == "ended" && row.text("outcome") == "opted_out")
        #expect(
            try await stage.count("campaign_contacts where campaign_id = $1 and status = 'opted_out'", [.uuid(other)])
                == 1)
        let move = MoveOn(attempt: attempt)
        try await stage.temporary.database.transaction(tenant: .initial) { try move.write(in: $0) }
        #expect(try await stage.count("campaign_contacts where status = 'opted_out'") == 2)
        #expect(try await stage.count("jobs where kind = 'call.drop'") == 0)
    }

    @Test(arguments: ["requesting", "placed", "ringing", "in_call"])
    func `one that rings is ended, and the call in which it was said is not`(_ state: String) async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)
        let sid = "CA" + String(repeating: "1", count: 32)
        _ = try await stage.temporary.rows(
            "update dial_attempts set state = $2, requested_at = now(), carrier_call_sid = $3 where id = $1",
            [.uuid(attempt), .text(state), .text(sid)])

        try await optOut(stage, person)

        #expect(try await stage.count("jobs where kind = 'call.drop'") == (state == "in_call" ? 0 : 1))
        // Whatever comes of that call, nobody calls again.
        try await stage.end(attempt, "no_answer")
        let now = try await stage.enrolment(of: person)
        #expect(now.status == "opted_out" && now.reason == "left_alone")
    }

    @Test func `the call in which somebody says so goes on to its goodbye`() async throws {
        let stage = try await CampaignStage.make()
        let (person, attempt) = try await dialled(stage)
        let sid = "CA" + String(repeating: "1", count: 32)
        let call = UUID()
        _ = try await stage.temporary.rows(
            "insert into calls (tenant_id, id, carrier_call_sid) values ($1, $2, $3)",
            [.uuid(TenantID.initial.uuid), .uuid(call), .text(sid)])
        _ = try await stage.temporary.rows(
            "update dial_attempts set state = 'ringing', requested_at = now(), carrier_call_sid = $2 where id = $1",
            [.uuid(attempt), .text(sid)])

        try await optOut(stage, person, call: call)

        #expect(try await stage.count("jobs where kind = 'call.drop'") == 0)
    }

    // MARK: Stopped

    @Test func `an emergency stop takes back what was to ring, pauses everything, and ends talks if told to`()
        async throws
    {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        try await stage.enrol(3, in: campaign)
        try await stage.claim(campaign)
        let ringing = try #require(try await stage.temporary.rows("select id from dial_attempts limit 1").first).uuid(
            "id")
        _ = try await stage.temporary.rows(
            "update dial_attempts set state = 'in_call', requested_at = now() where id = $1", [.uuid(ringing)])

        let stopped = try await stage.temporary.database.transaction(tenant: .initial) {
            try CampaignStop.everything(reason: "enough", endsTalks: true, in: $0)
        }

        #expect(stopped.campaigns == 1 && stopped.cancelled == 2 && stopped.hungUp == 1)
        #expect(try await stage.count("campaigns where status = 'paused' and reason = 'enough'") == 1)
        #expect(try await stage.count("dial_attempts where state = 'ended' and outcome = 'cancelled'") == 2)
        #expect(try await stage.count("jobs where kind = 'call.drop'") == 1)
        #expect(try await stage.claim(campaign) == CampaignClaim.Result())
    }

    @Test func `two contacts that turn out to be one are in a campaign once`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        let people = try await stage.enrol(2, in: campaign)
        _ = try await stage.temporary.rows(
            "update campaign_contacts set attempts = 2 where contact_id = $1", [.uuid(people[1])])

        let (kept, merged) = (people[0], people[1])
        try await stage.temporary.database.transaction(tenant: .initial) {
            _ = try $0.query(
                "select app.move_to_contact(array[$1::uuid], $2::uuid)", [.uuid(merged), .uuid(kept)])
        }

        #expect(try await stage.count("campaign_contacts") == 1)
        #expect(try await stage.enrolment(of: kept).attempts == 2)
    }
}
