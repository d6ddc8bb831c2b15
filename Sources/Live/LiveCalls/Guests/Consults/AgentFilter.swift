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
    /// What of the line that is being spoken has not come yet; nil when what is ours is no line. An agent need not say
    /// that a response is complete: what comes after the last words of the line is another.
    private var lineLeft: Substring?
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
                lineLeft = AgentFilter.rest(of: expected.remove(at: index)[...], after: text)
                isOurs = true
                isForeign = false
            } else if let left = lineLeft, !left.isEmpty || !isPaused {
                // Words of the line, or the agent's wording of them.
                lineLeft = left.hasPrefix(text) ? AgentFilter.rest(of: left, after: text) : left
            } else if !isOurs || lineLeft != nil {
                (isOurs, lineLeft) = (false, nil)
                isForeign = isPaused
            }
            guard !isForeign else {
                droppedTexts += 1
                return false
            }
            isSpeaking = true
        case .agentAudioSent:
            let wasForeign = isForeign
            silent()
            return !wasForeign
        case .userSpeechStarted, .ready: silent()
        default: break
        }
        return true
    }

    private mutating func silent() {
        isForeign = false
        isOurs = false
        isSpeaking = false
        lineLeft = nil
    }

    private static func rest(of line: Substring, after text: String) -> Substring {
        line.dropFirst(text.count).drop(while: \.isWhitespace)
    }

    /// Constant time.
    mutating func admitsAudio(bytes: Int) -> Bool {
        if isOurs || !(isPaused || isForeign) { return true }
        droppedBytes += bytes
        return false
    }
}
