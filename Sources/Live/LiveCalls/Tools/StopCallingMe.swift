import CallModel
import SpeechAgent

extension CallTool {
    static let stopCallingMe = CallTool(
        schema: AgentTool(
            name: "stop_calling_me",
            description: "The caller asks not to be called or contacted again. Call it at once, then confirm it aloud.",
            parameters: ToolSchema.object(
                [("words", ToolSchema.text("The caller's own words."))], required: ["words"]),
            deferUntilEndOfTurn: true)
    ) { arguments, _, _ in
        .done(
            note: "the number is on the do-not-contact list",
            .doNotContact(words: arguments.text("words") ?? "asked not to be called again"))
    }
}
