import CRM
import Compliance
import Database

/// The statements that write what calls leave, each once over the rows of all calls of a transaction.
enum CallStatement {
    // MARK: - The call

    static let call = BulkStatement<CallColumn>(
        update: .id,
        set: [
            .leadID: .given, .contactID: .given, .status: .given,
            .answeredAt: "coalesce(t.\(.answeredAt), \(given: .answeredAt))",
            .callEndTime: "greatest(\(given: .callEndTime), t.\(.callStartTime))", .duration: .given,
            .endReason: .given, .outcome: .given, .disposition: .given, .transcript: .given, .summary: .given,
            .sentiment: .given, .intentDetected: .given, .confidenceScore: .given, .usage: .given, .ear: .given,
            .dtmf: .given, .notes: .given, .extractor: .given, .extraction: .given, .finalizedAt: "now()",
        ])

    /// What a language model found over what the rules had found.
    static let reading = BulkStatement<CallColumn>(
        update: .id,
        set: [
            .outcome: .given, .summary: .given, .sentiment: .given, .intentDetected: .given, .confidenceScore: .given,
            .extractor: .given, .extraction: .given,
        ])

    static let turn = BulkStatement<TurnColumn>(insert: TurnColumn.allCases)

    /// What billing counts: unique by call and kind, so that nothing is billed twice.
    static let usage = BulkStatement<UsageColumn>(insert: UsageColumn.allCases, "on conflict do nothing")

    // MARK: - Consults and consents

    static let consult = BulkStatement<ConsultColumn>(insert: ConsultColumn.allCases, "on conflict do nothing")

    static let consultAnswer = BulkStatement<ConsultAnswerColumn>(
        insert: ConsultAnswerColumn.allCases, "on conflict do nothing")

    static let consultConsent = BulkStatement<ConsentColumn>(
        // How somebody may be contacted is no matter of a consult.
        insert: ConsentColumn.allCases.filter { $0 != .level }, "on conflict do nothing")

    static let consent = BulkStatement<ConsentColumn>(
        insert: [.callID, .contactID, .phone, .kind, .granted, .words, .source, .at])

    // MARK: - Contact and lead

    /// What is new of it; and it moves along with its lead, but for a customer, or one a person closed.
    static let contact = BulkStatement<ContactColumn>(
        update: .id,
        set: [
            .contactName: .givenOrKept, .contactEmail: .givenOrKept, .businessName: .givenOrKept,
            .contactRole: .givenOrKept,
            .lifecycleStage: """
            case when t.\(.status) in ('lead', 'prospect', 'qualified')
                then coalesce(\(given: .lifecycleStage), t.\(.lifecycleStage)) else t.\(.lifecycleStage) end
            """,
            // The database says which statuses a contact may have; a customer, or one a person closed, keeps theirs.
            .status: """
            case
                when t.\(.status) in ('lead', 'prospect') and \(given: .status) = 'qualified' then 'qualified'
                when t.\(.status) = 'lead' and \(given: .status) = 'prospect' then 'prospect'
                else t.\(.status) end
            """,
        ])

    static let lead = BulkStatement<LeadColumn>(
        update: .id,
        set: [
            .budget: .given, .authority: .given, .need: .given, .timeline: .given, .qualificationData: .merged,
            .extractedInfo: .merged, .companyName: .givenOrKept, .contactPerson: .givenOrKept, .email: .givenOrKept,
            .conversationSummary: .givenOrKept, .leadScore: .givenOrKept, .statusBucket: .givenOrKept,
            .qualificationStatus: .givenOrKept, .winProbability: .givenOrKept,
            .expectedCloseDate:
                "coalesce((\(given: .expectedCloseDate) at time zone 'UTC')::date, t.\(.expectedCloseDate))",
            .dealValue: "coalesce(\(given: .dealValue)::numeric, t.\(.dealValue))", .currency: .givenOrKept,
            .previousStage: .sql(LeadMove.previousStage), .stageChangedAt: .sql(LeadMove.stageChangedAt),
            .pipelineStageID: .sql(LeadMove.pipelineStageID), .stage: .given,
        ])

    // MARK: - What comes next

    /// The same hour is never booked twice for a lead.
    static let meeting = BulkStatement<MeetingColumn>(
        insert: [.leadID, .callID, .agentID, .title, .startsAt, .endsAt, .notes],
        """
        where not exists (
            select from meetings t
            where t.\(.leadID) = \(given: .leadID) and t.\(.startsAt) = \(given: .startsAt)
                and t.\(.status) = 'scheduled')
        """)

    static let followUpSettled = BulkStatement<FollowUpColumn>(
        update: .leadID, set: [.status: "'Completed'", .completedAt: .given],
        where: "\(ours) and t.\(.dueAt) <= \(given: .completedAt)")

    static let followUpReplaced = BulkStatement<FollowUpColumn>(
        update: .leadID, set: [.status: "'Rescheduled'"], where: ours)

    /// Made by calls, and still to come.
    private static let ours: SQL<FollowUpColumn> = """
        t.\(.status) = 'Pending' and t.\(.callID) is not null and t.\(.agentID) is not distinct from \(given: .agentID)
        """

    static let followUp = BulkStatement<FollowUpColumn>(
        insert: [.leadID, .callID, .agentID, .dueAt, .reason, .notes, .aiRecommendation, .isAsked])

    static let interaction = BulkStatement<InteractionColumn>(insert: InteractionColumn.allCases)
}
