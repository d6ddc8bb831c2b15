import Encoding
import Foundation
import SpeechAgent
import Testing

@testable import LiveCalls
@testable import LocalAgent

/// A conversation as a test writes it: what the caller says, and what comes back.
struct Conversation {
    /// Saturday, 21 November 2026, 10:00 in New York.
    static let now = Date(timeIntervalSince1970: 1_795_273_200)
    static let zone = TimeZone(identifier: "America/New_York") ?? .gmt

    var dialogue: Dialogue
    var calls: [Dialogue.FunctionCall] = []
    var lastActions: [Dialogue.Action] = []

    init(
        history: [AgentHistoryItem] = [], tools: [String] = CallTool.catalog.map(\.schema.name), prompt: String = ""
    ) {
        dialogue = Dialogue(
            settings: .init(
                prompt: prompt, greeting: "Hello, how can I help you?", functions: Set(tools), history: history,
                timeZone: Self.zone),
            now: Self.now)
        note(dialogue.begin(now: Self.now))
    }

    var words: String {
        lastActions.compactMap { if case .say(let text) = $0 { text } else { nil } }.joined(separator: " ")
    }

    @discardableResult mutating func say(_ text: String, confidence: Double = 1) -> String {
        note(dialogue.handle(.userSaid(text, confidence: confidence), now: Self.now))
        return words
    }

    @discardableResult mutating func hear(_ event: Dialogue.Event) -> String {
        note(dialogue.handle(event, now: Self.now))
        return words
    }

    private mutating func note(_ actions: [Dialogue.Action]) {
        lastActions = actions
        for action in actions {
            switch action {
            case .call(let call), .callAfterSpeech(let call): calls.append(call)
            case .say: break
            }
        }
    }

    func arguments(of name: String) -> [WireObject] {
        calls.filter { $0.name == name }.compactMap { (try? WireJSON(parsing: $0.arguments))?.object }
    }

    /// Every field given to `name` in the whole conversation; the last value counts.
    func field(_ key: String, of name: String) -> WireJSON? {
        arguments(of: name).compactMap { $0[key] }.last
    }
}

@Suite struct DialogueTests {
    @Test func `a qualified lead is asked for what is missing and gets a meeting`() {
        var call = Conversation()

        #expect(call.say("i need a new phone system for my sales team it is urgent").contains("your name"))
        #expect(call.say("my name is john smith") == "Thank you, John. Which company are you with?")
        #expect(call.say("i work for acme corporation").contains("budget"))
        #expect(call.say("about thirty thousand dollars") == "Thirty thousand dollars, is that right?")
        #expect(call.say("yes that is right").contains("decision"))
        #expect(call.say("yes i make the decision").contains("When would you like"))
        #expect(call.say("we need it this month").contains("meeting"))
        let proposal = call.say("yes tuesday at three works")
        #expect(proposal == "That is Tuesday, November twenty fourth, at three in the afternoon. Shall I book it?")
        call.say("yes please")
        #expect(call.words.isEmpty, "nothing is promised before the booking is made")
        let booked = call.hear(.functionReturned(name: "book_meeting", content: #"{"booked":true}"#))
        #expect(booked.hasPrefix("Your meeting is booked for Tuesday at three in the afternoon."))
        #expect(call.say("thank you goodbye") == "Thank you for your time, John. Goodbye.")

        #expect(call.calls.first?.name == "lookup_customer")
        #expect(call.field("name", of: "save_contact_details") == "John Smith")
        #expect(call.field("company", of: "save_contact_details") == "Acme Corporation")
        #expect(call.field("need", of: "update_qualification") == "urgent")
        #expect(call.field("budget_amount", of: "update_qualification")?.number == 30_000)
        #expect(call.field("authority", of: "update_qualification") == "yes")
        #expect(call.field("timeline", of: "update_qualification") == "this_month")
        #expect(call.field("starts_at", of: "book_meeting") == "2026-11-24T15:00:00-05:00")
        #expect(call.calls.last?.name == "end_call")
        #expect(call.dialogue.isOver)
    }

    @Test func `a vague caller is led politely to the end without a meeting`() {
        var call = Conversation()

        #expect(call.say("hello i have a question") == "Of course. What would you like to know?")
        #expect(call.say("i am just looking around").contains("your name"))
        #expect(call.say("my name is david brown").contains("company"))
        #expect(call.say("i work for a small company").contains("budget"))
        #expect(call.say("i do not know the budget").contains("decision"))
        #expect(call.say("my boss decides").contains("When would you like"))
        #expect(call.say("maybe next year").contains("meeting"))
        #expect(call.say("no thank you") == "No problem. Is there anything else I can do for you?")
        #expect(call.say("goodbye") == "Thank you for your time, David. Goodbye.")

        #expect(call.field("need", of: "update_qualification") == "low")
        #expect(call.field("authority", of: "update_qualification") == "no")
        #expect(call.field("timeline", of: "update_qualification") == "unknown")
        #expect(call.field("budget_amount", of: "update_qualification") == nil)
        #expect(call.field("company", of: "save_contact_details") == nil, "a small company has no name")
        #expect(!call.calls.contains { $0.name == "book_meeting" })
    }

    @Test(arguments: ["please stop calling me", "take me off your list", "do not call me again"])
    func `an opt-out is stored at once, confirmed aloud, and ends the call`(words: String) {
        var call = Conversation()

        let reply = call.say(words)

        #expect(reply == "I understand. I will make sure nobody calls you again. Is that right?")
        #expect(call.calls.map(\.name) == ["lookup_customer", "stop_calling_me"])
        #expect(call.say("yes").hasSuffix("Goodbye."))
        #expect(call.calls.last?.name == "end_call")
    }

    @Test func `an opt-out holds when the caller says nothing more, or says it twice`() {
        var silent = Conversation()
        silent.say("please stop calling me")
        #expect(silent.hear(.callerSilent).hasSuffix("Goodbye."))

        var insisting = Conversation()
        insisting.say("please stop calling me")
        #expect(insisting.say("take me off your list").hasSuffix("Goodbye."))
        #expect(insisting.calls.filter { $0.name == "stop_calling_me" }.count == 1)
    }

    @Test func `an opt-out that was misheard does not end the call`() {
        var call = Conversation()
        call.say("please stop calling me")

        #expect(call.say("no").contains("misunderstood"))
        #expect(!call.dialogue.isOver)
        #expect(call.say("i need a new phone system").contains("your name"))
    }

    @Test func `half an opt-out is asked about, and only a yes makes it one`() {
        var yes = Conversation()
        #expect(yes.say("we are calling me").hasPrefix("Would you like me to make sure"))
        #expect(!yes.calls.contains { $0.name == "stop_calling_me" })
        yes.say("yes")
        #expect(yes.calls.map(\.name) == ["lookup_customer", "stop_calling_me", "end_call"])

        var no = Conversation()
        no.say("we are calling me")
        #expect(no.say("no").hasPrefix("All right."))
        #expect(!no.calls.contains { $0.name == "stop_calling_me" })
    }

    @Test func `the profile's time zone is that of the meeting`() {
        var call = Conversation()
        call.hear(.functionReturned(name: "lookup_customer", content: #"{"time_zone":"Europe/Berlin","known":false}"#))
        for words in [
            "i need a phone system", "my name is john smith", "acme corporation", "no budget", "i decide",
            "this month", "tuesday at three", "yes",
        ] { call.say(words) }

        #expect(call.field("starts_at", of: "book_meeting") == "2026-11-24T15:00:00+01:00")
    }

    @Test func `several facts in one sentence are all taken`() {
        var call = Conversation()

        let reply = call.say("hello this is sarah miller from acme corporation we need a new phone system this month")

        #expect(call.field("name", of: "save_contact_details") == "Sarah Miller")
        #expect(call.field("company", of: "save_contact_details") == "Acme Corporation")
        #expect(call.field("timeline", of: "update_qualification") == "this_month")
        #expect(reply.contains("budget"))
    }

    @Test func `what the CRM knows is not asked for`() {
        var call = Conversation()
        call.hear(.functionReturned(name: "lookup_customer", content: #"{"name":"Ann Lee","company":"Acme"}"#))

        #expect(call.say("i need a new phone system").contains("budget"))
    }

    @Test func `a corrected amount is confirmed anew and only the right one is stored`() {
        var call = Conversation()
        call.say("i need a new phone system")
        call.say("my name is john smith")
        call.say("i work for acme corporation")
        call.say("about fourteen thousand dollars")

        #expect(call.say("no it is forty thousand dollars") == "Forty thousand dollars, is that right?")
        call.say("yes")
        #expect(call.arguments(of: "update_qualification").compactMap { $0["budget_amount"]?.number } == [40_000])
    }

    @Test func `an amount that is never confirmed is not stored`() {
        var call = Conversation()
        call.say("our budget is fifty thousand dollars")
        call.say("maybe")
        call.say("i am not sure")

        #expect(call.field("budget_amount", of: "update_qualification") == nil)
        #expect(call.dialogue.topic != .budget)
    }

    @Test func `what was not understood is asked once more, then left`() {
        var call = Conversation()
        call.say("i need a new phone system")

        #expect(call.say("blue horizon", confidence: 0.9) != "")
        call = Conversation()
        call.say("i need a new phone system")
        #expect(call.say("the the of of", confidence: 0.1).hasPrefix("I am sorry"))
        #expect(call.say("the the of of", confidence: 0.1).contains("company"))
    }

    @Test(arguments: [
        ("how much does it cost", "price"), ("what do you do", "voice agents"), ("are you a robot", "AI assistant"),
        ("is this call recorded", "written down"), ("how did you get my number", "customer records"),
    ])
    func `a simple question is answered and the agent's own comes back`(words: String, part: String) {
        var call = Conversation()
        call.say("i need a new phone system")

        let reply = call.say(words)

        #expect(reply.contains(part), "\(reply)")
        #expect(reply.hasSuffix("May I have your name, please?"))
    }

    @Test func `are you there gets an answer and the question again`() {
        var call = Conversation()
        call.say("i need a new phone system")

        #expect(call.say("hello are you there") == "Yes, I am here. May I have your name, please?")
    }

    @Test func `whoever asks for a person is put through after the announcement`() {
        var call = Conversation()

        let reply = call.say("i want to speak to a person")

        #expect(reply.contains("put you through"))
        guard case .callAfterSpeech(let transfer)? = call.lastActions.last else {
            Issue.record("\(call.lastActions)")
            return
        }
        #expect(transfer.name == "transfer_to_human")
        #expect(
            call.hear(.functionReturned(name: "transfer_to_human", content: #"{"error":"busy"}"#)).contains(
                "nobody is free"))
        #expect(call.say("no thank you").contains("Goodbye") || !call.dialogue.isOver)
    }

    @Test func `without the transfer tool a colleague calls back`() {
        var call = Conversation(tools: ["schedule_follow_up", "end_call"])

        #expect(call.say("can i speak to a human please").contains("call you back"))
        #expect(call.calls.map(\.name) == ["schedule_follow_up"])
    }

    @Test func `a call another day is noted with its date`() {
        var call = Conversation()

        #expect(call.say("please call me back next week").contains("next week"))
        #expect(call.field("due_at", of: "schedule_follow_up")?.string?.hasPrefix("2026-11-23T") == true)
        #expect(call.say("no thank you").hasSuffix("Goodbye."))
    }

    @Test func `a day without a time is completed, and nothing is booked after a no`() {
        var call = Conversation()
        for words in [
            "i need a phone system", "my name is john smith", "acme corporation", "no budget", "i decide",
            "this month",
        ] { call.say(words) }
        #expect(call.dialogue.topic == .meeting)

        #expect(call.say("wednesday") == "At what time would it suit you?")
        #expect(call.say("at ten o'clock").contains("Wednesday, November twenty fifth, at ten in the morning"))
        #expect(call.say("no").contains("suit you better"))
        #expect(call.say("thursday at two").contains("Thursday"))
        call.say("no")
        #expect(!call.calls.contains { $0.name == "book_meeting" })
    }

    @Test func `a booking that fails is not announced as made`() {
        var call = Conversation()
        for words in [
            "i need a phone system", "my name is john smith", "acme corporation", "no budget", "i decide",
            "this month", "tuesday at three", "yes",
        ] { call.say(words) }

        let reply = call.hear(.functionFailed(name: "book_meeting"))

        #expect(reply.contains("could not book"))
        #expect(call.calls.last?.name == "schedule_follow_up")
    }

    @Test func `a silent caller is asked twice, then the call ends`() {
        var call = Conversation()

        #expect(call.hear(.callerSilent) == "Are you still there?")
        #expect(call.hear(.callerSilent).contains("still there"))
        #expect(call.hear(.callerSilent).hasSuffix("Goodbye."))
        #expect(call.calls.last?.name == "end_call")
        #expect(call.hear(.callerSilent).isEmpty)
    }

    @Test func `a history takes the conversation up where it was`() {
        let history: [AgentHistoryItem] = [
            .said(.assistant, "Hello, how can I help you?"), .said(.user, "i need a new phone system"),
            .said(.assistant, "I see. May I have your name, please?"), .said(.user, "my name is john smith"),
            .said(.assistant, "Thank you, John. Which company are you with?"),
        ]
        var call = Conversation(history: history)

        #expect(call.words.isEmpty && call.calls.isEmpty, "nothing is repeated")
        #expect(call.say("acme corporation").contains("budget"))
    }

    @Test func `words nobody answered before the line broke are answered`() {
        let call = Conversation(history: [
            .said(.user, "i need a new phone system"), .said(.assistant, "May I have your name, please?"),
            .said(.user, "my name is john smith"),
        ])

        #expect(call.words == "Thank you, John. Which company are you with?")
    }

    @Test func `functions that were not offered are never called`() {
        var call = Conversation(tools: [])

        for words in ["i need a new phone system", "my name is john smith", "please stop calling me", "yes"] {
            call.say(words)
        }

        #expect(call.calls.isEmpty)
        #expect(call.dialogue.isOver)
    }
}
