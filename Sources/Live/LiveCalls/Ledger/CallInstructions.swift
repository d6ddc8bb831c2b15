import CallModel
import CallSession
import TwilioProtocol

/// What the carrier is told to do with a call.
extension TwiML {
    static let hangUp = TwiML([.hangup])
    static let refusal = TwiML([.say(CallWording.english.notInService), .hangup])

    /// A person when the profile names one, else a sentence and the end.
    static func fallback(_ profile: AgentProfile) -> TwiML {
        let wording = CallWording(profile: profile)
        guard let number = profile.humanNumber else { return TwiML([.say(wording.fallback), .hangup]) }
        return TwiML([.say(wording.connecting), .dial(number: number.text), .say(wording.fallback), .hangup])
    }

    static func transfer(to number: E164, action: String) -> TwiML {
        TwiML([.dial(number: number.text, action: action, timeoutSeconds: 25)])
    }
}
