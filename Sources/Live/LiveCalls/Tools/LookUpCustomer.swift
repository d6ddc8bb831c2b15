import CallModel
import Foundation
import SpeechAgent

extension CallTool {
    private static let lookUpMs = 150

    static let lookUpCustomer = CallTool(
        schema: AgentTool(
            name: "lookup_customer",
            description: "Look up what is known about the caller: name, company, open deals, tasks, last contact.",
            parameters: ToolSchema.object([]), deferUntilEndOfTurn: false)
    ) { _, card, office in
        var context = card.context
        if let phone = card.opening.trustedPhone {
            context = (try? await office.customer(card.opening.tenant, phone, lookUpMs)) ?? context
        }
        let zone = (context?.timeZone).flatMap { TimeZone(identifier: $0) }?.identifier ?? card.timeZone.identifier
        var answer: [String: any Sendable] = [
            "time_zone": zone, "now": Date().ISO8601Format(), "known": context?.isKnown ?? false,
        ]
        if let context {
            answer["summary"] = context.summary
            for (key, value) in [
                ("name", context.name), ("email", context.email), ("company", context.company),
                ("position", context.position), ("status", context.status),
            ] {
                if let value { answer[key] = value }
            }
        }
        return .answer(answer)
    }
}
