import CallModel
import CallReading
import Foundation
import TestSupport
import Testing

@Suite struct ExtractionCallTests {
    private let qualifiedLead = """
        A: Hello, this is Clara. Who am I speaking with?
        C: hi my name is john smith from acme logistics
        A: Thanks John. How can I help you today?
        C: we need a new phone system we are losing customers because nobody answers
        A: I understand. Do you have a budget in mind?
        C: about thirty thousand dollars
        A: So about thirty thousand dollars, is that right?
        C: yes that's right
        A: Are you the person who makes the final decision?
        C: yes i make the decision
        A: And when would you like to start?
        C: as soon as possible within two weeks
        A: Would you like a meeting on Tuesday at three?
        C: yes sounds good
        A: Great, you are booked for Tuesday at three. Goodbye.
        C: thank you bye
        """

    @Test func `a qualified lead is read whole`() {
        let insight = Conversation.insight(qualifiedLead)

        #expect(insight.bant.budget.value == .high)
        #expect(insight.bant.budgetAmount == 30_000)
        #expect(insight.bant.budget.confidence >= 0.9)
        #expect(insight.bant.authority.value == .yes)
        #expect(insight.bant.need.value == .urgent)
        #expect(insight.bant.timeline.value == .immediate)
        #expect(insight.contact.name?.value == "John Smith")
        #expect(insight.contact.company?.value == "Acme Logistics")
        #expect(Conversation.moment(insight.meeting?.startsAt) == "2026-11-24 15:00")
        #expect(insight.intent.value == .salesQualified)
        #expect(insight.sentiment.value == .positive)
        #expect(insight.outcome == .meetingBooked)
        #expect(insight.doNotContact == nil)
        #expect(insight.nextStep?.value == "meeting on 2026-11-24 15:00")
        #expect(insight.summary.hasPrefix("John Smith of Acme Logistics is a qualified lead."))
        #expect(insight.extractor == "rules/1")
    }

    @Test(arguments: MachineEnding.allCases)
    func `what a machine says is nobody's word`(_ ending: MachineEnding) {
        let record = Conversation.record(qualifiedLead, ending: ending.rawValue)

        let insight = RuleExtractor().insight(for: record, context: ExtractionContext(record: record))

        #expect(insight.bant.budget.value == .unknown && insight.bant.timeline.value == .unknown)
        #expect(insight.meeting == nil && insight.contact.name == nil && insight.followUpNamedAt == nil)
        #expect(insight.intent.value != .salesQualified && insight.intent.value != .marketingQualified)
        #expect(insight.outcome == (ending == .networkAnnouncement ? .noSpeech : .voicemail))
        #expect(record.personTurns.isEmpty && !record.transcript.callerTurns.isEmpty)
    }

    @Test func `every value rests on words of the caller in the turn named`() {
        let record = Conversation.record(qualifiedLead)

        let insight = RuleExtractor().insight(for: record, context: ExtractionContext(record: record))

        let bant = insight.bant
        let evidence =
            bant.budget.evidence + bant.authority.evidence + bant.need.evidence + bant.timeline.evidence
            + insight.intent.evidence + (insight.contact.name?.evidence ?? [])
            + (insight.contact.company?.evidence ?? [])
        #expect(evidence.count >= 8)
        for item in evidence {
            let turn = record.transcript.turns.first { $0.number == item.turnNumber }
            #expect(item.speaker == .caller)
            #expect(turn?.heardText.contains(item.words) == true)
            #expect(turn?.startedMs == item.startedMs)
        }
        #expect(bant.budget.evidence.first?.words == "about thirty thousand dollars")
    }

    @Test func `the same call gives the same insight`() {
        #expect(Conversation.insight(qualifiedLead) == Conversation.insight(qualifiedLead))
    }

    @Test func `a vague lead stays vague`() {
        let insight = Conversation.insight(
            """
            A: How can I help you today?
            C: i am just looking for some information about your service
            A: Do you have a budget in mind?
            C: i don't know maybe
            A: Do you decide about this?
            C: maybe i have to ask my boss
            A: When would you like to start?
            C: not sure yet someday
            A: Should I call you back next week?
            C: i don't know
            """)

        #expect(insight.bant.budget.value == .unknown)
        #expect(insight.bant.budgetAmount == nil)
        #expect(insight.bant.authority.value == .influencer)
        #expect(insight.bant.timeline.value == .unknown)
        #expect(insight.bant.need.value == .low)
        #expect(insight.meeting == nil)
        #expect(insight.outcome == .nurture)
        #expect([.information, .marketingQualified].contains(insight.intent.value))
    }

    @Test func `an opt-out wins over everything`() {
        let insight = Conversation.insight(
            """
            A: Do you have a budget in mind?
            C: thirty thousand but stop calling me take me off your list
            A: I will never call you again. Is that right?
            C: yes
            """)

        #expect(insight.doNotContact?.value == "stop calling me")
        #expect(insight.outcome == .doNotCall)
        #expect(insight.intent.value == .optOut)
        #expect(insight.meeting == nil)
        #expect(insight.followUpNamedAt == nil)
        #expect(insight.sentiment.value == .negative)
        #expect(insight.summary.contains("asked not to be called again"))
    }

    @Test func `a tool's opt-out counts though the words were not understood`() {
        let insight = Conversation.insight(
            "A: Hello?\nC: lose that number will you", facts: [(.doNotContact(words: "lose that number"), 9_000)])

        #expect(insight.doNotContact?.value == "lose that number")
        #expect(insight.doNotContact?.evidence.first?.turnNumber == 2)
        #expect(insight.outcome == .doNotCall)
    }

    @Test func `what the caller takes back is withdrawn`() {
        let insight = Conversation.insight(
            """
            A: Do you have a budget in mind?
            C: about fifty thousand dollars
            A: So fifty thousand dollars?
            C: no not fifty thousand fifteen thousand
            A: Do you make the decision?
            C: yes i decide
            A: Anything else?
            C: actually my boss decides
            """)

        #expect(insight.bant.budgetAmount == 15_000)
        #expect(insight.bant.budget.value == .medium)
        #expect(insight.bant.budget.evidence.map(\.turnNumber) == [4])
        #expect(insight.bant.authority.value == .no)
        #expect(insight.bant.authority.evidence.map(\.turnNumber) == [8])
    }

    @Test func `a denied read-back leaves the budget unknown`() {
        let insight = Conversation.insight(
            """
            A: Do you have a budget in mind?
            C: about fifty thousand dollars
            A: So about fifty thousand dollars, right?
            C: no that's wrong
            """)

        #expect(insight.bant.budget.value == .unknown)
        #expect(insight.bant.budgetAmount == nil)
        #expect(insight.bant.budget.evidence.map(\.turnNumber) == [4])
    }

    @Test func `a support call is one`() {
        let insight = Conversation.insight(
            """
            A: How can I help you?
            C: my account is not working and i can't log in
            A: I am sorry to hear that. I will pass it on.
            C: okay thanks
            """)

        #expect(insight.intent.value == .support)
        #expect(insight.bant.budget.value == .unknown)
        #expect(insight.outcome == .nurture)
    }

    @Test func `a wrong number is one`() {
        let insight = Conversation.insight("A: Hello, this is Clara.\nC: oh sorry i have the wrong number\nA: Goodbye.")

        #expect(insight.intent.value == .wrongNumber)
        #expect(insight.outcome == .notInterested)
    }

    @Test func `silence is no speech`() {
        let insight = Conversation.insight("A: Hello?\nA: Is anybody there?", ending: "silence_timeout")

        #expect(insight.outcome == .noSpeech)
        #expect(insight.intent.value == .unknown)
        #expect(insight.bant == BANT())
        #expect(insight.sentiment.value == .neutral)
    }

    @Test func `a call cut short is interrupted unless something stronger holds`() {
        let short = Conversation.insight("A: Hello, how can I help?\nC: hello who is this", ending: nil)
        let booked = Conversation.insight(qualifiedLead, ending: nil)

        #expect(short.outcome == .interrupted)
        #expect(booked.outcome == .meetingBooked)
    }

    @Test func `a call never answered has failed`() {
        let record = Conversation.record("", ending: "carrier_failed", answered: false)

        let insight = RuleExtractor().insight(for: record, context: ExtractionContext(record: record))

        #expect(insight.outcome == .failed)
    }

    @Test func `a fault of ours is a failed call`() {
        #expect(Conversation.insight("A: Hello\nC: hello hello", ending: "agent_fault").outcome == .failed)
    }

    @Test func `a transfer is its outcome`() {
        let insight = Conversation.insight(
            "A: Hello\nC: i want to speak to a real person",
            facts: [(.transferRequested(reason: "asked for a person"), 9_000)], ending: "transferred")

        #expect(insight.outcome == .transferred)
        #expect(insight.nextStep?.evidence.first?.turnNumber == 2)
    }

    @Test func `what the caller did not hear frames nothing`() {
        let heard = Conversation.insight("A: Hello. Do you make the decision?\nC: yes")
        let unheard = Conversation.insight("A~ Hello. Do you make the decision? | Hello.\nC: yes")

        #expect(heard.bant.authority.value == .yes)
        #expect(unheard.bant.authority.value == .unknown)
    }

    @Test func `the agent's words are never the caller's`() {
        let insight = Conversation.insight(
            "A: Many clients spend fifty thousand dollars, need it urgently and decide today.\nC: i see\nA: Goodbye.")

        #expect(insight.bant == BANT())
    }
}
