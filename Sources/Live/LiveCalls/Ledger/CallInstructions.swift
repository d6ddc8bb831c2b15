import CallModel
import TwilioProtocol

/// What the carrier is told to do with a call.
extension TwiML {
    static let hangUp = TwiML([.hangup])
    static let refusal = TwiML([.say("This number is not in service. Goodbye."), .hangup])

    /// A person when the profile names one, else a sentence and the end.
    static func fallback(_ profile: AgentProfile) -> TwiML {
        guard let number = profile.humanNumber else { return TwiML([.say(profile.fallbackMessage), .hangup]) }
        return TwiML([
            .say("I am connecting you to a colleague."),
            .dial(number: number.text), .say(profile.fallbackMessage), .hangup,
        ])
    }

    static func transfer(to number: E164, action: String) -> TwiML {
        TwiML([.dial(number: number.text, action: action, timeoutSeconds: 25)])
    }
}
