import Encoding
import SpeechAgent
import SpokenLanguage
import Testing

@testable import LiveCalls
@testable import LocalAgent

/// Callers who ask back, change their minds, say everything at once, or want something else.
@Suite struct DialogueWishesTests {
    @Test(arguments: [
        "am i talking to a machine", "am i speaking with a real person", "is this a robot", "are you a real person",
        "are you human", "wait is this even a human being", "is that a recording", "am i talking to an ai",
        "hello are you a computer",
    ])
    func `whoever asks what they talk to is told, in the words of the question`(_ words: String) {
        for isAsked in [false, true] {
            var call = Conversation()
            if isAsked { call.say("i need a new phone system") }

            let reply = call.say(words)

            #expect(reply.hasPrefix("Yes, I am an AI assistant."), "\(reply)")
            #expect(!call.calls.contains { ["transfer_to_human", "schedule_follow_up"].contains($0.name) })
        }
    }

    @Test(arguments: [
        "can i talk to a real person please", "i want to speak to a human", "let me talk to somebody",
        "are you a robot i want to talk to a person", "put me through to a manager", "could i speak with your boss",
    ])
    func `whoever wants a person gets one at any time`(_ words: String) {
        for answers in [[], ["i need a new phone system", "my name is john smith"], Self.untilBooking] {
            var call = Conversation()
            for answer in answers { call.say(answer) }

            #expect(call.say(words).contains("put you through"), "after \(answers.count) answers")
        }
    }

    private static let untilBooking = [
        "i need a phone system", "my name is john smith", "acme corporation", "no budget", "i decide", "this month",
        "tuesday at three",
    ]

    @Test(arguments: [
        "hello what exactly do you do", "what does your company actually do", "so what do you guys do",
        "what is it that you sell", "tell me a bit more",
    ])
    func `a question about us is answered, and the greeting is not said again`(_ words: String) {
        var call = Conversation()

        let reply = call.say(words)

        #expect(
            reply == "We help companies answer and make their phone calls with voice agents. What can I do for you?")
    }

    @Test(arguments: ["the the of of", "hello are you there", "how much does it cost", "pardon"])
    func `no greeting is said twice`(_ words: String) {
        var call = Conversation()

        #expect(!call.say(words, confidence: words.hasPrefix("the") ? 0.1 : 1).contains("Hello, how can I help you?"))
        #expect(!call.hear(.userMumbled(interrupting: true)).contains("Hello, how can I help you?"))
    }

    @Test func `a colleague's call back is announced once, not after every question`() {
        var call = Conversation(tools: ["schedule_follow_up", "update_qualification", "end_call"])
        call.say("i want to speak to a person")

        let replies = ["how much does it cost", "what do you do", "is this call recorded"].map { call.say($0) }

        #expect(replies.allSatisfy { !$0.contains("put you through") }, "\(replies)")
    }

    @Test(arguments: ["yes please", "yes", "sure", "go on", "tell me more", "i would like to hear the rest"])
    func `the rest of an answer is told when it is wanted`(_ words: String) {
        var call = Conversation()
        call.say("are we allowed to call our customers in the evening")
        _ = call.dialogue.append(instructions: AgentHold.wait)
        _ = call.dialogue.append(
            instructions:
                "Our specialists answered the caller's question, and the caller is being told: \"Until nine.\"\n"
                + SpokenAnswer.restLead
                + "\"Florida stops at eight.\"\nWhat stands between quotation marks is information.")
        _ = call.dialogue.append(instructions: AgentHold.goOn)

        #expect(call.say(words) == "Florida stops at eight. What can I do for you?")
        #expect(!call.say(words).contains("Florida"), "once")
    }

    @Test func `whoever does not want the rest is not told it`() {
        var call = Conversation()
        call.say("are we allowed to call our customers in the evening")
        _ = call.dialogue.append(instructions: AgentHold.wait)
        _ = call.dialogue.append(instructions: "They are told: \"Nine.\"\n" + SpokenAnswer.restLead + "\"Or eight.\"")
        _ = call.dialogue.append(instructions: AgentHold.goOn)

        #expect(call.say("no thank you") == "All right. What can I do for you?")
    }

    @Test(arguments: [
        "could you call me back on friday at three in the afternoon",
        "no just call me again friday at three pm please", "actually ring me back on friday at three",
    ])
    func `asked for a meeting, whoever wants a call back gets one and no meeting`(_ words: String) {
        for answers in [Self.untilBooking.dropLast(), Self.untilBooking[...]] {
            var call = Conversation()
            for answer in answers { call.say(answer) }

            let reply = call.say(words)

            #expect(call.field("due_at", of: "schedule_follow_up") == "2026-11-27T15:00:00-05:00")
            #expect(reply.hasPrefix("All right, we will contact you again"), "\(reply)")
            call.say("no thank you")
            #expect(!call.calls.contains { $0.name == "book_meeting" })
        }
    }

    @Test func `everything in one sentence is taken, in any order`() {
        var call = Conversation()
        let reply = call.say(
            "we need it this month i am the owner and my name is sarah miller from acme corporation we need a phone system"
        )

        #expect(call.field("name", of: "save_contact_details") == "Sarah Miller")
        #expect(call.field("company", of: "save_contact_details") == "Acme Corporation")
        #expect(call.field("authority", of: "update_qualification") == "yes")
        #expect(call.field("timeline", of: "update_qualification") == "this_month")
        #expect(reply.hasSuffix("What budget do you have in mind?"), "\(reply)")
    }

    @Test func `a correction stands, whenever it comes`() {
        var call = Conversation()
        for answer in Self.untilBooking.prefix(6) { call.say(answer) }
        call.say("sorry my name is john miller")
        call.say("actually my boss decides")
        call.say("no wait we need it next year")

        #expect(call.field("name", of: "save_contact_details") == "John Miller")
        #expect(call.field("authority", of: "update_qualification") == "no")
        #expect(call.field("timeline", of: "update_qualification") == "unknown")
        #expect(call.dialogue.topic == .meeting)
    }

    @Test func `a question between an amount and its confirmation is answered, and the amount asked about again`() {
        var call = Conversation()
        for answer in Self.untilBooking.prefix(3) { call.say(answer) }
        call.say("about thirty thousand dollars")

        let reply = call.say("are you a robot")

        #expect(reply.hasPrefix("Yes, I am an AI assistant."))
        #expect(reply.hasSuffix("Thirty thousand dollars, is that right?"))
        call.say("yes")
        #expect(call.field("budget_amount", of: "update_qualification")?.number == 30_000)
    }

    @Test func `a booked meeting can be moved and called off`() {
        var call = Conversation()
        for answer in Self.untilBooking { call.say(answer) }
        call.say("yes please")
        call.hear(.functionReturned(name: "book_meeting", content: #"{"booked":true}"#))

        let moved = call.say("actually can we make it wednesday at four")
        #expect(moved.hasPrefix("That is Wednesday, November twenty fifth, at four in the afternoon."), "\(moved)")
        call.say("yes")
        call.hear(.functionReturned(name: "book_meeting", content: #"{"booked":true}"#))
        #expect(call.field("starts_at", of: "book_meeting") == "2026-11-25T16:00:00-05:00")
        let off = call.say("sorry please cancel the meeting")
        #expect(off.contains("out of the calendar"), "\(off)")
    }
}
