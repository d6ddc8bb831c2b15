import API
import Endpoints
import SimulatedCarrier

/// One caller of the demo, and what must be on record afterwards.
struct DemoScene: Sendable {
    var script: String
    /// How the screen names the caller.
    var who: String
    var title: String
    var judge: @Sendable (View.CallDetail) -> [String]

    /// What is not as it should be; empty when all is well.
    func faults(_ outcome: CallRunner.Outcome) -> [String] {
        var faults: [String] = []
        func expect(_ holds: Bool, _ fault: @autoclosure () -> String) { if !holds { faults.append(fault()) } }
        let report = outcome.report
        expect(report.status == "completed", "the call ended as \(report.status)")
        expect(report.violations.isEmpty, "the gateway broke the carrier's protocol: \(report.violations)")
        let pickup = report.pickupToFirstAudibleMs ?? .max
        expect(pickup <= 500, "pickup to first word took \(pickup) ms, more than 500")
        let silence = report.timings.longestSilenceMs
        expect(silence <= 3_000, "the caller sat in silence for \(silence) ms, more than 3000")
        guard let record = outcome.record else { return faults + ["the CRM has no record of the call"] }
        expect(
            (outcome.recordAfterMs ?? .max) <= 2_000,
            "the record took \(outcome.recordAfterMs ?? -1) ms, more than 2000")
        expect(record.usage["call"] == 1, "the call is not metered exactly once")
        return faults + judge(record)
    }

    static let all = [
        DemoScene(
            script: "qualified", who: "john", title: "John Smith: needs a phone system, has the money and decides"
        ) { record in
            var faults: [String] = []
            func expect(_ holds: Bool, _ fault: @autoclosure () -> String) { if !holds { faults.append(fault()) } }
            guard let lead = record.lead else { return ["there is no lead"] }
            expect(lead.budget == "high", "budget is \(lead.budget), not high")
            expect(lead.finding("budget")?.amount == 30_000, "the budget's amount is not 30000")
            expect(lead.authority == "yes", "authority is \(lead.authority), not yes")
            expect(lead.need == "urgent", "need is \(lead.need), not urgent")
            expect(lead.timeline == "this_month", "timeline is \(lead.timeline), not this_month")
            for name in ["budget", "authority", "need", "timeline"] {
                expect(lead.finding(name)?.evidence.isEmpty == false, "\(name) has no quote behind it")
            }
            expect(lead.contactPerson?.lowercased() == "john smith", "the name is \(lead.contactPerson ?? "missing")")
            expect(record.outcome == "meeting_booked", "the outcome is \(record.outcome ?? "missing")")
            expect(record.meetings.count == 1, "\(record.meetings.count) meetings instead of one")
            expect(record.intent == "sales_qualified", "the intent is \(record.intent ?? "missing")")
            expect(lead.leadScore >= 70, "the score is \(lead.leadScore), under 70")
            return faults
        },
        DemoScene(script: "vague", who: "david", title: "David Brown: interrupts, has no budget and does not decide") {
            record in
            var faults: [String] = []
            func expect(_ holds: Bool, _ fault: @autoclosure () -> String) { if !holds { faults.append(fault()) } }
            guard let lead = record.lead else { return ["there is no lead"] }
            expect(record.ear?["barge_ins"]?.list?.isEmpty == false, "the interruption was not noticed")
            expect(
                record.turns.contains { $0.speaker == .agent && $0.interrupted }, "no agent turn is marked interrupted"
            )
            expect(["unknown", "low"].contains(lead.budget), "budget is \(lead.budget)")
            expect(["no", "influencer"].contains(lead.authority), "authority is \(lead.authority)")
            expect(["this_year", "unknown"].contains(lead.timeline), "timeline is \(lead.timeline)")
            expect(record.meetings.isEmpty, "a meeting was booked that nobody wanted")
            expect(
                ["nurture", "not_interested", "follow_up_agreed"].contains(record.outcome ?? ""),
                "the outcome is \(record.outcome ?? "missing")")
            expect(lead.leadScore < 70, "the score is \(lead.leadScore), 70 or more")
            return faults
        },
        DemoScene(script: "opt-out", who: "nobody", title: "a caller who asks not to be called again") { record in
            var faults: [String] = []
            func expect(_ holds: Bool, _ fault: @autoclosure () -> String) { if !holds { faults.append(fault()) } }
            expect(record.outcome == "do_not_call", "the outcome is \(record.outcome ?? "missing"), not do_not_call")
            expect(record.contact?.doNotContact == true, "the contact is not marked do-not-contact")
            let refused = Set(record.consents.filter { !$0.granted }.map(\.kind))
            for kind in ["marketing_voice", "marketing_sms", "marketing_email"] {
                expect(refused.contains(kind), "no \(kind) refusal is on record")
            }
            expect(
                record.consents.contains { !$0.granted && $0.words?.isEmpty == false }, "the refusal lacks the words")
            expect(record.followUps.allSatisfy { $0.status != "Pending" }, "a follow-up is still pending")
            expect(record.meetings.isEmpty, "a meeting was booked")
            return faults
        },
        DemoScene(
            script: "regulation", who: "maria",
            title: "a caller with a question of law: agrees that specialists are asked, waits, goes on"
        ) { record in
            var faults: [String] = []
            func expect(_ holds: Bool, _ fault: @autoclosure () -> String) { if !holds { faults.append(fault()) } }
            let consents = record.consents.filter { $0.kind == "consult" }
            let agreed = consents.contains { $0.granted && $0.words?.isEmpty == false }
            expect(agreed, "no consent with its words is on record")
            guard let consult = record.consults.first, record.consults.count == 1 else {
                return faults + ["\(record.consults.count) consults instead of one"]
            }
            expect(consult.delivered, "the answer was not delivered: \(consult.ending)")
            expect(consult.answer?.isEmpty == false, "the consult has no answer")
            expect(!consult.specialists.isEmpty, "nobody was asked")
            let wait = (consult.spokenMs ?? .max) - (consult.agreedMs ?? 0)
            expect(wait <= 3_000, "the answer began \(wait) ms after the yes, more than 3000")
            expect(record.usage["consults"] == 1, "the consult is not metered exactly once")
            return faults
        },
    ]
}
