import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What a contact did on the tenant's site, as the site tells it: behavioral scores are made of it.
enum SiteEventRoutes {
    static let eventsMax = 100
    /// Of one contact in 24 hours.
    static let eventsADayMax = 1_000
    /// A site's clock may be ahead by so much.
    private static let aheadMax: TimeInterval = 300

    static let routes: [Endpoint] = [
        .write(
            .post, "/api/v1/contacts/{id}/events", id: "addContactEvents", .role(.agent),
            "Takes what a contact did on the site.", Events.self, EventsTaken.self, status: 201
        ) { transaction, context, posted in
            try .value(take(posted, transaction, context), status: 201)
        }
    ]

    struct Events: EndpointInput {
        struct PostedEvent: Codable, Sendable {
            var type: SiteEvent
            var url: String?
            var occurredAt: Date?
            var metadata: [String: JSONValue]?
        }

        var id: UUID
        var events: [PostedEvent]
        static let rules: [String: FieldRule] = [
            "id": .help("The contact's id."), "events": .help("1 to \(eventsMax)."),
        ]
    }

    struct EventsTaken: Codable, Sendable {
        var taken: Int
    }

    private static func take(
        _ posted: Events, _ transaction: borrowing Transaction, _ context: RequestContext
    ) throws -> EventsTaken {
        let faults = faults(in: posted.events, at: context.now)
        guard faults.isEmpty else { throw Problem.unprocessable(faults) }
        // One contact's events come one after another, so that they can be counted.
        let contact = try transaction.query(
            "select id from contacts where id = $1::uuid for no key update", [.uuid(posted.id)])
        guard !contact.isEmpty else { throw Problem.notFound }
        let known = try transaction.query(
            """
            select count(*) as events from (select from contact_events
                where contact_id = $1::uuid and created_at > now() - interval '24 hours' limit $2::bigint) e
            """, [.uuid(posted.id), .int(eventsADayMax)])
        let today = try known.first?.int("events") ?? 0
        guard today + posted.events.count <= eventsADayMax else {
            throw Problem.tooMany("At most \(eventsADayMax) events of a contact in 24 hours.", retryAfterSeconds: 3_600)
        }
        try transaction.execute(
            """
            insert into contact_events (tenant_id, contact_id, event_type, url, metadata, occurred_at)
            select (select app.tenant_id()), $1::uuid, e.type, e.url, coalesce(e.metadata, '{}'), coalesce(e.at, now())
            from unnest($2::text[], $3::text[], $4::jsonb[], $5::timestamptz[]) e (type, url, metadata, at)
            """,
            [
                .uuid(posted.id), .array(posted.events.map { .text($0.type.rawValue) }),
                .array(posted.events.map { .text($0.url) }),
                .array(posted.events.map { .json($0.metadata.map { JSONValue.object($0).json }) }),
                .array(posted.events.map { .timestamp($0.occurredAt) }),
            ])
        let after: JSONValue = [
            "id": .text(posted.id.uuidString.lowercased()), "events": .integer(posted.events.count),
        ]
        try Audit(context).note("contact_events", before: nil, after: after.json, in: transaction)
        return EventsTaken(taken: posted.events.count)
    }

    private static let metadataBytesMax = 4_096
    private static let urlBytesMax = 2_048

    private static func faults(in events: [Events.PostedEvent], at now: Date) -> [Problem.Fault] {
        guard (1...eventsMax).contains(events.count) else {
            return [Problem.Fault(.pointer("/events"), "This is a list of 1 to \(eventsMax).")]
        }
        var faults: [Problem.Fault] = []
        for (place, event) in events.enumerated() {
            func fault(_ field: String, _ detail: String) {
                faults.append(Problem.Fault(.pointer("/events/\(place)/\(field)"), detail))
            }
            if let url = event.url, url.utf8.count > urlBytesMax {
                fault("url", "This is at most \(urlBytesMax) bytes long.")
            }
            if let at = event.occurredAt, at > now.addingTimeInterval(aheadMax) {
                fault("occurred_at", "This is yet to come.")
            }
            if let metadata = event.metadata, JSONValue.object(metadata).json.utf8.count > metadataBytesMax {
                fault("metadata", "This is at most \(metadataBytesMax) bytes of JSON.")
            }
        }
        return Array(faults.prefix(20))
    }
}
