import CRM
import CallModel
import CallReading
import Foundation
import TestSupport
import Testing

/// Conversations as the local agent leads them and its recogniser writes them down.
@Suite struct ExtractionDialogueTests {
    @Test func `the qualified caller's record is right`() {
        let record = Conversation.record(
            """
            A: Hello, I am the AI assistant of our sales team. What can I do for you?
            C: i need a new phone system for my sales team it is urgent
            A: I see, we can help with that. May I have your name, please?
            C: my name is john smith
            A: Thank you, John. Which company are you with?
            C: i work for acme corporation
            A: What budget do you have in mind?
            C: about thirty thousand dollars
            A: About thirty thousand dollars, is that right?
            C: yes that is right
            A: Do you make the decision yourself, or does somebody else decide?
            C: yes i make the decision
            A: When would you like to have it in place?
            C: we need it this month
            A: May I set up a meeting with one of our specialists? Which day and time would suit you?
            C: yes tuesday at three works
            A: That is Tuesday, November 24 at 3 PM. Shall I book it?
            C: yes please
            A: Your meeting is booked for Tuesday, November 24 at 3 PM. Is there anything else I can do for you?
            C: thank you goodbye
            """)

        let insight = RuleExtractor().insight(for: record, context: ExtractionContext(record: record))
        let assessment = LeadAssessor.assess(insight: insight, record: record)

        #expect(insight.bant.need.value == .urgent)
        #expect(insight.bant.need.evidence.first?.turnNumber == 2)
        #expect(insight.bant.budgetAmount == 30_000)
        #expect(insight.bant.budget.value == .high)
        #expect(insight.bant.authority.value == .yes)
        #expect(insight.bant.timeline.value == .thisMonth)
        #expect(insight.contact.name?.value == "John Smith")
        #expect(insight.contact.company?.value == "Acme Corporation")
        #expect(Conversation.moment(insight.meeting?.startsAt) == "2026-11-24 15:00")
        #expect(insight.outcome == .meetingBooked)
        #expect(insight.followUpNamedAt == nil)
        #expect(insight.sentiment.value != .negative)
        #expect(assessment.bucket == "P1")
        #expect(assessment.qualificationStatus == "sales_qualified")
    }

    @Test func `the vague caller's record is right`() {
        let record = Conversation.record(
            """
            A~ Hello, I am the AI assistant of our sales team. What can I do for you? | Hello, I am the AI
            C: hello i have a question
            A: Of course. What would you like to know?
            C: i am just looking around
            A: That is fine, you are welcome to look around. May I have your name, please?
            C: my name is david brown
            A: Thank you, David. Which company are you with?
            C: i work for a small company
            A: What budget do you have in mind?
            C: i do not know the budget
            A: That is all right. Do you make the decision yourself, or does somebody else decide?
            C: my boss decides
            A: When would you like to have it in place?
            C: maybe next year
            A: May I set up a meeting with one of our specialists? Which day and time would suit you?
            C: no thank you
            A: Thank you for your time, David. Goodbye.
            C: goodbye
            """)

        let insight = RuleExtractor().insight(for: record, context: ExtractionContext(record: record))
        let assessment = LeadAssessor.assess(insight: insight, record: record)

        #expect(insight.bant.budget.value == .unknown)
        #expect(insight.bant.need.value == .low)
        #expect(insight.bant.authority.value == .no)
        #expect(insight.bant.timeline.value == .thisYear)
        #expect(insight.bant.timeline.confidence < 0.6)
        #expect(insight.contact.name?.value == "David Brown")
        #expect(insight.contact.company == nil)
        #expect(insight.meeting == nil)
        #expect(insight.outcome == .nurture)
        #expect(insight.intent.value == .information)
        #expect(insight.doNotContact == nil)
        #expect(assessment.bucket != "P1")
        #expect(assessment.qualificationStatus == "nurture")
    }

    @Test(arguments: ["yes", ""])
    func `the opt-out caller's record is right, confirmed or not`(_ answer: String) {
        let insight = Conversation.insight(
            """
            A: Hello, I am the AI assistant of our sales team. If you do not want to be called, just tell me.
            C: please stop calling me
            A: I understand. I will make sure nobody calls you again. Is that right?
            C: \(answer)
            """)

        #expect(insight.outcome == .doNotCall)
        #expect(insight.doNotContact?.value == "stop calling me")
        #expect(insight.doNotContact?.evidence.first?.turnNumber == 2)
        #expect(insight.intent.value == .optOut)
    }

    @Test func `an opt-out that the caller takes back is none`() {
        let insight = Conversation.insight(
            """
            A: Hello, what can I do for you?
            C: please stop calling me
            A: I understand. I will make sure nobody calls you again. Is that right?
            C: no that is wrong
            A: I am sorry, I misunderstood you. What can I do for you?
            C: i need a new phone system
            """)

        #expect(insight.doNotContact == nil)
        #expect(insight.outcome == .nurture)
        #expect(insight.bant.need.value == .moderate)
    }

    @Test func `a confirmed offer to stop calling is an opt-out, whatever was heard before`() {
        let insight = Conversation.insight(
            "A: Hello\nC: garbled words here\nA: I will make sure nobody calls you again. Is that right?\nC: yes")

        #expect(insight.outcome == .doNotCall)
        #expect(insight.doNotContact?.evidence.first?.turnNumber == 4)
    }

    @Test(arguments: [
        "If you do not want to be called, just tell me.", "We will take you off our list whenever you like.",
    ])
    func `a greeting that offers the opt-out makes no yes one`(_ offer: String) {
        let insight = Conversation.insight(
            "A: Hello. \(offer) Is this a good time?\nC: yes\nA: Great.")

        #expect(insight.doNotContact == nil)
    }

    @Test func `a booking by tool and its words are one`() throws {
        let at = Conversation.rangAt.addingTimeInterval(4 * 86_400)
        let insight = Conversation.insight(
            "A: Which day would suit you?\nC: uh toosday at tree\nA: Your meeting is booked.",
            facts: [(.meetingBooked(title: "Demo", startsAt: at, durationMinutes: 45), 8_900)])

        #expect(insight.meeting == CallInsight.MeetingAgreed(title: "Demo", startsAt: at, durationMinutes: 45))
        #expect(insight.nextStep?.evidence.first?.turnNumber == 2)
        #expect(insight.outcome == .meetingBooked)
    }

    @Test func `a qualification by tool counts where the rules heard nothing`() {
        let insight = Conversation.insight(
            "A: Is there anything else?\nC: thirty grand is what we put in the plan\nA: Thank you.",
            facts: [
                (
                    .qualification(
                        budget: "high", budgetAmount: 30_000, authority: "yes", need: "moderate",
                        timeline: "this_quarter",
                        notes: nil), 8_900
                )
            ])

        #expect(insight.bant.budgetAmount == 30_000)
        #expect(insight.bant.authority.value == .yes)
        #expect(insight.bant.timeline.value == .thisQuarter)
        #expect(insight.bant.budget.evidence.first?.turnNumber == 2)
    }

    @Test func `a tool's yes on a maybe is an influencer`() {
        let insight = Conversation.insight(
            "A: Do you decide?\nC: maybe\nA: Thank you.",
            facts: [
                (
                    .qualification(
                        budget: nil, budgetAmount: nil, authority: "yes", need: nil, timeline: nil, notes: nil), 8_900
                )
            ])

        #expect(insight.bant.authority.value == .influencer)
        #expect(insight.bant.authority.confidence < 0.6)
    }

    @Test func `what the caller says after a tool call stands`() {
        let insight = Conversation.insight(
            """
            A: What budget do you have in mind?
            C: fifty thousand dollars
            A: I noted fifty thousand dollars.
            C: no i said fifteen thousand dollars for the budget
            """,
            facts: [
                (
                    .qualification(
                        budget: "high", budgetAmount: 50_000, authority: nil, need: nil, timeline: nil, notes: nil),
                    8_900
                )
            ])

        #expect(insight.bant.budgetAmount == 15_000)
        #expect(insight.bant.budget.value == .medium)
    }

    @Test(arguments: [
        ("A: When would you like to start?\nC: within six weeks", TimelineLevel.thisQuarter),
        ("A: When would you like to start?\nC: in two weeks", .immediate),
        ("A: When would you like to start?\nC: right away", .immediate),
        ("A: When would you like to start?\nC: by the end of the month", .thisMonth),
        ("A: When would you like to start?\nC: in three weeks or so", .thisMonth),
        ("A: When would you like to start?\nC: in about two months", .thisQuarter),
        ("A: When would you like to start?\nC: six months from now", .thisYear),
        ("A: When would you like to start?\nC: i have no timeline", .unknown),
        ("A: When would you like to start?\nC: not this month", .unknown),
        ("A: How are you?\nC: i called two weeks ago", .unknown),
        ("A: Hello\nC: we want to start next week", .immediate),
        ("A: When shall we meet?\nC: next week", .unknown),
    ])
    func `a timeline is read`(_ script: String, _ level: TimelineLevel) {
        #expect(Conversation.insight(script).bant.timeline.value == level)
    }

    @Test(arguments: [
        ("A: Do you decide?\nC: yes", AuthorityLevel.yes), ("A: Do you decide?\nC: no", .no),
        ("A: Do you decide?\nC: i think so", .influencer), ("A: Do you decide?\nC: i don't know", .unknown),
        ("A: Do you decide?\nC: i need to talk to my wife", .influencer), ("A: Do you decide?\nC: just me", .yes),
        ("A: Do you decide?\nC: i guess i make the decision", .influencer),
        ("A: Hello\nC: maybe i decide that", .influencer),
        ("A: Hello\nC: i am the owner of harbor foods", .yes), ("A: Hello\nC: i'm just the assistant", .no),
        ("A: Is anyone else involved?\nC: no", .yes), ("A: Is anyone else involved?\nC: yes my boss", .influencer),
        ("A: Hello\nC: my boss and i like it", .unknown),
        ("A: Do you decide?\nC: i recommend and they decide", .influencer),
        ("A: Do you decide?\nC: the board decides together", .influencer),
    ])
    func `authority is read`(_ script: String, _ level: AuthorityLevel) {
        #expect(Conversation.insight(script).bant.authority.value == level)
    }

    @Test(arguments: [
        ("A: How can I help?\nC: we're bleeding customers over this", NeedLevel.urgent),
        ("A: How can I help?\nC: we lost four jobs this week", .urgent),
        ("A: How can I help?\nC: our clients desperately need lawyers", .unknown),
        ("A: How can I help?\nC: we repair urgent leaks", .unknown),
        ("A: How can I help?\nC: our phones aren't great, we want a change", .moderate),
        ("A: How can I help?\nC: do i need an account for that", .unknown),
        ("A: How can I help?\nC: i urgently need the bathroom", .unknown),
        ("A: How can I help?\nC: we manage fine on our own", .low),
        ("A: How urgent is it?\nC: nine out of ten", .urgent),
        ("A: How urgent is it?\nC: about a five", .moderate),
        ("A: How urgent is it?\nC: two out of ten", .low),
        ("A: How urgent is it?\nC: reasonably urgent", .moderate),
        ("A: How urgent is it?\nC: it could not be more urgent", .urgent),
    ])
    func `a need is read`(_ script: String, _ level: NeedLevel) {
        #expect(Conversation.insight(script).bant.need.value == level)
    }

    @Test(arguments: [
        ("A: What budget do you have in mind?\nC: four thousand", BudgetLevel.low, Double?(4_000)),
        ("A: What budget do you have in mind?\nC: five thousand dollars", .medium, 5_000),
        ("A: What budget do you have in mind?\nC: twenty five thousand", .high, 25_000),
        ("A: What budget do you have in mind?\nC: maybe ten thousand", .medium, 10_000),
        ("A: What budget do you have in mind?\nC: two thousand a month", .medium, 24_000),
        ("A: What budget do you have in mind?\nC: we have no budget", .low, nil),
        ("A: What budget do you have in mind?\nC: no budget yet", .unknown, nil),
        ("A: Hello\nC: we lose fifty thousand a month", .unknown, nil),
        ("A: Hello\nC: our budget is ten to fifteen thousand dollars", .medium, 10_000),
        ("A: What budget do you have in mind?\nC: i'd rather not say", .unknown, nil),
    ])
    func `a budget is read`(_ script: String, _ level: BudgetLevel, _ amount: Double?) {
        let bant = Conversation.insight(script).bant

        #expect(bant.budget.value == level)
        #expect(bant.budgetAmount == amount)
    }
}
