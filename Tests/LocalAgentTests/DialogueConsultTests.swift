import SpeechAgent
import Testing

@testable import LocalAgent

@Suite struct DialogueConsultTests {
    private static let question = "are we allowed to call our customers in the evening"

    @Test func `a question of law is passed on, and nothing is said meanwhile`() {
        var call = Conversation()

        #expect(call.say(Self.question) == "")
        #expect(call.field("question", of: AgentTools.consult)?.string == Self.question)
        #expect(call.say("yes please") == "")
        #expect(call.hear(.functionReturned(name: AgentTools.consult, content: #"{"status":"consulting"}"#)) == "")
        #expect(call.say("how long does it take") == "")
        #expect(call.hear(.callerSilent) == "")
    }

    @Test func `after the answer the open question is taken up`() {
        var call = Conversation()
        call.say(Self.question)
        _ = call.dialogue.append(instructions: AgentHold.wait)
        _ = call.dialogue.append(instructions: "Our specialists answered: until nine.")

        let resumed = call.dialogue.append(instructions: AgentHold.goOn)
        #expect(resumed.isEmpty)
        #expect(call.say("thank you that helps") == "You are welcome. What can I do for you?")
        #expect(call.say("my name is john smith").contains("John"))
    }

    @Test func `a declined consult gets a short answer and the conversation goes on`() {
        var call = Conversation()
        call.say(Self.question)

        let answer = call.hear(.functionReturned(name: AgentTools.consult, content: #"{"status":"declined"}"#))

        #expect(answer.contains("In short"))
        #expect(call.say("my name is john smith").contains("John"))
    }

    @Test func `a consult called off is followed by the open question`() {
        var call = Conversation()
        call.say(Self.question)

        let actions = call.dialogue.append(instructions: AgentHold.goOn + " " + AgentHold.takeUp)

        #expect(actions.count == 1)
    }

    @Test func `the wish not to be called is acted on while a consult is on`() {
        var call = Conversation()
        call.say(Self.question)
        call.say("please stop calling me")

        #expect(call.calls.last?.name == "stop_calling_me")
    }

    @Test func `where no consult is offered none is asked for and the conversation goes on`() {
        var call = Conversation(tools: ["lookup_customer"])

        #expect(call.say(Self.question).hasSuffix("?"))
        #expect(call.arguments(of: AgentTools.consult).isEmpty)
    }
}
