package import CallModel

/// What the gateway itself has said in a call: in the profile's words where it has some, else in those of its language.
package struct CallWording: Equatable, Sendable {
    /// Bridges the wait for a tool.
    package var toolFiller: String
    /// The agent gave no answer: the caller is asked for their words once more.
    package var sayAgain: String
    /// Goodbyes of a call that is as long, or has as many turns, as it may, or in which nobody says anything.
    package var endOfTime: String
    package var endOfTurns: String
    package var endOfSilence: String
    /// To somebody we called who pressed the key that stops calls.
    package var leftAlone: String
    /// Before a person is dialled in the agent's stead.
    package var connecting: String
    /// To who dialled a number that is none of ours.
    package var notInService: String
    /// Left on a mailbox, where the call has no message of its own. `{{company}}` is on whose behalf we call.
    package var voicemail: String
    /// To a machine that talks.
    package var machineGoodbye: String
    /// To a service that asks on somebody's behalf who calls, and why where that is known: `{{company}}`, `{{reason}}`.
    private var whoCalls: String
    private var whoCallsAndWhy: String
    /// The agent is lost, and another one is on its way.
    package var apology = ""
    /// There is no agent for the call.
    package var fallback = ""

    package init(profile: AgentProfile) {
        self.init(language: profile.language)
        apology = profile.apology
        fallback = profile.fallbackMessage
    }

    /// - Parameter language: a BCP 47 tag; `en-GB` and `en_US` are served by `en`, and so is what is not known.
    package init(language: String) {
        let base = String(language.prefix { $0 != "-" && $0 != "_" }).lowercased()
        self = CallWording.languages[base] ?? CallWording.english
    }

    init(
        toolFiller: String, sayAgain: String, endOfTime: String, endOfTurns: String, endOfSilence: String,
        leftAlone: String, connecting: String, notInService: String, voicemail: String, machineGoodbye: String,
        whoCalls: String, whoCallsAndWhy: String
    ) {
        self.toolFiller = toolFiller
        self.sayAgain = sayAgain
        self.endOfTime = endOfTime
        self.endOfTurns = endOfTurns
        self.endOfSilence = endOfSilence
        self.leftAlone = leftAlone
        self.connecting = connecting
        self.notInService = notInService
        self.voicemail = voicemail
        self.machineGoodbye = machineGoodbye
        self.whoCalls = whoCalls
        self.whoCallsAndWhy = whoCallsAndWhy
    }

    /// Name and reason, for whoever asks on somebody's behalf.
    package func screened(by company: String, reason: String?) -> String {
        (reason == nil ? whoCalls : whoCallsAndWhy).replacing("{{company}}", with: company)
            .replacing("{{reason}}", with: reason ?? "")
    }
}
