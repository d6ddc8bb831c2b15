import SpeechAgent

/// One function of the speech agent: its schema, who is offered it, and what it does. A file a tool; ``catalog`` lists them.
struct CallTool: Sendable {
    let schema: AgentTool
    /// Whether the agent of a call is told of it.
    var isOffered: @Sendable (CallCard) -> Bool = { _ in true }
    /// Only look-ups touch the database during the call.
    let run: @Sendable (ToolArguments, CallCard, BackOffice) async -> ToolOutcome

    static let catalog: [CallTool] = [
        .lookUpCustomer, .saveContactDetails, .updateQualification, .bookMeeting, .scheduleFollowUp, .transferToHuman,
        .endCall, .stopCallingMe, .consultSpecialists,
    ]
}
