import CRM
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// When a lead could be shown the product.
enum DemoSuggestion {
    struct DemoAsk: EndpointInput {
        var leadID: UUID
    }

    struct DemoSlotsFound: Codable, Sendable {
        struct DemoSlot: Codable, Sendable {
            var startsAt: Date
            var endsAt: Date
        }
        var leadID: RowID
        var title: String
        var slots: [DemoSlot]
    }

    static let route = Endpoint.act(
        .post, "/api/v1/meetings/suggest-demo", id: "suggestDemo", .role(.agent),
        "Three times for a demo that the lead's agent has free; nothing is written.", DemoAsk.self, DemoSlotsFound.self
    ) { context, ask in
        let (principal, now) = (try context.principal, context.now)
        let found = try await context.read { try slots(for: ask, now, in: $0, principal) }
        return try .value(found)
    }

    private static func slots(
        for ask: DemoAsk, _ now: Date, in transaction: borrowing Transaction, _ principal: APIPrincipal
    ) throws -> DemoSlotsFound {
        let sight = Seen.own(principal).map { " and (\($0))" } ?? ""
        let leads = try transaction.query(
            """
            select agent_id, coalesce(company_name, contact_person) as name from leads t
            where $1::text is not null and t.id = $2\(sight)
            """, [.text(principal.subject), .uuid(ask.leadID)])
        guard let lead = leads.first else {
            throw Problem.unprocessable([.of("lead_id", "`lead_id` names none of leads.")])
        }
        let agent: UUID? = try lead.textOrNil("agent_id") == nil ? nil : lead.uuid("agent_id")
        let taken = try transaction.query(
            """
            select starts_at, ends_at from meetings
            where starts_at between $1::timestamptz - interval '1 day' and $1::timestamptz + interval '40 days'
                and status in ('scheduled', 'rescheduled') and (agent_id = $2 or lead_id = $3)
            """, [.timestamp(now), .uuid(agent), .uuid(ask.leadID)]
        ).map { DateInterval(start: try $0.timestamp("starts_at"), end: try $0.timestamp("ends_at")) }
        let calendar = TenantCalendar(try TenantRules.read(in: transaction))
        let name = try lead.textOrNil("name")
        return DemoSlotsFound(
            leadID: RowID(ask.leadID), title: name.map { "Demo for \($0)" } ?? "Demo",
            slots: DemoSlots.free(from: now, calendar: calendar, taken: taken).map {
                DemoSlotsFound.DemoSlot(startsAt: $0.start, endsAt: $0.end)
            })
    }
}
