import CallModel
import CallSession
import Runtime
import SpeechAgent
import WebSocketTransport

/// What guests may do with the call.
extension MediaCall: CallHandle {
    var nowMs: Int { nowMs(.now()) }
    func moment(atMs ms: Int) -> MonotonicTime { began.adding(milliseconds: Int64(ms - beganMsOffset)) }

    var waitingSpeechMs: Int {
        let now = MonotonicTime.now()
        return max(0, Int(caller.audio.playedOut(at: now)?.milliseconds(since: now) ?? 0))
    }

    func tell(_ command: SpeechAgentCommand) { agentLeg?.perform(command) }
    func say(_ text: String, mode: SpeechAgentCommand.SayMode) { tell(.say(text, mode: mode)) }
    func hold(_ isHeld: Bool, by guest: any CallGuest) { handle(.held(guests.hold(isHeld, by: guest))) }
    func transfer(reason: String) { handle(.transferWanted(reason: reason)) }
    func end(reason: String) { handle(.endWanted(reason: reason)) }

    func phrase(_ text: String) -> [UInt8]? { services.phrases.audio(for: text) }
    func preparePhrase(_ text: String) { Task { [phrases = services.phrases] in phrases.prepare(text) } }

    func hush() {
        handle(.hushed)
        guard caller.stream != nil else { return }
        _ = caller.discardUnheard(at: .now())
        nothingWaits()
    }

    func play(_ audio: [UInt8]) {
        guard caller.stream != nil, caller.audio.waitingBytes == 0 else { return }
        drainReported = false
        caller.responseBegins(isFiller: true)
        caller.speak(audio.span)
        responseEnded()
    }
}
