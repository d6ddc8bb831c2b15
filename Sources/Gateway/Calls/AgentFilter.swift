import SpeechAgent

/// Tells the agent's own speech from what we had it say, so that a paused agent says only the latter.
struct AgentFilter {
    private static let expectedMax = 16

    private(set) var isPaused = false
    /// What is being sent was asked for by us, or was under way when the agent was paused.
    private(set) var isOurs = false
    /// What is being sent is the agent's own and not to be heard.
    private var isForeign = false
    private var isSpeaking = false
    private var expected: [String] = []
    private(set) var droppedBytes = 0
    private(set) var droppedTexts = 0

    mutating func expect(_ text: String) {
        expected.append(text)
        if expected.count > AgentFilter.expectedMax { expected.removeFirst() }
    }

    mutating func pause() {
        isPaused = true
        if isSpeaking, !isForeign { isOurs = true }
    }

    mutating func resume() { isPaused = false }

    mutating func admits(_ event: SpeechAgentEvent) -> Bool {
        switch event {
        case .agentText(let text):
            if let index = expected.firstIndex(where: { $0.hasPrefix(text) }) {
                expected.remove(at: index)
                isOurs = true
                isForeign = false
            } else if !isOurs {
                isForeign = isPaused
            }
            guard !isForeign else {
                droppedTexts += 1
                return false
            }
            isSpeaking = true
        case .agentAudioSent:
            let wasForeign = isForeign
            isForeign = false
            isOurs = false
            isSpeaking = false
            return !wasForeign
        case .userSpeechStarted, .ready:
            isForeign = false
            isOurs = false
            isSpeaking = false
        default: break
        }
        return true
    }

    /// Constant time.
    mutating func admitsAudio(bytes: Int) -> Bool {
        if isOurs || !(isPaused || isForeign) { return true }
        droppedBytes += bytes
        return false
    }
}
