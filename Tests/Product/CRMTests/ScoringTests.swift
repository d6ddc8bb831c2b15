import CRM
import CallModel
import CallReading
import Foundation
import TestSupport
import Testing

@Suite struct ScoringTests {
    private let record = Conversation.record("A: Hello\nC: hello")

    private func qualified() -> CallInsight {
        var insight = CallInsight(extractor: "rules/1", summary: "", outcome: .meetingBooked)
        insight.intent = Finding(.salesQualified, confidence: 0.85)
        insight.bant = BANT(
            budget: Finding(.high, confidence: 0.9), budgetAmount: 30_000, authority: Finding(.yes, confidence: 0.85),
            need: Finding(.urgent, confidence: 0.8), timeline: Finding(.immediate, confidence: 0.85))
        insight.meeting = CallInsight.MeetingAgreed(
            title: "Meeting", startsAt: record.endedAt.addingTimeInterval(86_400), durationMinutes: 30)
        return insight
    }

    private func assess(
        _ insight: CallInsight, prior: PriorLead = PriorLead(), criteria: ScoringCriteria = .standard
    ) -> LeadAssessment {
        LeadAssessor.assess(insight: insight, record: record, prior: prior, criteria: criteria)
    }

    private func row(_ type: String, _ score: Int) -> LeadScoreRow {
        LeadScoreRow(scoreType: type, score: score, confidence: 1, factors: [type: score], reasoning: "")
    }

    @Test func `a qualified lead is P1, sales qualified and likely`() throws {
        let assessment = assess(qualified())

        #expect(assessment.combined >= 90)
        #expect(assessment.bucket == "P1")
        #expect(assessment.qualificationStatus == "sales_qualified")
        #expect(assessment.stage == "SQL")
        #expect(assessment.dealValue == 30_000)
        #expect((60...95).contains(assessment.winProbability))
        #expect(assessment.expectedCloseDate == record.endedAt.addingTimeInterval(14 * 86_400))
        #expect(assessment.scores.map(\.scoreType).last == "combined")
    }

    @Test func `workflow counts questions, budget, timeline and decision maker`() throws {
        let workflow = try #require(assess(qualified()).scores.first { $0.scoreType == "workflow" })

        #expect(
            workflow.factors
                == ["question_completion": 50, "budget_confirmed": 15, "timeline_defined": 15, "decision_maker": 20])
        #expect(workflow.score == 100)
    }

    @Test func `a hedged answer confirms nothing`() throws {
        var insight = qualified()
        insight.bant.budget.confidence = 0.5
        insight.bant.timeline.confidence = 0.45
        insight.bant.authority = Finding(.influencer, confidence: 0.9)

        let workflow = try #require(assess(insight).scores.first { $0.scoreType == "workflow" })

        #expect(workflow.factors == ["question_completion": 50])
    }

    @Test func `engagement counts up to its limits`() throws {
        var prior = PriorLead()
        (prior.messages.sent, prior.messages.opens, prior.messages.clicks, prior.messages.replies) = (50, 40, 1, 9)
        prior.completedCalls = 20

        let engagement = try #require(assess(qualified(), prior: prior).scores.first { $0.scoreType == "engagement" })

        #expect(engagement.factors == ["opens": 30, "clicks": 10, "replies": 25, "completed_calls": 15])
        #expect(engagement.score == 80)
    }

    @Test func `messages never sent are not held against a lead`() {
        #expect(!assess(qualified()).scores.contains { $0.scoreType == "engagement" })
    }

    @Test func `combined is the weighted mean of the types that exist`() throws {
        var prior = PriorLead()
        prior.scores = [row("manual", 20), row("behavioral", 0), row("engagement", 10)]
        var insight = qualified()
        insight.contact.company = Finding("Acme", confidence: 0.8)

        let assessment = assess(insight, prior: prior)

        // AI intent 75 + 17 + 10 → 100, engagement 5, demographic 40, workflow 100, manual 20, behavioral weighs 0.
        let expected = Double(2_500 + 125 + 600 + 2_000 + 300) / 100
        #expect(assessment.combined == Int(expected.rounded()))
        #expect(assessment.scores.last?.factors["manual"] == 20)
        #expect(!assessment.scores.contains { $0.scoreType == "manual" })
    }

    @Test func `the thresholds hold at their edges`() {
        func combined(_ score: Int) -> LeadAssessment {
            var prior = PriorLead()
            prior.scores = [row("manual", score), row("ai_intent", score)]
            return assess(CallInsight(extractor: "", summary: "", outcome: .nurture), prior: prior)
        }

        #expect(
            [39, 40, 69, 70].map { combined($0).qualificationStatus } == [
                "disqualified", "nurture", "nurture", "marketing_qualified",
            ])
        #expect([74, 75].map { combined($0).stage } == ["LEAD", "MQL"])
        #expect([49, 50, 74, 75].map { combined($0).bucket } == ["P3", "P2", "P2", "P1"])
    }

    @Test func `a stage never goes back`() {
        var prior = PriorLead()
        prior.stage = "OPPORTUNITY"

        #expect(assess(qualified(), prior: prior).stage == "OPPORTUNITY")
        #expect(
            assess(CallInsight(extractor: "", summary: "", outcome: .notInterested), prior: prior).stage
                == "OPPORTUNITY")
        prior.stage = "CUSTOMER"
        #expect(assess(qualified(), prior: prior).winProbability == 100)
        prior.stage = "LOST"
        #expect(assess(qualified(), prior: prior).stage == "SQL")
    }

    @Test func `an opt-out disqualifies whatever the score`() {
        var insight = qualified()
        insight.doNotContact = Finding("stop calling", confidence: 0.95)

        let assessment = assess(insight)

        #expect(assessment.qualificationStatus == "disqualified")
        #expect(assessment.stage == "LEAD")
        #expect(assessment.winProbability == 0)
        #expect(assessment.expectedCloseDate == nil)
    }

    @Test func `a call that tells nothing leaves the earlier intent`() {
        var prior = PriorLead()
        prior.scores = [row("ai_intent", 80)]

        let assessment = assess(CallInsight(extractor: "", summary: "", outcome: .interrupted), prior: prior)

        #expect(assessment.combined == 80)
        #expect(assessment.scores.map(\.scoreType) == ["combined"])
    }

    @Test func `a tenant's criteria are read, and nonsense is not`() {
        let criteria = ScoringCriteria(
            weightsJSON: #"{"ai_intent": 100, "manual": -5, "invented": 3}"#,
            demographicRulesJSON: #"[{"field":"company","any_of":["acme"],"points":90}]"#,
            thresholdsJSON: #"{"qualified": 60, "p1": 900}"#)

        #expect(criteria.weights["ai_intent"] == 100)
        #expect(criteria.weights["manual"] == 15)
        #expect(criteria.weights["invented"] == nil)
        #expect(
            criteria.demographicRules == [
                ScoringCriteria.DemographicRule(field: "company", anyOf: ["acme"], points: 90)
            ])
        #expect(criteria.qualifiedFrom == 60)
        #expect(criteria.p1From == 75)
        #expect(ScoringCriteria(weightsJSON: "{", demographicRulesJSON: nil, thresholdsJSON: "[]") == .standard)
    }
}
