import CallModel
import Database
import FoundationEssentials

extension CallCommit {
    private static let meetingMinutes = 5...480
    /// A time further off than this is a misunderstanding.
    private static let horizon: TimeInterval = 3 * 365 * 86_400

    private func isPlausible(_ date: Date) -> Bool {
        date > endedAt.addingTimeInterval(-86_400) && date < endedAt.addingTimeInterval(CallCommit.horizon)
    }

    /// The meeting the caller agreed to; the same hour is never booked twice for a lead.
    func writeMeeting(_ leadID: UUID, _ parties: CallParties, in tx: borrowing Transaction) throws {
        guard let meeting = insight.meeting, isPlausible(meeting.startsAt) else { return }
        let minutes = min(
            max(meeting.durationMinutes, CallCommit.meetingMinutes.lowerBound), CallCommit.meetingMinutes.upperBound)
        try tx.send(
            """
            insert into meetings (tenant_id, lead_id, call_id, agent_id, title, starts_at, ends_at, notes)
            select app.tenant_id(), $1, $2, $3, $4, $5::timestamptz, $5::timestamptz + make_interval(mins => $6::integer),
                'Agreed on the phone with the AI agent.'
            where not exists (
                select from meetings where lead_id = $1 and starts_at = $5::timestamptz and status = 'scheduled')
            """,
            [
                .uuid(leadID), call, .uuid(parties.userID),
                .text(StoredText.line(meeting.title) ?? "Meeting"), .timestamp(meeting.startsAt), .int(minutes),
            ])
    }

    /// The next contact. This call settles what was due by now; a follow-up of an earlier call that is still ahead gives
    /// way to a sooner one or to what the caller said today, and stays otherwise. Those people made are left to them.
    func writeFollowUp(
        _ leadID: UUID, _ parties: CallParties, _ assessed: Assessed, in tx: borrowing Transaction
    ) throws {
        guard assessed.mayContact else { return }
        let isOurs = LeadState.isOurFollowUp
        let ours: [SQLValue] = [.uuid(leadID), .uuid(parties.userID)]
        if !record.transcript.callerTurns.isEmpty {
            try tx.send(
                "update follow_ups set status = 'Completed', completed_at = $3 where \(isOurs) and due_at <= $3",
                ours + [.timestamp(endedAt)])
        }
        guard let plan = pipeline.plan(assessed.insight, record, rules), isPlausible(plan.dueAt) else { return }
        let saysWhen = insight.followUpNamedAt != nil || insight.bant.timeline.value != .unknown
        // Times in the database are kept to the microsecond.
        if !saysWhen, let due = assessed.followUpDueAt, due < plan.dueAt.addingTimeInterval(0.000_001) { return }
        try tx.send("update follow_ups set status = 'Rescheduled' where \(isOurs)", ours)
        try tx.send(
            """
            insert into follow_ups (tenant_id, lead_id, call_id, agent_id, due_at, status, reason, ai_recommendation)
            values (app.tenant_id(), $1, $2, $3, $4, 'Pending', $5, $6)
            """,
            [
                .uuid(leadID), call, .uuid(parties.userID), .timestamp(plan.dueAt),
                .text(StoredText.bounded(plan.reason, charactersMax: 1_000)),
                .text(StoredText.bounded(plan.recommendation, charactersMax: 2_000)),
            ])
    }

    private struct ActivityMetadata: Encodable {
        var event = "call_finished"
        var outcome: CallOutcome
        var durationSeconds: Int
    }

    func writeActivity(_ leadID: UUID, _ parties: CallParties, in tx: borrowing Transaction) throws {
        let metadata = try StoredText.json(
            ActivityMetadata(outcome: insight.outcome, durationSeconds: record.connectedSeconds))
        let summary = SQLValue.text(StoredText.bounded(insight.summary, charactersMax: 4_000))
        let subject = "Call finished: " + insight.outcome.rawValue.replacing("_", with: " ")
        try tx.send(
            """
            insert into lead_activities (
                tenant_id, lead_id, call_id, activity_type, subject, description, created_by, is_automated, metadata,
                created_at)
            values (app.tenant_id(), $1, $2, 'ai_interaction', $3, $4, $5, true, $6, $7)
            """,
            [
                .uuid(leadID), call, .text(subject), summary, .uuid(parties.userID), .json(metadata),
                .timestamp(endedAt),
            ])
        guard let contactID = parties.contactID else { return }
        try tx.send(
            """
            insert into contact_interactions (
                tenant_id, contact_id, user_id, interaction_type, subject, content, interaction_date, metadata)
            values (app.tenant_id(), $1, $2, 'phone_call', $3, $4, $5, $6)
            """,
            [.uuid(contactID), .uuid(parties.userID), .text(subject), summary, .timestamp(endedAt), .json(metadata)])
    }
}
