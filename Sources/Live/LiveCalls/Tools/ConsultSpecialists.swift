import SpeechAgent

extension CallTool {
    /// Offered and answered by the consult desk, in calls that have one.
    static let consultSpecialists = CallTool(
        schema: AgentTool(
            name: AgentTools.consult,
            description: """
                Ask our specialists, for questions that need one: law and regulation, privacy, contracts, business \
                cultures, security, payments, migration, integration. The caller is asked for consent first, so say \
                nothing before you call it, and nothing until you are told what came of it.
                """,
            parameters: ToolSchema.object(
                [("question", ToolSchema.text("The caller's question, complete in itself."))], required: ["question"]),
            deferUntilEndOfTurn: true),
        isOffered: { _ in false }
    ) { _, _, _ in .refused("there are no specialists; answer as well as you can") }
}
