import Answering
import CallModel

/// What is done about who has answered, and when: a pure value, asked frame by frame.
struct AnswerPlan: Sendable {
    enum Step: Equatable, Sendable {
        /// The agent is to say nothing of its own from now on.
        case hush
        case leaveMessage
        /// Name and reason are told, and the agent goes on.
        case answerScreening
        case press(Character)
        /// A goodbye is said, and the call ends behind it.
        case sayGoodbye(MachineEnding)
        case end(MachineEnding)
    }

    enum Phase: Equatable, Sendable {
        /// Nothing is done, whatever is heard.
        case listening
        /// A mailbox that is going to have a message.
        case awaitingBeep(sinceMs: Int)
        /// The message, or a goodbye.
        case sayingLastWords
        case over
    }

    /// Some mailboxes have no beep: this long a silence after the greeting means that they listen.
    static let silenceInsteadOfBeepMs = 3_500
    /// Greetings are shorter than that, and a line on which no beep comes has to end.
    static let beepWaitMs = 60_000

    private(set) var phase = Phase.listening
    private let policy: MachinePolicy
    private let menuKey: Character?
    private var hasAnsweredScreening = false
    private var hasPressedKey = false

    init(policy: MachinePolicy, menuKey: Character?) {
        self.policy = policy
        self.menuKey = menuKey
    }

    /// Nothing is ordered twice.
    ///
    /// - Parameters:
    ///   - beepEndMs, speechEndMs: in ms since the answer, as is `nowMs`.
    mutating func steps(_ verdict: AnsweringVerdict, beepEndMs: Int?, speechEndMs: Int?, nowMs: Int) -> [Step] {
        switch phase {
        case .over, .sayingLastWords: return []
        case .awaitingBeep(let sinceMs): return messageOrWait(beepEndMs, speechEndMs, sinceMs, nowMs)
        case .listening: break
        }
        guard verdict.isSettled else { return [] }
        switch verdict.kind {
        case .person, .unknown: return []
        case .screening: return screening()
        case .menu: return menu()
        case .network: return end(.networkAnnouncement)
        case .voicemail where policy == .leaveMessage:
            phase = .awaitingBeep(sinceMs: nowMs)
            return [.hush] + messageOrWait(beepEndMs, speechEndMs, nowMs, nowMs)
        case .voicemail: return policy == .continueAgent ? stay() : end(.answeringMachine)
        case .machine where policy == .continueAgent: return stay()
        case .machine:
            phase = .sayingLastWords
            return [.hush, .sayGoodbye(.answeringMachine)]
        }
    }

    /// Nothing more is done: what was to be said last has been heard, or nothing is going to be.
    mutating func stop() { phase = .over }
    /// The call is on another loop: what was being said there is said from its beginning.
    mutating func moved(atMs nowMs: Int) { if phase == .sayingLastWords { phase = .awaitingBeep(sinceMs: nowMs) } }

    private mutating func stay() -> [Step] {
        phase = .over
        return []
    }

    private mutating func end(_ reason: MachineEnding) -> [Step] {
        phase = .over
        return [.hush, .end(reason)]
    }

    private mutating func screening() -> [Step] {
        guard !hasAnsweredScreening else { return [] }
        hasAnsweredScreening = true
        return [.answerScreening]
    }

    private mutating func menu() -> [Step] {
        if hasPressedKey { return [] }
        guard let menuKey else {
            return policy == .continueAgent ? stay() : end(.answeringMachine)
        }
        hasPressedKey = true
        return [.press(menuKey)]
    }

    private mutating func messageOrWait(_ beepEndMs: Int?, _ speechEndMs: Int?, _ sinceMs: Int, _ nowMs: Int) -> [Step]
    {
        let beepIsLast = beepEndMs.map { $0 >= speechEndMs ?? 0 } ?? false
        let isQuiet = nowMs - max(speechEndMs ?? sinceMs, beepEndMs ?? 0) >= AnswerPlan.silenceInsteadOfBeepMs
        if beepIsLast || isQuiet {
            phase = .sayingLastWords
            return [.leaveMessage]
        }
        return nowMs - sinceMs >= AnswerPlan.beepWaitMs ? end(.answeringMachine) : []
    }
}
