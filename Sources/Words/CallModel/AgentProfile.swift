package import FoundationEssentials

/// How the agent behaves on a number: a row of `profiles`.
package struct AgentProfile: Equatable, Sendable, Codable {
    package var id: UUID
    package var name: String
    /// The system prompt; the customer context is appended to it.
    package var prompt: String
    /// Spoken at once to a caller who is not known.
    package var greeting: String
    /// Spoken to a known caller; `{{first_name}}` stands for the name.
    package var greetingKnown: String
    /// Spoken first to whoever we call: who calls, that it is an AI, how to stop it.
    package var greetingOutbound: String
    package var language: String
    /// The synthesis voice of a hosted agent, e.g. `aura-2-thalia-en`.
    package var voice: String
    /// The model that listens and the one that thinks, of a hosted agent.
    package var listenModel: String
    package var thinkModel: String
    /// A person to dial when the agent cannot go on or the caller asks for one.
    package var humanNumber: E164?
    /// Spoken when the agent is lost for a moment.
    package var apology: String
    /// Spoken before a fallback that ends the call.
    package var fallbackMessage: String
    /// 0 … 100: the share of calls the agent takes; the rest go to the fallback.
    package var rolloutPercent: Int
    package var currency: String
    package var timeZone: String
    package var callSecondsMax: Int
    package var silenceSecondsMax: Int
    package var turnsMax: Int
    /// How consults go, as a JSON object; what is left out is as usual. Its shape is the consults' own business.
    package var consult: String

    package init(
        id: UUID, name: String, prompt: String, greeting: String, greetingKnown: String,
        greetingOutbound: String = "", language: String = "en",
        voice: String = "aura-2-thalia-en", listenModel: String = "flux-general-en",
        thinkModel: String = "gpt-5.4-mini", humanNumber: E164? = nil,
        apology: String = "I'm sorry, I lost my connection for a moment. Please hold on.",
        fallbackMessage: String = "I'm sorry, we cannot take your call right now. A colleague will call you back.",
        rolloutPercent: Int = 100, currency: String = "USD", timeZone: String = "America/New_York",
        callSecondsMax: Int = 1_800, silenceSecondsMax: Int = 45, turnsMax: Int = 200, consult: String = "{}"
    ) {
        self.id = id
        self.name = name
        self.prompt = prompt
        self.greeting = greeting
        self.greetingKnown = greetingKnown
        self.greetingOutbound = greetingOutbound
        self.language = language
        self.voice = voice
        self.listenModel = listenModel
        self.thinkModel = thinkModel
        self.humanNumber = humanNumber
        self.apology = apology
        self.fallbackMessage = fallbackMessage
        self.rolloutPercent = rolloutPercent
        self.currency = currency
        self.timeZone = timeZone
        self.callSecondsMax = callSecondsMax
        self.silenceSecondsMax = silenceSecondsMax
        self.turnsMax = turnsMax
        self.consult = consult
    }
}
