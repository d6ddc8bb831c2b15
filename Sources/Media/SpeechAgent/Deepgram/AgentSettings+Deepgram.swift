extension AgentSettings {
    static let keytermsMax = 100

    /// The `Settings` message.
    package func deepgram(_ options: DeepgramOptions = DeepgramOptions()) -> DeepgramSettings {
        var agent = DeepgramAgent()
        agent.context = Self.latest(history)
        agent.listen = .listen(
            model: listenModel, language: language, keyterms: Array(keyterms.prefix(Self.keytermsMax)))
        agent.think = [deepgramThink(options)]
        agent.speak = [DeepgramSpeak(provider: .speak(voice: voice))]
        agent.greeting = greeting.flatMap { $0.isEmpty ? nil : $0 }
        var settings = DeepgramSettings(agent: .inline(agent))
        settings.tags = tags
        settings.mipOptOut = options.mipOptOut
        settings.history = true
        settings.input = DeepgramSettings.Audio(encoding: "mulaw", sampleRate: 8_000)
        settings.output = DeepgramSettings.Audio(encoding: "mulaw", sampleRate: 8_000)
        settings.outputContainer = "none"
        return settings
    }

    /// Prompt and functions together: an update that left the functions out would remove them.
    func deepgramThink(_ options: DeepgramOptions) -> DeepgramThink {
        DeepgramThink(
            provider: .think(model: thinkModel, provider: options.thinkProvider), endpoint: options.thinkEndpoint,
            prompt: options.promptCharactersMax.map { brief.text(charactersMax: $0) } ?? brief.text,
            functions: tools.map { tool in
                var function = DeepgramFunction(
                    name: tool.name, description: tool.description, parameters: tool.parameters)
                function.deferUntilEndOfTurn = tool.deferUntilEndOfTurn ? true : nil
                return function
            })
    }
}
