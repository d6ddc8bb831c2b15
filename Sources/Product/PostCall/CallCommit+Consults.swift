import CRM
import CallModel
import Consult
import Database
import Encoding
import FoundationEssentials
import Telemetry

extension CallCommit {
    private static let consultsMax = 50

    private var consults: [ConsultRecord] { record.consults.prefix(CallCommit.consultsMax).compactMap(\.record) }

    /// The consults of the call, and an entry each in the lead's timeline.
    func addConsults(_ parties: CallParties, to rows: inout CallRows) {
        let consults = consults
        if consults.count < record.consults.count {
            Log.warning(
                "consults of a call are unreadable or too many",
                ["call.id": record.opening.callID, "written": consults.count, "journalled": record.consults.count])
        }
        let party = ConsultStore.Party(
            contactID: parties.contactID, phone: phone, rangAt: record.opening.rangAt)
        for consult in consults {
            ConsultStore.add(consult, call: record.opening.callID, by: party, to: &rows)
            guard let leadID = parties.leadID else { continue }
            addActivity(of: consult, leadID, parties, to: &rows)
        }
    }

    private struct ConsultMetadata: JSONWritable {
        var consultID: UUID
        var ending: String
        var specialists: [String]
        var delivered: Bool

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.add("event", "consult")
                json.add("consult_id", consultID)
                json.add("ending", ending)
                json.add("specialists", specialists)
                json.add("delivered", delivered)
            }
        }
    }

    private func addActivity(
        of consult: ConsultRecord, _ leadID: UUID, _ parties: CallParties, to rows: inout CallRows
    ) {
        let metadata = ConsultMetadata(
            consultID: consult.question.id, ending: consult.ending.rawValue,
            specialists: consult.answers.map(\.specialist.text), delivered: consult.delivered)
        let at = record.opening.rangAt.addingTimeInterval(Double(max(0, consult.question.askedAtMs)) / 1_000)
        rows.activities.add(
            LeadActivity.row(
                leadID, call: record.opening.callID, by: parties.userID,
                "Consult: \(consult.delivered ? "answered" : consult.ending.rawValue)",
                StoredText.bounded(consult.question.text, charactersMax: 2_000), metadata: metadata.json, at: at))
    }

    /// What was promised or came too late to be heard: a follow-up on the next working day, unless the caller asked not to
    /// be called again.
    func addConsultFollowUps(_ leadID: UUID, _ parties: CallParties, to rows: inout CallRows) {
        guard !isOptOut else { return }
        let promised = consults.compactMap { consult in consult.followUp.map { (consult, $0) } }
        guard !promised.isEmpty else { return }
        let calendar = TenantCalendar(
            timeZone: TimeZone(identifier: rules.timeZone) ?? .gmt, settingsJSON: rules.settingsJSON)
        let due = calendar.workday(from: endedAt.addingTimeInterval(86_400))
        for (consult, text) in promised {
            rows.followUps.add([
                .leadID: .uuid(leadID), .callID: call, .agentID: .uuid(parties.userID), .dueAt: .timestamp(due),
                .reason: "consult", .notes: .text(StoredText.bounded(text, charactersMax: 2_000)),
                .aiRecommendation: .text(consult.mergedText.map { StoredText.bounded($0, charactersMax: 4_000) }),
                .isAsked: .bool(false),
            ])
        }
    }
}
