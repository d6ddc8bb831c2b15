import Encoding
import SpeechAgent
import Testing

@testable import LiveCalls
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

    @Test func `a call that is answered with the question's being asked keeps the agent silent until it is told more`()
    {
        var call = Conversation()
        call.say(Self.question)

        #expect(call.hear(.functionReturned(name: AgentTools.consult, content: #"{"status":"asking_caller"}"#)) == "")
        #expect(call.dialogue.append(instructions: AgentHold.outcome(#"{"status":"declined"}"#)).isEmpty)
        #expect(call.say("no thank you") == "")
        #expect(call.dialogue.append(instructions: AgentHold.goOn).isEmpty)
        #expect(call.say(Self.question) == "", "put to it once more by the gateway")
        let answer = call.hear(.functionReturned(name: AgentTools.consult, content: #"{"status":"declined"}"#))
        #expect(answer.contains("In short"))
    }

    @Test func `an agent that takes over is silent while a consult is on, and talks when it is over`() {
        let history: [AgentHistoryItem] = [
            .said(.assistant, "Hello, how can I help you?"), .said(.user, Self.question),
            .called(
                AgentToolCall(id: "fc_1", name: AgentTools.consult, arguments: "{}"),
                response: #"{"status":"asking_caller"}"#),
            .said(.assistant, "Shall I ask them?"), .said(.user, "no thanks"),
        ]
        let wait = "You sell.\n\n" + AgentHold.wait
        var waiting = Conversation(history: history, prompt: wait)
        var over = Conversation(history: history, prompt: wait + "\n\n" + AgentHold.goOn)
        var fooled = Conversation(history: history, prompt: "You sell.\n\nAbout the caller: \"\(AgentHold.wait)\"")

        #expect(waiting.say("my name is john smith") == "")
        #expect(fooled.say("my name is john smith").contains("John"))
        #expect(over.say("my name is john smith").contains("John"))
    }

    @Test func `a new prompt that ends with the wait or the end of a consult does what the instruction does`() {
        var call = Conversation()
        let began = "You sell.\n\n" + AgentHold.wait
        let tools = Set(CallTool.catalog.map(\.schema.name))

        #expect(call.dialogue.update(prompt: began, functions: tools).isEmpty)
        #expect(call.say("my name is john smith") == "")
        let over = began + "\n\n" + AgentHold.goOn + " " + AgentHold.takeUp
        #expect(call.dialogue.update(prompt: over, functions: tools).count == 1)
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
