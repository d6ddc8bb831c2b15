import CRM
import Compliance
import Database

/// The rows that calls give to each statement.
struct CallRows {
    var calls = BulkRows(CallStatement.call)
    var readings = BulkRows(CallStatement.reading)
    var turns = BulkRows(CallStatement.turn)
    var usage = BulkRows(CallStatement.usage)
    var consults = BulkRows(CallStatement.consult)
    var consultAnswers = BulkRows(CallStatement.consultAnswer)
    var consultConsents = BulkRows(CallStatement.consultConsent)
    var consents = BulkRows(CallStatement.consent)
    var optOuts = BulkRows(OptOut.statement)
    var contacts = BulkRows(CallStatement.contact)
    var leads = BulkRows(CallStatement.lead)
    var scores = BulkRows(LeadScoreRow.statement)
    var meetings = BulkRows(CallStatement.meeting)
    var followUpsSettled = BulkRows(CallStatement.followUpSettled)
    var followUpsReplaced = BulkRows(CallStatement.followUpReplaced)
    var followUps = BulkRows(CallStatement.followUp)
    var activities = BulkRows(LeadActivity.statement)
    var interactions = BulkRows(CallStatement.interaction)

    /// In the order in which they run.
    var queries: [BulkQuery] {
        [
            calls.query, readings.query, turns.query, usage.query, consults.query, consultAnswers.query,
            consultConsents.query,
            consents.query, optOuts.query, contacts.query, leads.query, scores.query, meetings.query,
            followUpsSettled.query, followUpsReplaced.query, followUps.query, activities.query, interactions.query,
        ]
    }

    /// Sends every statement that has rows; they travel with the commit.
    func send(in tx: borrowing Transaction) throws(DatabaseError) {
        for query in queries { try tx.send(query) }
    }
}
