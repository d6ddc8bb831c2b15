import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import PublicHTTP
import WebSocketTransport
import WebhooksOut

/// Who is told of what happens, and what became of telling them. docs/webhooks.md.
struct WebhookRoutes {
    let rules: AddressRules

    var routes: [Endpoint] {
        endpoints.endpoints + Self.deliveries.endpoints + [create, rotate, Self.replay, Self.test]
    }

    private static let address = "/api/v1/webhook-endpoints"
    private static let eventNames = WebhookEventType.allCases.map(\.rawValue)

    private var endpoints: Resource {
        Resource(
            "webhook_endpoints", of: "WebhookEndpoint", verbs: [.list, .read, .patch, .delete], role: .admin,
            completedBy: { [rules] transaction, _, given, before in
                if let url = given["url"]?.text { try Self.check(url, rules) }
                if case .list(let names)? = given["events"] { try Self.check(names.compactMap(\.text)) }
                var given = given
                // Whoever switches it on again has seen why it was off.
                if given["is_active"] == .bool(true), before?["is_active"] == .bool(false) {
                    given["disabled_reason"] = .null
                    try transaction.send(
                        "delete from notifications where kind = $1 and subject_id = $2::uuid",
                        [.text(NotificationKind.webhookDisabled.rawValue), .text(before?["id"]?.text)])
                }
                return given
            },
            [
                .text(WebhookEndpointColumn.url, [.required, .search], format: .uri),
                .text(WebhookEndpointColumn.description, .search, max: 500),
                .texts(WebhookEndpointColumn.events, .filter, countMax: Self.eventNames.count, max: 50),
                .flag(WebhookEndpointColumn.isActive, .filter, standard: true),
                .text(WebhookEndpointColumn.disabledReason, .readOnly, max: 1_000),
                .time(WebhookEndpointColumn.lastSuccessAt, .readOnly),
                .time(WebhookEndpointColumn.previousSecretUntil, .readOnly),
            ])
    }

    /// An address that may be asked, as far as can be said before its name is looked up.
    private static func check(_ url: String, _ rules: AddressRules) throws(Problem) {
        func refused(_ why: String) -> Problem { .unprocessable([Problem.Fault(.pointer("/url"), why)]) }
        guard url.utf8.count <= 2_000, let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil
        else { throw refused("`url` is an address of at most 2000 bytes, with no user and no fragment in it.") }
        guard parts.scheme == "https" || parts.scheme == "http" && rules.allowsPrivate else {
            throw refused("`url` begins with https://.")
        }
        guard rules.allows(host: host) ?? true else {
            throw refused("`url` leads to this machine or to a private network.")
        }
    }

    private static func check(_ names: [String]) throws(Problem) {
        let faults = names.enumerated().filter { !eventNames.contains($0.element) }.map { index, name in
            Problem.Fault(
                .pointer("/events/\(index)"), "`\(name)` is no event; there are \(eventNames.joined(separator: ", ")).")
        }
        if !faults.isEmpty { throw .unprocessable(faults) }
    }

    // MARK: Making one

    struct NewWebhookEndpoint: EndpointInput {
        var url: String
        var description: String?
        var events: [WebhookEventType]?
        var isActive: Bool?
        static let rules: [String: FieldRule] = [
            "url": .lengths(1...2_000, "Where events are posted to; https."),
            "description": .lengths(0...500),
            "events": .atMost(WebhookRoutes.eventNames.count, "None: all, also those to come."),
            "is_active": .help("True unless it says otherwise."),
        ]
    }

    /// The only time that the secret is shown, but for a new one.
    struct WebhookEndpointWithSecret: Codable, Sendable {
        var id: RowID
        var url: String
        var secret: String
    }

    private var create: Endpoint {
        .write(
            .post, Self.address, id: "createWebhookEndpoint", .role(.admin),
            "Names an address that events are posted to; answers with the secret that signs them.",
            NewWebhookEndpoint.self, WebhookEndpointWithSecret.self, status: 201
        ) { [rules] transaction, context, new in
            try Self.check(new.url, rules)
            let secret = WebhookSecret()
            let rows = try transaction.query(
                """
                insert into webhook_endpoints (tenant_id, url, description, events, is_active, secret)
                values ((select app.tenant_id()), $1, $2, $3, coalesce($4, true), $5)
                returning id, \(Self.audited) as body
                """,
                [
                    .text(new.url), .text(new.description), .textArray((new.events ?? []).map(\.rawValue)),
                    new.isActive.map { .bool($0) } ?? .null, .text(secret.text),
                ])
            guard let row = rows.first else { throw Problem.broken }
            try Audit(context).note("webhook_endpoints", before: nil, after: try row.text("body"), in: transaction)
            let id = try row.uuid("id")
            let made = WebhookEndpointWithSecret(id: RowID(id), url: new.url, secret: secret.text)
            return try .value(made, status: 201).with([
                ("location", "\(Self.address)/\(id.uuidString.lowercased())")
            ])
        }
    }

    /// A row as the audit keeps it: no secret.
    private static let audited = "(to_jsonb(webhook_endpoints) - 'secret' - 'previous_secret')::text"

    // MARK: Its secret

    struct RotateSecret: EndpointInput {
        var id: UUID
        var overlapHours: Int
        static let rules: [String: FieldRule] = [
            "id": .help("The endpoint's id."),
            "overlap_hours": .range(0...168, standard: 24, "So long the old secret signs beside the new one."),
        ]
    }

    private var rotate: Endpoint {
        .write(
            .post, Self.address + "/{id}/rotate-secret", id: "rotateWebhookSecret", .role(.admin),
            "Makes a new secret; for some time both sign.", RotateSecret.self, WebhookEndpointWithSecret.self,
            problems: [404]
        ) { transaction, context, ask in
            let secret = WebhookSecret()
            let rows = try transaction.query(
                """
                update webhook_endpoints set previous_secret = secret,
                    previous_secret_until = now() + make_interval(hours => $3::integer), secret = $2
                where tenant_id = (select app.tenant_id()) and id = $1 returning url, \(Self.audited) as body
                """, [.uuid(ask.id), .text(secret.text), .int(ask.overlapHours)])
            guard let row = rows.first else { throw Problem.notFound }
            let body = try row.text("body")
            try Audit(context).note("webhook_endpoints", before: body, after: body, in: transaction)
            return try .value(
                WebhookEndpointWithSecret(id: RowID(ask.id), url: try row.text("url"), secret: secret.text))
        }
    }

    // MARK: Deliveries

    private static let deliveries = Resource(
        "webhook_deliveries", of: "WebhookDelivery", verbs: [.list, .read], role: .admin,
        lists: [
            PresetList(
                address + "/{id}/deliveries", id: "listDeliveriesOfWebhookEndpoint", "Lists an endpoint's deliveries.",
                [.init("id", for: "endpoint_id")],
                behind: { transaction, _, input in
                    let rows = try transaction.query(
                        "select from webhook_endpoints where id = $1::uuid", [.text(input["id"]?.text)])
                    if rows.isEmpty { throw Problem.notFound }
                })
        ],
        [
            .reference(WebhookDeliveryColumn.endpointID, to: "webhook_endpoints", .filter),
            .uuid(WebhookDeliveryColumn.eventID, .filter), .text(WebhookDeliveryColumn.eventType, .filter, max: 50),
            .choice(WebhookDeliveryColumn.status, ["waiting", "delivered", "failed"], .filter, standard: "waiting"),
            .integer(WebhookDeliveryColumn.attempts, 0...1_000, standard: 0),
            .integer(WebhookDeliveryColumn.responseStatus, 100...599),
            .text(WebhookDeliveryColumn.lastError, max: 1_000), .time(WebhookDeliveryColumn.nextAttemptAt),
            .time(WebhookDeliveryColumn.deliveredAt),
        ])

    struct Replay: EndpointInput {
        var id: UUID
        var since: Date?
        var deliveryIds: [UUID]?
        static let rules: [String: FieldRule] = [
            "id": .help("The endpoint's id."),
            "since": .help("Failed deliveries from this time on, at most 1000 of them."),
            "delivery_ids": .help("These deliveries, whatever became of them; at most 1000."),
        ]
    }

    struct Replayed: Codable, Sendable {
        /// Deliveries made.
        var replayed: Int
    }

    private static let replay = Endpoint.write(
        .post, address + "/{id}/replay", id: "replayWebhookDeliveries", .role(.admin),
        "Sends again what has failed since a time, or certain deliveries: the same messages with the same ids.",
        Replay.self, Replayed.self, problems: [404, 409]
    ) { transaction, context, ask in
        guard (ask.since == nil) != (ask.deliveryIds == nil) else {
            throw Problem.unprocessable([
                Problem.Fault(.pointer("/since"), "Give either `since` or `delivery_ids`.")
            ])
        }
        let rows = try transaction.query(
            "select is_active from webhook_endpoints where id = $1", [.uuid(ask.id)])
        guard let endpoint = rows.first else { throw Problem.notFound }
        guard try endpoint.bool("is_active") else {
            throw Problem.conflict("The endpoint is not active; switch it on first.")
        }
        let made = try transaction.execute(
            """
            insert into webhook_deliveries (tenant_id, endpoint_id, event_id, event_type, next_attempt_at)
            select d.tenant_id, d.endpoint_id, d.event_id, min(d.event_type), now() from webhook_deliveries d
            where d.tenant_id = (select app.tenant_id()) and d.endpoint_id = $1
                and (d.id = any($2::uuid[]) or d.created_at >= $3::timestamptz and d.status = 'failed' and not exists (
                    select from webhook_deliveries o where o.tenant_id = d.tenant_id and o.event_id = d.event_id
                        and o.endpoint_id = d.endpoint_id and o.status in ('waiting', 'delivered')))
            group by d.tenant_id, d.endpoint_id, d.event_id limit 1000
            """, [.uuid(ask.id), .array((ask.deliveryIds ?? []).map { .uuid($0) }), .timestamp(ask.since)])
        let after: JSONValue = ["id": .text(ask.id.uuidString.lowercased()), "replayed": .integer(made)]
        try Audit(context).note("webhook_deliveries", before: nil, after: after.json, in: transaction)
        return try .value(Replayed(replayed: made))
    }

    // MARK: A try

    struct Try: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The endpoint's id.")]
    }

    struct WebhookTest: Codable, Sendable {
        /// Of the delivery, for `GET /webhook-deliveries/{id}`.
        var deliveryId: RowID
    }

    private static let test = Endpoint.write(
        .post, address + "/{id}/test", id: "testWebhookEndpoint", .role(.admin),
        "Posts an event of type `webhook.test` to this endpoint alone.", Try.self, WebhookTest.self, status: 202,
        problems: [404, 409]
    ) { transaction, context, ask in
        let rows = try transaction.query(
            "select is_active from webhook_endpoints where id = $1", [.uuid(ask.id)])
        guard let endpoint = rows.first else { throw Problem.notFound }
        guard try endpoint.bool("is_active") else {
            throw Problem.conflict("The endpoint is not active; switch it on first.")
        }
        guard let delivery = try WebhookTrial.send(to: ask.id, in: transaction) else { throw Problem.broken }
        let after: JSONValue = ["id": .text(delivery.uuidString.lowercased())]
        try Audit(context).note("webhook_deliveries", before: nil, after: after.json, in: transaction)
        return try .value(WebhookTest(deliveryId: RowID(delivery)), status: 202)
    }
}
