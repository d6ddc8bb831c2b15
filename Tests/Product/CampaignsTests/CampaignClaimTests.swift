import CallModel
import Database
import Dialing
import Foundation
import TestSupport
import Testing

@testable import Campaigns
@testable import Compliance

/// Contacts are taken, asked about, and moved on, over a real database.
@Suite struct CampaignClaimTests {
    @Test func `who is due is asked about, and called if the rules allow it: one receipt and one call each`()
        async throws
    {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        let people = try await stage.enrol(3, in: campaign)

        let result = try await stage.claim(campaign)

        #expect(result == CampaignClaim.Result(reserved: 3))
        #expect(try await stage.count("dial_receipts where is_allowed and campaign_id = $1", [.uuid(campaign)]) == 3)
        #expect(try await stage.count("jobs where kind = 'call.place'") == 3)
        for person in people {
            let enrolment = try await stage.enrolment(of: person)
            #expect(enrolment.status == "dialling" && enrolment.attempt != nil)
        }
        #expect(try await stage.claim(campaign) == CampaignClaim.Result())
        #expect(try await stage.count("dial_attempts") == 3)
    }

    @Test func `processes that dial side by side call nobody twice, forget nobody, and keep to the places`()
        async throws
    {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign(pace: #"{"calls_max": 20}"#)
        try await stage.enrol(60, in: campaign)
        let others = (0..<3).map { _ in
            Database(url: stage.temporary.appURL, connectionsMax: 2)
        }
        let desk = try stage.desk

        for _ in 0..<3 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for database in others {
                    group.addTask {
                        for _ in 0..<20 {
                            let claim = CampaignClaim(campaign, callsMax: 1_000, desk: desk)
                            _ = try await database.transaction(tenant: .initial, timeoutMs: 60_000) {
                                try claim.take(in: $0)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await stage.count("dial_attempts where state <> 'ended'") == 20)
            let underWay = try await stage.temporary.rows("select id from dial_attempts where state <> 'ended'")
            for row in underWay { try await stage.end(try row.uuid("id"), "completed") }
        }

        #expect(try await stage.count("dial_attempts") == 60)
        #expect(try await stage.count("(select distinct number from dial_attempts) a") == 60)
        #expect(try await stage.count("campaign_contacts where status = 'completed' and attempts = 1") == 60)
        for database in others { await database.close() }
    }

    @Test func `places are those of the campaign and of the tenant, and free again when a call is over`() async throws {
        let stage = try await CampaignStage.make()
        let first = try await stage.campaign(pace: #"{"calls_max": 3}"#)
        let second = try await stage.campaign(pace: #"{"calls_max": 3}"#)
        let people = try await stage.enrol(5, in: first)
        try await stage.enrol(5, in: second, from: 100)

        #expect(try await stage.claim(first, callsMax: 4).reserved == 3)
        #expect(try await stage.claim(second, callsMax: 4).reserved == 1)
        let full = try await stage.claim(second, callsMax: 4)
        #expect(full.isBlocked && full.reserved == 0)

        let attempt = try #require(try await stage.enrolment(of: people[0]).attempt)
        try await stage.end(attempt, "completed")
        #expect(try await stage.claim(second, callsMax: 4).reserved == 1)
        #expect(try await stage.claim(first, callsMax: 4).isBlocked)
    }

    @Test func `a fixed pace lets one call begin at a time`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign(pace: #"{"mode": "fixed", "calls_per_second": 0.05, "calls_max": 50}"#)
        try await stage.enrol(5, in: campaign)

        #expect(try await stage.claim(campaign).reserved == 1)
        #expect(try await stage.claim(campaign) == CampaignClaim.Result())
        _ = try await stage.temporary.rows("update campaigns set next_dial_at = next_dial_at - interval '20 seconds'")
        #expect(try await stage.claim(campaign).reserved == 1)
    }

    @Test func `who is out of hours waits for the opening, who has no number and whom the rules exclude is refused`()
        async throws
    {
        // Open for one minute a week: twelve hours from now, where they live.
        let stage = try await CampaignStage.make(
            rules:
                #"{"id": "noon", "version": "1", "source": "test", "regions": ["US-IL"], "hours": {"mon": ["00:00", "00:01"]}}"#
        )
        let campaign = try await stage.campaign()
        let people = try await stage.enrol(3, in: campaign)
        _ = try await stage.temporary.rows(
            "update contacts set phone = null where id = $1", [.uuid(people[1])])
        _ = try await stage.temporary.rows(
            "update contacts set phone = '+447700900123' where id = $1", [.uuid(people[2])])

        let result = try await stage.claim(campaign)

        #expect(result == CampaignClaim.Result(refused: 2, postponed: 1))
        let waiting = try await stage.enrolment(of: people[0])
        #expect(waiting.status == "scheduled" && waiting.reason == "outside_hours")
        let opening = try await stage.temporary.rows(
            """
            select to_char(next_at at time zone 'America/Chicago', 'Dy HH24:MI') as at from campaign_contacts
            where contact_id = $1
            """, [.uuid(people[0])])
        #expect(try opening.first?.text("at") == "Mon 00:00")
        #expect(try await stage.enrolment(of: people[1]).reason == "no_number")
        let abroad = try await stage.enrolment(of: people[2])
        #expect(abroad.status == "refused" && abroad.reason == "country_not_covered")
        #expect(try await stage.count("dial_receipts where not is_allowed and campaign_id is not null") == 2)
        #expect(try await stage.count("campaign_activities where activity_type = 'dial_refused'") == 2)
        #expect(try await stage.count("dial_attempts") == 0)
    }

    @Test func `the campaign's own hours hold besides the rules, and stand in its receipts`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign(schedule: #"{"hours": {"mon": ["00:00", "00:01"]}}"#)
        let people = try await stage.enrol(1, in: campaign)

        #expect(try await stage.claim(campaign).postponed == 1)

        #expect(try await stage.enrolment(of: people[0]).reason == "outside_hours")
        let body = try #require(try await stage.temporary.rows("select body from dial_receipts").first).text("body")
        let receipt = DialReceipt(sequence: 1, previousHash: "", body: body, hash: "")
        let read = try receipt.read()
        #expect(read.own?.map(\.id) == ["campaign-hours"])
        #expect(read.verdict.refusals.map(\.rule) == ["campaign-hours"])
    }

    @Test func `a caller id that has called enough holds up the campaign, not its contacts`() async throws {
        let stage = try await CampaignStage.make(
            rules: #"{"id": "worn", "version": "1", "source": "test", "caller_id": {"a_day": 100, "a_minute": 2}}"#)
        let campaign = try await stage.campaign()
        let people = try await stage.enrol(5, in: campaign)
        // Two calls were placed just now.
        for number in ["+13125559990", "+13125559991"] {
            _ = try await stage.temporary.rows(
                """
                insert into dial_attempts (
                    tenant_id, number, caller_id, purpose, state, requested_at, ended_at, outcome)
                values ($1, $2, $3, 'marketing', 'ended', now(), now(), 'busy')
                """, [.uuid(TenantID.initial.uuid), .text(number), .text(CampaignStage.callerID)])
        }

        #expect(try await stage.claim(campaign) == CampaignClaim.Result())

        #expect(try await stage.count("dial_receipts") == 1)
        let waiting = try await stage.enrolment(of: people[0])
        #expect(waiting.status == "pending" && waiting.reason == nil)
        let row = try #require(
            try await stage.temporary.rows(
                "select reason, extract(epoch from next_dial_at - now())::integer as seconds from campaigns"
            ).first)
        #expect(try row.text("reason") == "caller_id_worn_out")
        #expect(try (50...61).contains(row.int("seconds")))
    }

    @Test func `calls that a caller id is about to place count as placed`() async throws {
        let stage = try await CampaignStage.make(
            rules: #"{"id": "worn", "version": "1", "source": "test", "caller_id": {"a_day": 100, "a_minute": 3}}"#)
        let campaign = try await stage.campaign()
        try await stage.enrol(8, in: campaign)

        #expect(try await stage.claim(campaign).reserved == 3)

        #expect(try await stage.claim(campaign) == CampaignClaim.Result())
        #expect(try await stage.count("dial_attempts") == 3)
    }

    @Test func `of several caller ids each has its turn, and one that is not in use has none`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        try await stage.enrol(6, in: campaign)
        _ = try await stage.temporary.rows(
            """
            insert into phone_numbers (tenant_id, number, profile_id, is_active)
            select $1, n, (select p.id from profiles p where p.tenant_id = $1 limit 1), n <> '+15550100103'
            from unnest('{+15550100101,+15550100102,+15550100103}'::text[]) n
            """, [.uuid(TenantID.initial.uuid)])
        _ = try await stage.temporary.rows(
            "update campaigns set caller_ids = '{+15550100103,+15550100101,+15550100102}'")

        #expect(try await stage.claim(campaign).reserved == 6)

        for (number, calls) in [("+15550100101", 3), ("+15550100102", 3), ("+15550100103", 0)] {
            #expect(try await stage.count("dial_attempts where caller_id = $1", [.text(number)]) == calls)
        }
    }

    @Test(arguments: [
        ("update contacts set state = 'Florida'", "outside_hours"),
        ("update contacts set state = 'US-FL'", "outside_hours"),
        ("update contacts set timezone = 'Mars/Olympus_Mons'", "place_unknown"),
        // Somebody else has the same telephone, and lives there.
        (
            "insert into contacts (tenant_id, contact_name, phone, state) select tenant_id, 'Other', phone, 'fl' from contacts",
            "outside_hours"
        ),
    ])
    func `where whoever has the number says to be counts as well as the number`(_ change: String, _ reason: String)
        async throws
    {
        let stage = try await CampaignStage.make(
            rules: #"{"id": "never", "version": "1", "source": "test", "regions": ["US-FL"], "hours": {}}"#)
        let campaign = try await stage.campaign()
        let person = try await stage.enrol(1, in: campaign)[0]
        _ = try await stage.temporary.rows(change)

        #expect(try await stage.claim(campaign).reserved == 0)

        #expect(try await stage.enrolment(of: person).reason == reason)
    }

    @Test func `a campaign that is paused, over, or whose tenant is stopped takes nobody`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        try await stage.enrol(2, in: campaign)

        for (halt, go) in [
            ("update campaigns set status = 'paused'", "update campaigns set status = 'active'"),
            ("update campaigns set ends_at = now()", "update campaigns set ends_at = null"),
            ("update tenants set calls_stopped_at = now()", "update tenants set calls_stopped_at = null"),
            ("update tenants set is_active = false", "update tenants set is_active = true"),
        ] {
            _ = try await stage.temporary.rows(halt)
            #expect(try await stage.claim(campaign) == CampaignClaim.Result(), "\(halt)")
            _ = try await stage.temporary.rows(go)
        }

        #expect(try await stage.claim(campaign).reserved == 2)
    }

    @Test func `somebody whose number is in a call waits for its end`() async throws {
        let stage = try await CampaignStage.make()
        let (first, second) = (try await stage.campaign(), try await stage.campaign())
        let people = try await stage.enrol(1, in: first)
        _ = try await stage.temporary.rows(
            "insert into campaign_contacts (tenant_id, campaign_id, contact_id) values ($1, $2, $3)",
            [.uuid(TenantID.initial.uuid), .uuid(second), .uuid(people[0])])

        #expect(try await stage.claim(first).reserved == 1)
        #expect(try await stage.claim(second).postponed == 1)

        #expect(
            try await stage.count(
                "campaign_contacts where campaign_id = $1 and status = 'scheduled' and reason = 'number_in_call'",
                [.uuid(second)]) == 1)
    }
}
