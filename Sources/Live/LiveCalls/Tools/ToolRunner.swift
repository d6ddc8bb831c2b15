import SpeechAgent

/// Carries out what the speech agent asks for.
struct ToolRunner: Sendable {
    let office: BackOffice

    func run(_ call: AgentToolCall, for card: CallCard) async -> ToolOutcome {
        guard let arguments = ToolArguments(json: call.arguments) else {
            return .refused("the arguments are not a JSON object")
        }
        guard let tool = CallTool.catalog.first(where: { $0.schema.name == call.name }) else {
            return .refused("there is no tool named \(call.name.prefix(64))")
        }
        return await tool.run(arguments, card, office)
    }
}
