import SpeechAgent
import Testing

@testable import LiveCalls

/// A filter as a test drives it.
private final class Filter {
    private var filter = AgentFilter()
    var droppedBytes: Int { filter.droppedBytes }
    var droppedTexts: Int { filter.droppedTexts }

    func pause() { filter.pause() }
    func resume() { filter.resume() }
    func expect(_ text: String) { filter.expect(text) }
    @discardableResult func admits(_ event: SpeechAgentEvent) -> Bool { filter.admits(event) }
    func admitsAudio(bytes: Int) -> Bool { filter.admitsAudio(bytes: bytes) }
}

@Suite struct AgentFilterTests {
    @Test func `an agent that is not paused says what it likes`() {
        let filter = Filter()

        #expect(filter.admits(.agentText("Hello.")))
        #expect(filter.admitsAudio(bytes: 160))
        #expect(filter.admits(.agentAudioSent))
    }

    @Test func `a paused agent says what it is told to, in all its pieces, and nothing else`() {
        let filter = Filter()
        filter.pause()
        filter.expect("Shall I ask them? It takes a moment.")

        #expect(!filter.admits(.agentText("I think so.")))
        #expect(!filter.admitsAudio(bytes: 160))
        #expect(!filter.admits(.agentAudioSent))
        #expect(filter.admits(.agentText("Shall I ask them?")))
        #expect(filter.admitsAudio(bytes: 160))
        #expect(filter.admits(.agentText("It takes a moment.")))
        #expect(filter.admits(.agentAudioSent))
        #expect(!filter.admitsAudio(bytes: 160))
        #expect(filter.droppedBytes == 320)
        #expect(filter.droppedTexts == 1)
    }

    @Test func `what was under way when the agent was paused is said to its end`() {
        let filter = Filter()
        filter.admits(.agentText("Let me see."))
        filter.pause()

        #expect(filter.admitsAudio(bytes: 160))
        #expect(filter.admits(.agentAudioSent))
        #expect(!filter.admitsAudio(bytes: 160))
    }

    @Test func `the rest of an answer that was kept out stays out when the agent may speak again`() {
        let filter = Filter()
        filter.pause()
        filter.admits(.agentText("My own opinion"))
        filter.resume()

        #expect(!filter.admitsAudio(bytes: 160))
        #expect(!filter.admits(.agentAudioSent))
        #expect(filter.admits(.agentText("Anything else?")))
        #expect(filter.admitsAudio(bytes: 160))
    }

    @Test func `a caller who talks over it ends what we had it say`() {
        let filter = Filter()
        filter.pause()
        filter.expect("One moment please.")
        filter.admits(.agentText("One moment please."))
        filter.admits(.userSpeechStarted)

        #expect(!filter.admitsAudio(bytes: 160))
    }

    @Test func `a paused agent that never says that it is done says our line to its end and nothing after it`() {
        let filter = Filter()
        filter.pause()
        filter.expect("Let me ask. It takes a moment.")

        #expect(filter.admits(.agentText("Let me ask.")))
        #expect(filter.admits(.agentText("It takes a moment.")))
        #expect(filter.admitsAudio(bytes: 160))
        #expect(!filter.admits(.agentText("And by the way, I think so.")))
        #expect(!filter.admitsAudio(bytes: 160))
        #expect(!filter.admits(.agentAudioSent))
    }

    @Test func `a line in the agent's own wording is ours, and so is what it says when it is paused no more`() {
        let filter = Filter()
        filter.pause()
        filter.expect("Let me ask. It takes a moment.")

        #expect(filter.admits(.agentText("Let me ask.")))
        #expect(filter.admits(.agentText("That takes a moment.")))
        filter.resume()
        #expect(filter.admits(.agentText("So, where were we?")))
        #expect(filter.admitsAudio(bytes: 160))
    }
}
