/// What an endpoint may ask to be told of. Triggers of the tables make the events, in the transaction in which they happen
/// (migration 0018).
package enum WebhookEventType: String, Sendable, CaseIterable, Codable {
    case callStarted = "call.started"
    case callEnded = "call.ended"
    case leadCreated = "lead.created"
    case leadQualified = "lead.qualified"
    case leadStageChanged = "lead.stage_changed"
    case followUpDue = "follow_up.due"
    case meetingBooked = "meeting.booked"
    case consentChanged = "consent.changed"
    case campaignStarted = "campaign.started"
    case campaignFinished = "campaign.finished"
    case messageDelivered = "message.delivered"
    case messageFailed = "message.failed"
    case invoiceCreated = "invoice.created"

    /// Goes to the endpoint that is tried, and cannot be asked for.
    static let test = "webhook.test"
}
