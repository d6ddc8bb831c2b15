import CallModel
import Database
import Foundation
import Jobs
import TestSupport
import Testing

@testable import Campaigns
@testable import Dialing

/// What the dialer does by itself, and the last look before the carrier is asked.
@Suite struct CampaignDialerTests {
    private func dialer(_ stage: CampaignStage) -> CampaignDialer {
        CampaignDialer(database: stage.temporary.database, settings: .init(callsMax: 50))
    }

    private func status(_ stage: CampaignStage, _ campaign: UUID) async throws -> String {
        try #require(
            try await stage.temporary.rows("select status from campaigns where id = $1", [.uuid(campaign)]).first
        ).text("status")
    }

    @Test func `a campaign begins at its time, asks about everybody, and is completed when nobody is left`()
        async throws
    {
        let stage = try await CampaignStage.make()
        // By the rules that ship: who has not agreed in writing is not called by an AI.
        _ = try await stage.temporary.rows("update tenants set calling_rule_sets = '{us}'")
        let campaign = try await stage.campaign(status: "scheduled")
        let people = try await stage.enrol(2, in: campaign)
        _ = try await stage.temporary.rows("update campaigns set starts_at = now() + interval '1 hour'")
        let dialer = dialer(stage)

        _ = try await dialer.round()
        #expect(try await status(stage, campaign) == "scheduled")
        _ = try await stage.temporary.rows("update campaigns set starts_at = now() - interval '1 second'")
        for _ in 0..<50 {
            _ = try await dialer.round()
            if try await status(stage, campaign) == "completed" { break }
        }

        #expect(try await status(stage, campaign) == "completed")
        for person in people {
            #expect(try await stage.enrolment(of: person).status == "refused")
        }
        #expect(try await stage.count("dial_attempts") == 0)
        #expect(try await stage.count("dial_receipts where not is_allowed") == 2)
    }

    @Test func `one whose time is over is completed though somebody waits`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        try await stage.enrol(1, in: campaign)
        _ = try await stage.temporary.rows("update campaigns set ends_at = now()")

        _ = try await dialer(stage).round()

        #expect(try await status(stage, campaign) == "completed")
        #expect(try await stage.count("dial_receipts") == 0)
    }

    @Test(arguments: [
        "update campaigns set status = 'paused'",
        "update campaigns set status = 'stopped', ended_at = now()",
        "update tenants set calls_stopped_at = now()",
        "update contacts set do_not_contact = true",
        // The hours are over that it was allowed in.
        "update dial_attempts set valid_until = now()",
    ])
    func `what was stopped after the gate and before the carrier was asked is not placed`(_ halt: String) async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        let person = try await stage.enrol(1, in: campaign)[0]
        try await stage.claim(campaign)
        let attempt = try #require(try await stage.enrolment(of: person).attempt)
        _ = try await stage.temporary.rows(halt)

        let order = try await stage.temporary.database.transaction(tenant: .initial) {
            try DialOrder.take(attempt, hasPlace: true, in: $0) != nil
        }

        #expect(!order)
        #expect(
            try await stage.count(
                "dial_attempts where id = $1 and state = 'ended' and requested_at is null", [.uuid(attempt)])
                == 1)
    }

    @Test func `what nobody stopped is placed once, and the next who takes it asks what became of it`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        let person = try await stage.enrol(1, in: campaign)[0]
        try await stage.claim(campaign)
        let attempt = try #require(try await stage.enrolment(of: person).attempt)

        let kinds = try await stage.temporary.database.transaction(tenant: .initial) { tx in
            try (0..<2).map { _ in
                switch try DialOrder.take(attempt, hasPlace: true, in: tx) {
                case .fresh: "fresh"
                case .asked: "asked"
                case nil: "none"
                }
            }
        }

        #expect(kinds == ["fresh", "asked"])
    }

    @Test func `a node that has no place for a call leaves it to whoever has one, and reserves no more than it has`()
        async throws
    {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        try await stage.enrol(5, in: campaign)
        #expect(try await stage.claim(campaign, placesHere: 2).reserved == 2)
        #expect(
            try await stage.claim(campaign, placesHere: 2) == CampaignClaim.Result(isBlocked: true),
            "both places are promised")
        let attempt = try #require(
            try await stage.temporary.rows("select id from dial_attempts limit 1").first
        ).uuid("id")

        await #expect(throws: JobFailure.self) {
            try await stage.temporary.database.transaction(tenant: .initial) {
                _ = try DialOrder.take(attempt, hasPlace: false, in: $0)
            }
        }

        #expect(try await stage.count("dial_attempts where state = 'reserved'") == 2)
    }

    @Test func `a call that was asked for a minute ago is in the carrier's list, by the database's clock`() async throws
    {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        let person = try await stage.enrol(1, in: campaign)[0]
        try await stage.claim(campaign)
        let attempt = try #require(try await stage.enrolment(of: person).attempt)

        var listed: [Bool] = []
        for age in ["0 seconds", "50 seconds", "61 seconds"] {
            _ = try await stage.temporary.rows(
                "update dial_attempts set state = 'requesting', requested_at = now() - $1::interval", [.text(age)])
            let order = try await stage.temporary.database.transaction(tenant: .initial) {
                try DialOrder.take(attempt, hasPlace: true, in: $0)
            }
            if case .asked(let call)? = order { listed.append(call.isListed) }
        }

        #expect(listed == [false, false, true])
    }
}
