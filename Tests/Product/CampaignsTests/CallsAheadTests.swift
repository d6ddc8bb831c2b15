import CallModel
import Database
import Foundation
import TestSupport
import Testing

@testable import Campaigns

@Suite struct CallsAheadTests {
    /// A third answers after 12 s, and talks for a minute and a half.
    private static func measure(calls: Int = 500, reached: Int = 1_000, abandoned: Int = 0) -> PaceMeasure {
        var measure = PaceMeasure()
        (measure.calls, measure.answered) = (calls, calls * 3 / 10)
        (measure.ringSeconds, measure.talkSeconds) = (12, 90)
        (measure.reached, measure.abandoned) = (reached, abandoned)
        return measure
    }

    @Test func `a ceiling of nothing is a progressive pace, whatever has happened`() {
        for measure in [PaceMeasure(), Self.measure(), Self.measure(reached: 1_000_000)] {
            for talking in 0...12 {
                #expect(CallsAhead(places: 10, abandonMax: 0).underWayMax(talking: talking, after: measure) == 10)
            }
        }
        #expect(CampaignPace(mode: .predictive).ahead == nil)
        #expect(CampaignPace(mode: .predictive, abandonMax: 0).ahead == nil)
        #expect(CampaignPace(mode: .progressive, abandonMax: 0.03).ahead == nil)
        #expect(CampaignPace(mode: .predictive, abandonMax: 0.03).ahead?.places == 5)
    }

    @Test func `while few were reached, and once the share is used up, there is no call ahead`() {
        let ahead = CallsAhead(places: 10, abandonMax: 0.03)

        #expect(ahead.underWayMax(talking: 0, after: PaceMeasure()) == 10)
        #expect(ahead.underWayMax(talking: 0, after: Self.measure(reached: 33)) == 10)
        #expect(ahead.underWayMax(talking: 0, after: Self.measure(reached: 34)) == 11)
        #expect(ahead.underWayMax(talking: 0, after: Self.measure(abandoned: 29)) == 11)
        #expect(ahead.underWayMax(talking: 0, after: Self.measure(abandoned: 30)) == 10)
        #expect(ahead.underWayMax(talking: 0, after: Self.measure(abandoned: 300)) == 10)
    }

    @Test func `were every call ahead abandoned, the ceiling would still be kept`() {
        for reached in stride(from: 0, through: 3_000, by: 37) {
            for abandoned in [0, 1, 5, 20, 90] {
                for talking in [0, 5, 10] {
                    let measure = Self.measure(reached: reached, abandoned: abandoned)
                    let most = CallsAhead(places: 10, abandonMax: 0.03).underWayMax(talking: talking, after: measure)
                    guard most > 10 else { continue }
                    #expect(Double(abandoned + most - 10) <= 0.03 * Double(reached), "\(reached), \(abandoned)")
                }
            }
        }
    }

    @Test func `of those who are expected to answer no more than the share find everybody talking`() {
        // Independent of how it is worked out: all that may happen, one by one.
        func binomial(_ count: Int, _ rate: Double) -> [Double] {
            (0..<count).reduce([1.0]) { chances, _ in
                zip([0] + chances, chances + [0]).map { $0 * rate + $1 * (1 - rate) }
            }
        }
        let (ahead, measure) = (CallsAhead(places: 10, abandonMax: 0.03), Self.measure(reached: 100_000))
        func share(ringing: Int, talking: Int) -> Double {
            let rate = ahead.answerRateMax(measure)
            var (abandoned, answered) = (0.0, 0.0)
            for (answers, chance) in binomial(ringing, rate).enumerated() {
                answered += chance * Double(answers)
                for (ends, also) in binomial(talking, 12.0 / 102).enumerated() {
                    abandoned += chance * also * Double(max(answers - ends - (10 - talking), 0))
                }
            }
            return answered > 0 ? abandoned / answered : 0
        }

        for talking in 0...10 {
            let most = ahead.underWayMax(talking: talking, after: measure)
            #expect(share(ringing: most - talking, talking: talking) <= 0.03 + 1e-9, "\(talking)")
            #expect(most == 40 || share(ringing: most - talking + 1, talking: talking) > 0.03, "\(talking)")
        }
        #expect(ahead.underWayMax(talking: 0, after: measure) > 15)
    }

    @Test func `the fewer calls there were, the more of the next are thought to be answered`() {
        let ahead = CallsAhead(places: 10, abandonMax: 0.03)
        let rates = [1, 10, 50, 500].map { ahead.answerRateMax(Self.measure(calls: $0)) }

        #expect(rates == rates.sorted(by: >))
        #expect(rates[0] > 0.7 && (0.3..<0.36).contains(rates[3]))
        #expect(ahead.answerRateMax(PaceMeasure()) == 1)
    }

    @Test func `figures of nonsense bring no call more than there are places`() {
        for share in [-1, .nan, .infinity, 1e9] {
            let ahead = CallsAhead(places: 3, abandonMax: share)
            #expect(ahead.abandonMax <= 0.03)
            #expect(ahead.underWayMax(talking: 50, after: Self.measure()) == 3)
        }
        var odd = Self.measure(reached: 100_000)
        (odd.ringSeconds, odd.talkSeconds) = (-.infinity, .nan)
        #expect(CallsAhead(places: 3, abandonMax: 0.03).underWayMax(talking: 3, after: odd) <= 12)
    }

    @Test func `a thousand agents are no long computation`() {
        let ahead = CallsAhead(places: 1_000, abandonMax: 0.03)

        #expect(ahead.underWayMax(talking: 900, after: Self.measure(reached: 1_000_000)) > 1_100)
    }
}

/// Over a real database.
@Suite struct PredictiveClaimTests {
    /// Calls of a campaign that are over, one second apart, `days` ago.
    private static func past(
        _ stage: CampaignStage, _ campaign: UUID, _ count: Int, days: Double = 1, answeredBy: String? = nil,
        firstWordMs: Int? = 300, talkSeconds: Int? = 60
    ) async throws {
        _ = try await stage.temporary.rows(
            """
            insert into dial_attempts (
                tenant_id, campaign_id, number, caller_id, purpose, state, outcome, created_at, requested_at, answered_at,
                ended_at, answered_by, first_word_ms_after_greeting)
            select $1, $2, '+1312556' || lpad(n::text, 4, '0'), $3, 'marketing', 'ended',
                case when $8::integer is null then 'no_answer' else 'completed' end, at, at,
                case when $8::integer is not null then at + interval '12 seconds' end,
                at + make_interval(secs => 12 + coalesce($8, 13)), $6, $7
            from generate_series(1, $4::integer) n,
                lateral (select now() - make_interval(secs => 86400 * $5::double precision - n) as at) t
            """,
            [
                .uuid(stage.tenant.uuid), .uuid(campaign), .text(CampaignStage.callerID), .int(count), .double(days),
                .text(answeredBy), .int(firstWordMs), .int(talkSeconds),
            ])
    }

    private static let pace = #"{"mode": "predictive", "calls_max": 4, "abandon_max": 0.03}"#

    @Test func `calls go ahead of the places once enough people were reached, and not where some heard nobody`()
        async throws
    {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign(pace: Self.pace)
        let people = try await stage.enrol(40, in: campaign)
        #expect(try await stage.claim(campaign).reserved == 4)
        #expect(try await stage.claim(campaign).isBlocked)

        // Of a hundred reached three may be let down.
        try await Self.past(stage, campaign, 100, answeredBy: "person")
        try await Self.past(stage, campaign, 300, talkSeconds: nil)
        #expect(try await stage.claim(campaign).reserved == 3)
        try await Self.past(stage, campaign, 2, days: 2, answeredBy: "person", firstWordMs: 2_001)
        try await stage.end(try #require(try await stage.enrolment(of: people[0]).attempt), "no_answer")
        #expect(try await stage.claim(campaign).isBlocked)
        // They were a month ago.
        _ = try await stage.temporary.rows(
            "update dial_attempts set ended_at = ended_at - interval '30 days' where first_word_ms_after_greeting > 2000"
        )
        #expect(try await stage.claim(campaign).reserved == 1)
    }

    @Test func `abandoned is who answered and heard nobody in time, and no machine`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign(pace: Self.pace)
        try await Self.past(stage, campaign, 1, answeredBy: "person", firstWordMs: 2_000)
        try await Self.past(stage, campaign, 2, answeredBy: "person", firstWordMs: nil, talkSeconds: 2)
        try await Self.past(stage, campaign, 4, answeredBy: "person", firstWordMs: nil, talkSeconds: 1)
        // Nobody of ours was there.
        try await Self.past(stage, campaign, 8, firstWordMs: nil)
        try await Self.past(stage, campaign, 16, answeredBy: "voicemail", firstWordMs: nil)
        try await Self.past(stage, campaign, 32, days: 31, answeredBy: "person", firstWordMs: nil)
        try await Self.past(stage, campaign, 64, talkSeconds: nil)

        let (measure, talking) = try await stage.temporary.database.transaction(tenant: stage.tenant) {
            try PaceMeasure.read(campaign, in: $0)
        }

        #expect(talking == 0)
        #expect(measure.reached == 1 + 2 + 4 + 8 && measure.abandoned == 2 + 8)
        #expect(measure.calls == 127 && measure.answered == 63)
        #expect(abs(measure.ringSeconds - 12) < 0.01 && (30..<70).contains(measure.talkSeconds))
    }
}
