import Testing

@testable import SpeechAgent

@Suite struct AgentPromptTests {
    private static let particulars = "It is Monday.\n\nAbout the caller: \"Jane\""

    private static func sent(
        _ settings: AgentSettings, _ options: DeepgramOptions = DeepgramOptions()
    ) throws -> String {
        try #require(settings.deepgram(options).inlineAgent?.think.first?.prompt)
    }

    @Test(arguments: [24_900, 25_001, 26_000, 200_000])
    func `a prompt of any length keeps date and caller, and its profile's beginning`(_ length: Int) throws {
        let profile = "BEGIN " + String(repeating: "p", count: length - 6)
        let settings = AgentSettings(prompt: profile, particulars: Self.particulars)

        let prompt = try Self.sent(settings)

        #expect(prompt.hasPrefix("BEGIN ppp"))
        #expect(prompt.hasSuffix("p\n\n" + Self.particulars))
        #expect(prompt.count <= DeepgramOptions.managedPromptCharactersMax)
        #expect(
            settings.promptCharactersCut(max: DeepgramOptions.managedPromptCharactersMax)
                == max(0, settings.prompt.count - DeepgramOptions.managedPromptCharactersMax))
        #expect(
            (prompt == settings.prompt)
                == (settings.promptCharactersCut(max: DeepgramOptions.managedPromptCharactersMax) == 0))
    }

    @Test func `an endpoint of our own is given the whole`() throws {
        let settings = AgentSettings(prompt: String(repeating: "p", count: 26_000), particulars: Self.particulars)
        let options = DeepgramOptions(thinkEndpoint: DeepgramEndpoint(url: "https://llm.example.com/v1"))

        #expect(try Self.sent(settings, options) == settings.prompt)
        #expect(settings.promptCharactersCut(max: options.promptCharactersMax) == 0)
    }

    @Test func `instructions given in a call whose prompt is full replace the prompt and are the last of it`() throws {
        var settings = SessionDriver.settings
        settings.brief = AgentPrompt(profile: String(repeating: "p", count: 24_990), call: "Jane.")
        var driver = SessionDriver.ready(settings)

        driver.perform(.appendInstructions(AgentHold.wait))

        guard case .updateThink(let think)? = driver.messages.last else {
            Issue.record("\(driver.sent.last ?? "nothing sent")")
            return
        }
        let prompt = try #require(think.first?.prompt)
        #expect(prompt.hasSuffix("p\n\nJane.\n\n" + AgentHold.wait))
        #expect(prompt.count <= DeepgramOptions.managedPromptCharactersMax)
        #expect(think.first?.functions?.count == SessionDriver.tools.count)
        let again = try Self.sent(driver.session.reconnectSettings(apology: nil))
        #expect(again == prompt)
    }

    @Test func `of instructions without end the latest are kept, beside the call and some of the profile`() {
        var prompt = AgentPrompt(
            profile: String(repeating: "p", count: 30_000), call: String(repeating: "c", count: 20_000))
        for number in 0..<500 { prompt.add("<\(number) " + String(repeating: "i", count: 500) + ">") }

        let text = prompt.text(charactersMax: 25_000)

        #expect(text.count <= 25_000)
        #expect(text.hasSuffix("i>") && text.contains("<499 ") && !text.contains("<400 "))
        #expect(text.hasPrefix("pppp") && text.count { $0 == "p" } > 6_000)
        #expect(text.count { $0 == "c" } == 6_250)
    }

    @Test func `short prompts are as they were written`() {
        var prompt = AgentPrompt(profile: "Sell.", call: "")
        prompt.add("The caller is Jane.")

        #expect(prompt.text == "Sell.\n\nThe caller is Jane.")
        #expect(prompt.text(charactersMax: 100) == prompt.text)
    }
}
