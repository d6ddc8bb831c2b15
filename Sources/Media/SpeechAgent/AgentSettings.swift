package import Encoding

/// A function offered to the speech agent.
package struct AgentTool: Equatable, Sendable {
    package var name: String
    /// What the model decides on.
    package var description: String
    /// A JSON Schema object.
    package var parameters: WireObject
    /// Held back until the caller's turn is confirmed: set on everything with a side effect.
    package var deferUntilEndOfTurn: Bool

    package init(name: String, description: String, parameters: WireObject, deferUntilEndOfTurn: Bool) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.deferUntilEndOfTurn = deferUntilEndOfTurn
    }
}

/// What one call asks of a speech agent, whatever its dialect. Audio is μ-law at 8 kHz both ways.
package struct AgentSettings: Equatable, Sendable {
    package var brief: AgentPrompt
    /// Spoken word for word at the start; nil starts silently.
    package var greeting: String?
    package var history: [AgentHistoryItem]
    package var tools: [AgentTool]
    package var listenModel: String
    package var thinkModel: String
    package var voice: String
    package var language: String
    package var tags: [String]
    package var keyterms: [String]

    /// - Parameter particulars: what of the prompt holds for this call alone and is not cut in favour of the rest.
    package init(
        prompt: String, particulars: String = "", greeting: String? = nil, history: [AgentHistoryItem] = [],
        tools: [AgentTool] = [],
        listenModel: String = "flux-general-en", thinkModel: String = "gpt-5.4-mini",
        voice: String = "aura-2-thalia-en", language: String = "en", tags: [String] = [], keyterms: [String] = []
    ) {
        brief = AgentPrompt(profile: prompt, call: particulars)
        self.greeting = greeting
        self.history = history
        self.tools = tools
        self.listenModel = listenModel
        self.thinkModel = thinkModel
        self.voice = voice
        self.language = language
        self.tags = tags
        self.keyterms = keyterms
    }
}

extension AgentSettings {
    /// The whole system prompt, however long; setting it replaces all its parts.
    package var prompt: String {
        get { brief.text }
        set { brief = AgentPrompt(profile: newValue) }
    }

    /// How many characters of the prompt an agent is not given that takes `max`; nil: it takes all.
    package func promptCharactersCut(max: Int?) -> Int {
        max.map { Swift.max(0, brief.text.unicodeScalars.count - $0) } ?? 0
    }

    static let historyItemsMax = 200
    static let historyCharactersMax = 60_000

    /// The last items that fit the bounds, oldest first; the very last one whatever its size.
    static func latest(_ history: [AgentHistoryItem]) -> [AgentHistoryItem] {
        var characters = 0
        let fitting = history.suffix(historyItemsMax).reversed().prefix { item in
            let isNewest = characters == 0
            switch item {
            case .said(_, let text): characters += text.utf8.count
            case .called(let call, let response): characters += call.arguments.utf8.count + response.utf8.count
            }
            return isNewest || characters <= historyCharactersMax
        }
        return fitting.reversed()
    }
}
