import CRM
import CallModel
import CallReading
import Consult
import FoundationEssentials
import Journal
import PostCall
import TestSupport

extension PostCallPipeline {
    /// Judgements a test can foresee: the insight given, a score of 60, a follow-up three days later.
    static func fixed(
        _ insight: CallInsight = CallInsight(extractor: "llm/test", summary: "A short call.", outcome: .nurture),
        followUp: Date? = nil
    ) -> PostCallPipeline {
        PostCallPipeline(
            insight: { _ in insight },
            assess: { _, _, _, _ in
                LeadAssessment(
                    scores: [
                        LeadScoreRow(
                            scoreType: "ai_intent", score: 60, confidence: 0.8, factors: ["asked_price": 20],
                            reasoning: "asked for a price"),
                        LeadScoreRow(
                            scoreType: "combined", score: 60, confidence: 0.8, factors: ["ai_intent": 60],
                            reasoning: "mean"),
                    ], combined: 60, bucket: "P2", qualificationStatus: "nurture", stage: "LEAD", winProbability: 20,
                    expectedCloseDate: Date(timeIntervalSince1970: 1_795_000_000), dealValue: 12_000)
            },
            plan: { _, record, _ in
                FollowUpPlan(
                    dueAt: followUp ?? record.endedAt.addingTimeInterval(3 * 86_400), reason: "timeline this_month",
                    recommendation: "Offer a demo.")
            })
    }
}

extension JournalStore {
    /// A finished journal of a short conversation.
    func record(
        _ opening: CallOpening, facts: [CallFact] = [], turns: Bool = true, ends: Bool = true,
        reason: String = "caller_hangup"
    ) async throws {
        let journal = open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.answered(streamSid: .sample, at: opening.rangAt.addingTimeInterval(1)))
        if turns {
            journal.append(
                .turn(
                    Turn(
                        number: 1, speaker: .agent, startedMs: 1_200, endedMs: 4_000,
                        text: "Hello, this is Clara, the AI assistant. How can I help you today?", interrupted: true,
                        heardText: "Hello, this is Clara, the AI assistant.")))
            journal.append(
                .turn(
                    Turn(
                        number: 2, speaker: .caller, startedMs: 3_900, endedMs: 7_000,
                        text: "We need a phone system\u{0} this month.")))
        }
        for fact in facts { journal.append(.fact(fact, atMs: 8_000)) }
        if ends {
            var ear = EarLedger()
            ear.pickupToFirstAudioMs = 210
            journal.append(
                .ended(
                    CallEnding(reason: reason, endedAt: opening.rangAt.addingTimeInterval(21), ear: ear)))
        }
        try await journal.finish()
    }

    /// A finished journal that the database refuses: its consult asked specialists without the caller's yes.
    func recordForged(_ opening: CallOpening) async throws {
        var forged = try ConsultFixture.record()
        forged.agreedMs = nil
        forged.consents = []
        let journal = open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.consult(try ConsultRecordPayload(forged), atMs: 500))
        journal.append(
            .ended(
                CallEnding(
                    reason: "caller_hangup", endedAt: opening.rangAt.addingTimeInterval(60), ear: EarLedger())))
        try await journal.finish()
    }
}
