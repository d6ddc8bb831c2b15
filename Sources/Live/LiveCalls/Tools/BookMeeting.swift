import CallModel
import Encoding
import Foundation
import SpeechAgent

extension CallTool {
    static let bookMeeting = CallTool(
        schema: AgentTool(
            name: "book_meeting",
            description: "Book a meeting. Only after the caller has confirmed day and time.",
            parameters: ToolSchema.object(
                [
                    ("title", ToolSchema.text("What the meeting is about.")),
                    ("starts_at", ToolSchema.text("ISO 8601 with offset, e.g. 2026-03-05T14:00:00-05:00.")),
                    ("duration_minutes", ["type": "integer", "minimum": .integer(5), "maximum": .integer(480)]),
                ], required: ["title", "starts_at", "duration_minutes"]), deferUntilEndOfTurn: true)
    ) { arguments, card, _ in
        guard let startsAt = arguments.instant("starts_at", in: card.timeZone) else {
            return .refused("\"starts_at\" must be ISO 8601 with an offset, e.g. 2026-03-05T15:00:00-05:00")
        }
        guard startsAt > Date(), startsAt < Date(timeIntervalSinceNow: 400 * 86_400) else {
            return .refused("\"starts_at\" must lie within the next year")
        }
        let length = arguments.has("duration_minutes") ? arguments.number("duration_minutes") ?? .nan : 30
        guard (5...480).contains(length) else { return .refused("\"duration_minutes\" must be 5 to 480") }
        let minutes = Int(length)
        return .answer(
            ["ok": true, "starts_at": startsAt.ISO8601Format(), "duration_minutes": minutes],
            .meetingBooked(
                title: arguments.text("title") ?? "Meeting", startsAt: startsAt, durationMinutes: minutes))
    }
}
