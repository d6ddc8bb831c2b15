import CallModel
import Foundation
import SpeechAgent

extension CallTool {
    static let scheduleFollowUp = CallTool(
        schema: AgentTool(
            name: "schedule_follow_up",
            description: "Note that we contact the caller again, at a time they named or when it suits.",
            parameters: ToolSchema.object(
                [
                    ("due_at", ToolSchema.text("ISO 8601 with offset; leave out when no time was named.")),
                    ("reason", ToolSchema.text("What the follow-up is for.")),
                ], required: ["reason"]), deferUntilEndOfTurn: true)
    ) { arguments, card, _ in
        var dueAt: Date?
        if arguments.has("due_at") {
            guard let instant = arguments.instant("due_at", in: card.timeZone), instant > Date(),
                instant < Date(timeIntervalSinceNow: 730 * 86_400)
            else { return .refused("\"due_at\" must be ISO 8601 with an offset and lie ahead") }
            dueAt = instant
        }
        return .done(.followUpAgreed(dueAt: dueAt, reason: arguments.text("reason") ?? "agreed on the phone"))
    }
}
