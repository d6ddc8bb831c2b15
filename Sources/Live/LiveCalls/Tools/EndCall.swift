import CallSession
import SpeechAgent

extension CallTool {
    static let endCall = CallTool(
        schema: AgentTool(
            name: "end_call", description: "Hang up. Only after both sides have said goodbye.",
            parameters: ToolSchema.object([("reason", ToolSchema.text("Why the call ends."))], required: ["reason"]),
            deferUntilEndOfTurn: true)
    ) { _, _, _ in .done(leaving: .hangUp) }
}
