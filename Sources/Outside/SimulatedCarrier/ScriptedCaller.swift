/// A caller who follows a ``CallerScript``, as a pure value: every 20 ms it is given what was heard and gives back what
/// it says. It knows of the agent only what reached the ear, never a text.
package struct ScriptedCaller: Sendable {
    package enum Action: Equatable, Sendable {
        case beganSaying(String)
        case endedSaying(String)
        case press(Character)
        case hangUp
    }

    package struct Tick: Equatable, Sendable {
        /// One frame of ``frameBytes``, silence included.
        package var frame: [UInt8]
        package var actions: [Action]
    }

    package static let frameMs = 20
    package static let frameBytes = 160
    /// The agent counts as heard after this much audible speech in a step: a click is less.
    package static let agentHeardMsMin = 100

    private let script: CallerScript
    private var next = 0
    private var speaking: (path: String, audio: [UInt8], position: Int)?
    private var nudgesLeft: Int
    private var hungUp = false
    // Since the present step began:
    private var stepMs = 0
    private var agentAudibleMs = 0
    // In a row, up to now:
    private var agentSilentMs = 0
    private var lineSilentMs = 0

    package init(script: CallerScript) {
        self.script = script
        nudgesLeft = script.onAgentSilence?.times ?? 0
    }

    package var isSpeaking: Bool { speaking != nil }
    /// Nothing is left to do: the caller only listens.
    package var isDone: Bool { hungUp || (next >= script.steps.count && speaking == nil) }

    /// Takes what was heard in the last 20 ms and returns the next 20 ms of the caller.
    package mutating func tick(hearing heard: some Collection<UInt8>) -> Tick {
        var actions: [Action] = []
        listen(audible: Audibility.isAudible(heard))
        decide(&actions)
        let frame = speak(&actions)
        return Tick(frame: frame, actions: actions)
    }

    func words(of name: String) -> String? { script.texts[name] }

    private mutating func listen(audible: Bool) {
        if audible {
            agentAudibleMs += Self.frameMs
            agentSilentMs = 0
            lineSilentMs = 0
        } else {
            agentSilentMs += Self.frameMs
            lineSilentMs = speaking == nil ? lineSilentMs + Self.frameMs : 0
        }
        stepMs += Self.frameMs
    }

    /// Goes through the steps until one takes time.
    private mutating func decide(_ actions: inout [Action]) {
        while !hungUp, speaking == nil, next < script.steps.count {
            switch script.steps[next] {
            case .say(let path):
                begin(path, &actions)
                advance()
                return
            case .press(let key):
                actions.append(.press(key))
                advance()
            case .hangUp:
                hungUp = true
                actions.append(.hangUp)
                return
            case .wait(let ms), .staySilent(let ms):
                guard stepMs >= ms else { return }
                advance()
            case .interrupt(let afterMs):
                guard agentAudibleMs >= afterMs || stepMs >= CallerScript.timeoutMsDefault else { return }
                advance()
            case .waitForAgent(let silenceMs, let timeoutMs):
                let heard = agentAudibleMs >= Self.agentHeardMsMin && agentSilentMs >= silenceMs
                guard heard || stepMs >= timeoutMs else { return nudge(&actions) }
                advance()
            }
        }
    }

    private mutating func nudge(_ actions: inout [Action]) {
        guard let nudge = script.onAgentSilence, nudgesLeft > 0, lineSilentMs >= nudge.afterMs else { return }
        nudgesLeft -= 1
        begin(nudge.say, &actions)
    }

    private mutating func begin(_ path: String, _ actions: inout [Action]) {
        actions.append(.beganSaying(path))
        speaking = (path, script.recordings[path] ?? [], 0)
    }

    private mutating func advance() {
        next += 1
        restartStep()
    }

    private mutating func restartStep() {
        stepMs = 0
        agentAudibleMs = 0
        lineSilentMs = 0
    }

    private mutating func speak(_ actions: inout [Action]) -> [UInt8] {
        guard let (path, audio, position) = speaking, !hungUp else {
            return Array(repeating: PlayoutBuffer.silence, count: Self.frameBytes)
        }
        let end = min(position + Self.frameBytes, audio.count)
        var frame = Array(audio[position..<end])
        frame += [UInt8](repeating: PlayoutBuffer.silence, count: Self.frameBytes - frame.count)
        if end == audio.count {
            speaking = nil
            actions.append(.endedSaying(path))
            restartStep()
        } else {
            speaking = (path, audio, end)
        }
        return frame
    }
}
