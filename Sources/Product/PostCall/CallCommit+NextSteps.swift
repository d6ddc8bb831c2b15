import CRM
import CallModel
import CallReading
import Database
import Encoding
import FoundationEssentials

extension CallCommit {
    private static let meetingMinutes = 5...480
    /// A time further off than this is a misunderstanding.
    private static let horizon: TimeInterval = 3 * 365 * 86_400

    private func isPlausible(_ date: Date) -> Bool {
        date > endedAt.addingTimeInterval(-86_400) && date < endedAt.addingTimeInterval(CallCommit.horizon)
    }

    /// The meeting the caller agreed to.
    func addMeeting(_ leadID: UUID, _ parties: CallParties, to rows: inout CallRows) {
        guard let meeting = insight.meeting, isPlausible(meeting.startsAt) else { return }
        let minutes = min(
            max(meeting.durationMinutes, CallCommit.meetingMinutes.lowerBound), CallCommit.meetingMinutes.upperBound)
        rows.meetings.add([
            .leadID: .uuid(leadID), .callID: call, .agentID: .uuid(parties.userID),
            .title: .text(StoredText.line(meeting.title) ?? "Meeting"), .startsAt: .timestamp(meeting.startsAt),
            .endsAt: .timestamp(meeting.startsAt.addingTimeInterval(Double(minutes) * 60)),
            .notes: .text((["Agreed on the phone with the AI agent."] + remarks).joined(separator: " ")),
        ])
    }

    /// The next contact. This call settles what was due by now; a follow-up of an earlier call that is still ahead gives
    /// way to a sooner one or to what the caller said today, and stays otherwise. Those people made are left to them.
    func addFollowUp(_ leadID: UUID, _ parties: CallParties, _ assessed: Assessed, to rows: inout CallRows) {
        // What becomes of whom only a machine was reached of is a campaign's to say.
        guard assessed.mayContact, record.machineEnding == nil else { return }
        let (lead, agent) = (SQLValue.uuid(leadID), SQLValue.uuid(parties.userID))
        if !record.personTurns.isEmpty {
            rows.followUpsSettled.add([.leadID: lead, .agentID: agent, .completedAt: .timestamp(endedAt)])
        }
        guard let plan = pipeline.plan(assessed.insight, record, rules), isPlausible(plan.dueAt) else { return }
        let saysWhen = insight.followUpNamedAt != nil || insight.bant.timeline.value != .unknown
        // Times in the database are kept to the microsecond.
        if !saysWhen, let due = assessed.followUpDueAt, due < plan.dueAt.addingTimeInterval(0.000_001) { return }
        rows.followUpsReplaced.add([.leadID: lead, .agentID: agent])
        rows.followUps.add([
            .leadID: lead, .callID: call, .agentID: agent, .dueAt: .timestamp(plan.dueAt),
            .reason: .text(StoredText.bounded(plan.reason, charactersMax: 1_000)),
            .notes: .text(remarks.isEmpty ? nil : remarks.joined(separator: " ")),
            .aiRecommendation: .text(StoredText.bounded(plan.recommendation, charactersMax: 2_000)),
            .isAsked: .bool(plan.isAsked),
        ])
    }

    /// What whoever takes the next step has to know first.
    private var remarks: [String] {
        var remarks: [String] = []
        if let phone = insight.contact.phone, phone.value != record.opening.customerPhone?.text {
            remarks.append("To be called on \(phone.value), as the caller said.")
        }
        if let doubt = record.opening.callerDoubt { remarks.append("Unverified: \(doubt).") }
        return remarks
    }

    private struct ActivityMetadata: JSONWritable {
        var outcome: CallOutcome
        var durationSeconds: Int
        var isUnverified: Bool

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.add("event", "call_finished")
                json.add("outcome", outcome)
                json.add("duration_seconds", durationSeconds)
                if isUnverified { json.add("unverified", true) }
            }
        }
    }

    func addActivity(_ leadID: UUID, _ parties: CallParties, to rows: inout CallRows) {
        let metadata = ActivityMetadata(
            outcome: insight.outcome, durationSeconds: record.connectedSeconds, isUnverified: isUnverified
        ).json
        let summary = StoredText.bounded(insight.summary, charactersMax: 4_000)
        let subject = "Call finished: " + insight.outcome.rawValue.replacing("_", with: " ")
        rows.activities.add(
            LeadActivity.row(
                leadID, call: record.opening.callID, by: parties.userID, subject, summary, metadata: metadata,
                at: endedAt))
        guard let contactID = parties.contactID else { return }
        rows.interactions.add([
            .contactID: .uuid(contactID), .userID: .uuid(parties.userID), .interactionType: "phone_call",
            .subject: .text(subject), .content: .text(summary), .interactionDate: .timestamp(endedAt),
            .metadata: .json(metadata),
        ])
    }
}
