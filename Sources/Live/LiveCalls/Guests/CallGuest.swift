import CallModel
import Runtime
import SpeechAgent
import TwilioProtocol

/// Somebody who sits in on a call besides the caller and the agent: hears both sides, may keep from the caller what the agent
/// says, and acts through the ``CallHandle`` it was seated with. Everything is called on the call's loop and returns at once.
protocol CallGuest: AnyObject {
    /// Whether ``callerFrame(_:at:)`` and ``agentFrame(_:at:)`` are wanted.
    var hearsFrames: Bool { get }
    /// What the agent may ask of this guest, which answers it: ``CallGuestEvent/toolCalled(_:)``.
    var tools: [AgentTool] { get }
    /// Whether what the agent is saying was put into its mouth to bridge a wait.
    var isBridging: Bool { get }

    /// Whether the call is to hear of `event`. Every guest is asked, whatever the others say.
    func admits(_ event: SpeechAgentEvent) -> Bool
    /// Hot path: whether so much agent speech is to be heard. As ``admits(_:)``.
    func admitsSpeech(bytes: Int) -> Bool

    /// Hot path: whether the agent is to hear the caller; silence otherwise. As ``admits(_:)``.
    var letsAgentHear: Bool { get }
    /// Hot path: one message of the caller's audio in mu-law, lent for this call.
    func callerFrame(_ speech: Span<UInt8>, at now: MonotonicTime)
    /// Hot path: agent speech in mu-law on its way to the carrier at this moment, lent for this call.
    func agentFrame(_ speech: Span<UInt8>, at now: MonotonicTime)
    /// What the caller said, as it may be shown; `audioPositionMs`: how much of their audio had come.
    func callerSaid(_ text: String, audioPositionMs: Int)
    /// What the agent is beginning to say.
    func agentSaid(_ text: String)
    func event(_ event: CallGuestEvent)

    /// The call goes on on another loop: gives what a guest is to be seated with there, and does nothing more.
    func moved() -> (any Sendable)?
    /// The call is over, or goes on elsewhere. Nothing is called after this.
    func ended()
}

/// What happens in a call that is neither said nor audio.
enum CallGuestEvent: Equatable {
    case callerVoiceStarted
    /// The caller talks; of what the agent was saying they had heard so much.
    case callerInterrupted(heardText: String)
    case keyPressed(String)
    /// One of the guest's own ``CallGuest/tools``.
    case toolCalled(AgentToolCall)
    /// Everything sent so far was heard.
    case allHeard
    /// The caller is back on another media stream.
    case streamReopened
    /// The agent begins again where another one stopped.
    case agentLegReopened
    /// The carrier's own detection says who answered.
    case carrierDetected(AnsweredBy)
    /// The carrier says that the call is over.
    case hungUp
}

extension CallGuest {
    var hearsFrames: Bool { false }
    var tools: [AgentTool] { [] }
    var isBridging: Bool { false }
    func admits(_ event: SpeechAgentEvent) -> Bool { true }
    func admitsSpeech(bytes: Int) -> Bool { true }
    var letsAgentHear: Bool { true }
    func callerFrame(_ speech: Span<UInt8>, at now: MonotonicTime) {}
    func agentFrame(_ speech: Span<UInt8>, at now: MonotonicTime) {}
    func callerSaid(_ text: String, audioPositionMs: Int) {}
    func agentSaid(_ text: String) {}
    func event(_ event: CallGuestEvent) {}
    func moved() -> (any Sendable)? { nil }
    func ended() {}
}
