import CallModel
import Database
import Foundation
import TestSupport
import Testing

@testable import Campaigns

/// Which number calls whom.
@Suite struct CallerIDChoiceTests {
    private func candidate(
        _ number: String, calls: Int = 0, isActive: Bool = true, dayMax: Int = 75
    ) throws -> CallerIDChoice.Candidate {
        .init(number: try #require(E164(number)), isActive: isActive, callsToday: calls, dayMax: dayMax, minuteMax: 3)
    }

    private func best(_ candidates: [CallerIDChoice.Candidate], for called: String) throws -> String? {
        CallerIDChoice.best(of: candidates, for: try #require(E164(called)))?.text
    }

    @Test func `the country comes first, then the state or area, then who has called least, then the order given`()
        throws
    {
        let all = [
            try candidate("+442079460100"), try candidate("+12015550100", calls: 9),
            try candidate("+13125550100", calls: 20),
            try candidate("+12015550101", calls: 2), try candidate("+14165550100"),
        ]

        // New Jersey has several codes; 551 and 201 are one area.
        #expect(try best(all, for: "+12015550177") == "+12015550101")
        #expect(try best(all, for: "+15515550177") == "+12015550101")
        #expect(try best(all, for: "+13125550177") == "+13125550100")
        #expect(try best(all, for: "+18085550177") == "+12015550101")
        #expect(try best(all, for: "+14165550177") == "+14165550100")
        #expect(try best(all, for: "+442079460177") == "+442079460100")
        // Nobody there: who has called least.
        #expect(try best(all, for: "+4930123456") == "+442079460100")
    }

    @Test func `one that rests, or is worn out, calls nobody while another can`() throws {
        let near = "+12015550177"
        #expect(
            try best([try candidate("+12015550100", isActive: false), try candidate("+442079460100")], for: near)
                == "+442079460100")
        #expect(
            try best([try candidate("+12015550100", calls: 75), try candidate("+13125550100")], for: near)
                == "+13125550100")
        #expect(try best([], for: near) == nil)
        #expect(try best([try candidate("+12015550100", isActive: false)], for: near) == "+12015550100")
    }

    @Test func `a call counts at once, within one claim too`() throws {
        var all = [try candidate("+12015550100"), try candidate("+12015550101")]
        var chosen: [String?] = []
        for _ in 0..<3 {
            let one = CallerIDChoice.best(of: all, for: try #require(E164("+12015550177")))
            CallerIDChoice.note(one, in: &all)
            chosen.append(one?.text)
        }
        #expect(chosen == ["+12015550100", "+12015550101", "+12015550100"])
    }

    @Test func `a number whose call a network blocked rests, and its users are told`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        try await stage.enrol(2, in: campaign)
        _ = try await stage.claim(campaign)
        let attempts = try await stage.temporary.rows("select id from dial_attempts").map { try $0.uuid("id") }

        try await stage.end(attempts[0], "blocked_analytics")

        #expect(
            try await stage.count(
                "phone_numbers where number = $1 and rests_until > now() + interval '23 hours' and rest_reason <> ''",
                [.text(CampaignStage.callerID)]) == 1)
        try await stage.end(attempts[1], "busy")
        _ = try await stage.temporary.rows(
            "update campaign_contacts set next_at = now() - interval '1 second' where status = 'retry_at'")
        let result = try await stage.claim(campaign)
        #expect(result.reserved == 0)
        #expect(try await stage.count("campaigns where reason = 'caller_id_unusable'") == 1)
        _ = try await stage.temporary.rows("update phone_numbers set rests_until = now() - interval '1 second'")
        _ = try await stage.temporary.rows("update campaigns set next_dial_at = now()")
        #expect(try await stage.claim(campaign).reserved == 1)
    }
}
