/// What users are told of.
package enum NotificationKind: String, Codable, CaseIterable, Sendable {
    case followUpOverdue = "follow_up_overdue"
    case leadHot = "lead_hot"
    case meetingBooked = "meeting_booked"
    case campaignFailed = "campaign_failed"
    case deliveryFailed = "delivery_failed"
    case webhookDisabled = "webhook_disabled"
    case numberBlocked = "number_blocked"
}
