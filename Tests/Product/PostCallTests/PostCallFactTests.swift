import CallModel
import FoundationEssentials
import TestSupport
import Testing

@testable import CRM
@testable import CallReading
@testable import PostCall

@Suite struct PostCallFactTests {
    private let base = CallInsight(extractor: "llm/test", summary: "s", outcome: .nurture)

    /// A call with these facts, the first after ten seconds, each a second later.
    private func record(_ facts: [CallFact], endReason: String = "caller_hangup") -> CallRecord {
        var record = CallRecord(opening: .sample())
        record.facts = facts
        record.factsAtMs = facts.indices.map { 10_000 + $0 * 1_000 }
        record.ending = CallEnding(reason: endReason, endedAt: record.opening.rangAt, ear: EarLedger())
        return record
    }

    @Test func `what a tool settled beats what was read from the text`() {
        var insight = base
        insight.contact.name = Finding("John", confidence: 0.6)
        insight.bant.budget = Finding(.low, confidence: 0.8)

        let merged = FactMerge.insight(
            insight,
            record: record([
                .contactDetails(name: "Joan Doe", email: "Joan@Acme.example", company: nil, position: nil),
                .qualification(
                    budget: nil, budgetAmount: 30_000, authority: "yes", need: "urgent", timeline: "this_month",
                    notes: nil),
            ]))

        #expect(merged.contact.name?.value == "Joan Doe")
        #expect(merged.contact.email?.value == "joan@acme.example")
        #expect(merged.bant.budget.value == .high)
        #expect(merged.bant.budgetAmount == 30_000)
        #expect(merged.bant.authority.value == .yes)
        #expect(merged.bant.timeline.value == .thisMonth)
    }

    @Test func `an unknown, an impossible amount and a broken address from a tool change nothing`() {
        var insight = base
        insight.bant.need = Finding(.urgent, confidence: 0.9)
        insight.bant.budget = Finding(.medium, confidence: 0.9)

        let merged = FactMerge.insight(
            insight,
            record: record([
                .qualification(
                    budget: nil, budgetAmount: .nan, authority: "boss", need: "unknown", timeline: nil, notes: nil),
                .contactDetails(name: " \n ", email: "at example dot com", company: nil, position: nil),
            ]))

        #expect(merged.bant == insight.bant)
        #expect(merged.contact == insight.contact)
    }

    @Test func `the last of several bookings holds and makes the outcome`() {
        let monday = Date(timeIntervalSince1970: 1_790_100_000)

        let merged = FactMerge.insight(
            base,
            record: record([
                .meetingBooked(title: "Demo", startsAt: monday, durationMinutes: 30),
                .meetingBooked(title: "Demo", startsAt: monday.addingTimeInterval(3_600), durationMinutes: 30),
                .followUpAgreed(dueAt: nil, reason: "send the deck"),
            ]))

        #expect(merged.meeting?.startsAt == monday.addingTimeInterval(3_600))
        #expect(merged.outcome == .meetingBooked)
    }

    @Test func `an opt-out outweighs every other outcome and plans nothing`() {
        let merged = FactMerge.insight(
            base,
            record: record(
                [
                    .doNotContact(words: "take me off your list"),
                    .meetingBooked(title: "Demo", startsAt: .now, durationMinutes: 30),
                    .followUpAgreed(dueAt: .now, reason: "call back"),
                ], endReason: "transferred"))

        #expect(merged.outcome == .doNotCall)
        #expect(merged.intent.value == .optOut)
        #expect(merged.followUpNamedAt == nil)
        #expect(FactMerge.interrupted(merged).outcome == .doNotCall)
    }

    @Test func `a call cut short is interrupted unless something binding was settled`() {
        var qualified = base
        qualified.outcome = .qualified
        let booked = FactMerge.insight(
            qualified, record: record([.meetingBooked(title: "Demo", startsAt: .now, durationMinutes: 30)]))

        #expect(FactMerge.interrupted(qualified).outcome == .interrupted)
        #expect(FactMerge.interrupted(booked).outcome == .meetingBooked)
    }

    @Test func `what the caller says after a tool call stands against it`() {
        var insight = base
        let later = Evidence(turnNumber: 9, speaker: .caller, words: "no hurry", startedMs: 30_000, endedMs: 31_000)
        insight.bant.timeline = Finding(.thisYear, confidence: 0.8, evidence: [later])
        insight.bant.budget = Finding(.unknown, confidence: 0.6, evidence: [later])

        let merged = FactMerge.insight(
            insight,
            record: record([
                .qualification(
                    budget: "high", budgetAmount: 90_000, authority: nil, need: nil, timeline: "immediate", notes: nil)
            ]))

        #expect(merged.bant == insight.bant)
    }

    @Test func `an extractor that read the facts itself is not overruled, save by an opt-out`() {
        var insight = CallInsight(extractor: "rules/1", summary: "s", outcome: .nurture)
        insight.bant.authority = Finding(.influencer, confidence: 0.5)
        let facts: [CallFact] = [
            .qualification(
                budget: nil, budgetAmount: nil, authority: "yes", need: nil, timeline: nil, notes: nil),
            .meetingBooked(title: "cancelled later", startsAt: .now, durationMinutes: 30),
        ]

        let merged = FactMerge.insight(insight, record: record(facts))
        let stopped = FactMerge.insight(insight, record: record(facts + [.doNotContact(words: "stop")]))

        #expect(merged == insight)
        #expect(stopped.outcome == .doNotCall)
        #expect(stopped.doNotContact?.value == "stop")
    }

    @Test func `a call that says nothing of a field leaves what was known`() {
        var lead = LeadState(id: UUID())
        lead.budget = .high
        lead.need = .urgent
        lead.findings["budget"] = StoredFinding(
            value: "high", confidence: 0.9, amount: 40_000, currency: "USD", evidence: [], callId: "x")

        let merged = FactMerge.bant(BANT(), over: lead)

        #expect(merged.budget.value == .high)
        #expect(merged.budgetAmount == 40_000)
        #expect(merged.need.value == .urgent)
        #expect(merged.timeline.value == .unknown)
    }

    @Test func `a clear newer answer replaces an older one and a hedged one does not`() {
        var lead = LeadState(id: UUID())
        lead.timeline = .immediate
        lead.findings["timeline"] = StoredFinding(value: "immediate", confidence: 0.9, evidence: [], callId: "x")

        let clear = FactMerge.bant(BANT(timeline: Finding(.thisYear, confidence: 0.7)), over: lead)
        let hedged = FactMerge.bant(BANT(timeline: Finding(.thisYear, confidence: 0.4)), over: lead)

        #expect(clear.timeline.value == .thisYear)
        #expect(hedged.timeline.value == .immediate)
    }

    @Test func `a contact value is replaced only by a surer one, and never when a person entered it`() {
        let recorded = StoredFinding(value: "Jon", confidence: 0.6, evidence: [], callId: "x")
        let surer = Finding("Joan", confidence: 0.9)

        #expect(FactMerge.contactValue(known: nil, recorded: nil, found: surer) == "Joan")
        #expect(FactMerge.contactValue(known: "Jon", recorded: recorded, found: surer) == "Joan")
        #expect(
            FactMerge.contactValue(known: "Jon", recorded: recorded, found: Finding("Joan", confidence: 0.5)) == nil)
        #expect(FactMerge.contactValue(known: "Jonathan", recorded: recorded, found: surer) == nil)
        #expect(FactMerge.contactValue(known: "Joan", recorded: nil, found: surer) == nil)
        #expect(FactMerge.contactValue(known: "Jon", recorded: recorded, found: nil) == nil)
    }

    @Test func `a call never moves a lead back`() {
        var lead = LeadState(id: UUID())
        lead.stage = "SQL"
        #expect(lead.stage(after: "LEAD") == "SQL")
        #expect(lead.stage(after: "OPPORTUNITY") == "OPPORTUNITY")
        #expect(lead.stage(after: "LOST") == "LOST")
        lead.stage = "LOST"
        #expect(lead.stage(after: "LEAD") == "LOST")
        #expect(lead.stage(after: "MQL") == "MQL")
        lead.stage = "CUSTOMER"
        #expect(lead.stage(after: "LOST") == "CUSTOMER")
    }

    @Test func `an agent that says it is an AI discloses it, and one that says aim does not`() {
        func turn(_ text: String, _ speaker: Speaker = .agent) -> Turn {
            Turn(number: 1, speaker: speaker, startedMs: 0, endedMs: 1, text: text)
        }

        #expect(CallCommit.disclosesAI(turn("Hello, this is Clara, the AI assistant of Parley.")))
        #expect(CallCommit.disclosesAI(turn("I am a virtual assistant")))
        #expect(!CallCommit.disclosesAI(turn("Our aim is to help")))
        #expect(!CallCommit.disclosesAI(turn("Are you an AI?", .caller)))
    }

    @Test func `a stored line has no control characters and is bounded`() {
        #expect(StoredText.line("  a\u{0}\n\u{1B}[2Jb ") == "a [2Jb")
        #expect(StoredText.line(" \n") == nil)
        #expect(StoredText.line(String(repeating: "x", count: 500))?.count == 200)
    }
}
