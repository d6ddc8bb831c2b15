import CallModel
import Database
import Dialing
import Foundation
import TestSupport
import Testing

@testable import Campaigns
@testable import Compliance

/// What a campaign may spend, and how often it may call.
@Suite struct CampaignBudgetTests {
    private static func campaign(_ stage: CampaignStage, _ budget: String) async throws -> UUID {
        let campaign = try await stage.campaign()
        _ = try await stage.temporary.rows(
            "update campaigns set budget = $2::jsonb where id = $1", [.uuid(campaign), .json(budget)])
        try await stage.enrol(20, in: campaign)
        return campaign
    }

    /// Calls that are over, which the carrier has placed.
    private static func past(
        _ stage: CampaignStage, _ campaign: UUID, _ count: Int, hoursAgo: Double = 1, talkSeconds: Double? = nil
    ) async throws {
        _ = try await stage.temporary.rows(
            """
            insert into dial_attempts (
                tenant_id, campaign_id, number, caller_id, purpose, state, outcome, carrier_call_sid, created_at,
                requested_at, answered_at, ended_at)
            select $1, $2, '+13125560000', $3, 'marketing', 'ended', 'completed', 'CA' || gen_random_uuid(), at, at,
                case when $6::double precision is not null then at end, at + make_interval(secs => coalesce($6, 5))
            from generate_series(1, $4::integer) n,
                lateral (select now() - make_interval(secs => 3600 * $5::double precision) as at) t
            """,
            [
                .uuid(stage.tenant.uuid), .uuid(campaign), .text(CampaignStage.callerID), .int(count),
                .double(hoursAgo), talkSeconds.map { .double($0) } ?? .null,
            ])
    }

    private static func waiting(_ stage: CampaignStage) async throws -> (reason: String?, seconds: Int) {
        let row = try #require(
            try await stage.temporary.rows(
                "select reason, extract(epoch from next_dial_at - now())::integer as seconds from campaigns"
            ).first)
        return (try row.textOrNil("reason"), try row.int("seconds"))
    }

    @Test func `where the money is spent the campaign waits and says so, and its contacts stay where they are`()
        async throws
    {
        let stage = try await CampaignStage.make()
        let campaign = try await Self.campaign(
            stage, #"{"currency": "USD", "price_per_call": 0.5, "price_per_minute": 1, "spend_max": 10}"#)
        // 0.5 a call and two minutes each: 7.5. A call under way is 1.5 at the least.
        try await Self.past(stage, campaign, 3, talkSeconds: 60.6)

        #expect(try await stage.claim(campaign).reserved == 2)

        let (reason, seconds) = try await Self.waiting(stage)
        #expect(reason == "budget_spent" && (600...901).contains(seconds))
        #expect(try await stage.count("campaign_contacts where status = 'pending'") == 18)
        let body = try #require(
            try await stage.temporary.rows("select body from dial_receipts where not is_allowed").first
        ).text("body")
        let read = try DialReceipt(sequence: 1, previousHash: "", body: body, hash: "").read()
        #expect(read.own?.map(\.id) == ["campaign-budget"])
        #expect(read.verdict.refusals.map(\.code) == [.budgetSpent])
        #expect(read.question.budgetUse?.spent == 10.5)
        // More money, and it goes on.
        _ = try await stage.temporary.rows(
            "update campaigns set budget = jsonb_set(budget, '{spend_max}', '13')")
        #expect(try await stage.claim(campaign).reserved == 2)
    }

    @Test func `so many calls in a day, and the next one when the first of them is a day old`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await Self.campaign(stage, #"{"calls_a_day": 5}"#)
        try await Self.past(stage, campaign, 2, hoursAgo: 25)
        try await Self.past(stage, campaign, 1, hoursAgo: 23.9)
        try await Self.past(stage, campaign, 2)

        #expect(try await stage.claim(campaign).reserved == 2)

        let (reason, seconds) = try await Self.waiting(stage)
        #expect(reason == "calls_of_day_placed" && (1...361).contains(seconds), "\(seconds)")
        _ = try await stage.temporary.rows(
            "update dial_attempts set created_at = created_at - interval '10 minutes' where created_at < now() - interval '20 hours'"
        )
        _ = try await stage.temporary.rows("update campaigns set next_dial_at = now()")
        #expect(try await stage.claim(campaign).reserved == 1)
        let row = try #require(try await stage.temporary.rows("select reason from campaigns").first)
        // It waits again: five were placed.
        #expect(try row.text("reason") == "calls_of_day_placed")
    }

    @Test func `a budget that limits nothing asks nothing and stands in no receipt`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await Self.campaign(stage, #"{"currency": "USD", "price_per_call": 1000}"#)

        #expect(try await stage.claim(campaign).reserved == 16)

        let body = try #require(try await stage.temporary.rows("select body from dial_receipts").first).text("body")
        let read = try DialReceipt(sequence: 1, previousHash: "", body: body, hash: "").read()
        #expect(read.own == nil && read.question.budgetUse == nil)
    }

    @Test func `a receipt of before there were budgets is read as it was`() throws {
        let day = try #require(CalendarDay("2026-11-30"))
        let question = DialQuestion(
            at: Date(timeIntervalSince1970: 1_800_000_000), number: "+13125550000", numberKind: "mobile", country: "US",
            regions: ["US-IL"], localTimes: [.init(zone: "America/Chicago", day: day, minute: 600)],
            purpose: .marketing,
            consent: .none)
        let bytes = try JSONEncoder().encode(question)

        #expect(!String(decoding: bytes, as: UTF8.self).contains("budget_use"))
        #expect(try JSONDecoder().decode(DialQuestion.self, from: bytes) == question)
    }

    @Test func `a budget's rule without its figures lets nobody be called`() throws {
        var budget = CampaignBudget()
        budget.spendMax = 1
        let book = try RuleBook([
            "open.json": #"{"id": "open", "version": "1", "title": "Open", "countries": ["US"], "rules": []}"#
        ])
        let day = try #require(CalendarDay("2026-11-30"))
        let question = DialQuestion(
            at: Date(timeIntervalSince1970: 1_800_000_000), number: "+13125550000", numberKind: "mobile", country: "US",
            regions: ["US-IL"], localTimes: [.init(zone: "America/Chicago", day: day, minute: 600)],
            purpose: .marketing,
            consent: .none)

        #expect(!DialGate(book, sets: ["open"], own: budget.rules).decide(question).isAllowed)
        #expect(DialGate(book, sets: ["open"], own: CampaignBudget().rules).decide(question).isAllowed)
    }
}
