import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What users are told of. Everybody has their own, and no others.
enum NotificationRoutes {
    static var routes: [Endpoint] { resource.endpoints + [readAll, preferences, prefer] }

    static let resource = Resource(
        "notifications", of: "Notification", verbs: [.list, .read, .patch, .delete],
        seenBy: { _ in "t.user_id::text = lower($1) and t.on_page" },
        completedBy: { _, context, given, before in
            var given = given
            if let read = given["is_read"], read != before?["is_read"] {
                given["read_at"] = read == .bool(true) ? .text(context.now.formatted(.iso8601)) : .null
            }
            return given
        },
        [
            .reference(NotificationColumn.userID, to: "users", .readOnly),
            .choice(NotificationColumn.kind, NotificationKind.allCases.map(\.rawValue), [.filter, .readOnly]),
            .text(NotificationColumn.title, .readOnly, max: 200), .text(NotificationColumn.body, .readOnly, max: 2_000),
            .text(NotificationColumn.subjectTable, .readOnly, max: 63),
            .uuid(NotificationColumn.subjectID, [.readOnly, .filter]),
            .flag(NotificationColumn.isRead, .filter, standard: false), .time(NotificationColumn.readAt, .readOnly),
            .flag(NotificationColumn.byEmail, .readOnly, standard: false),
            .time(NotificationColumn.mailedAt, .readOnly), .text(NotificationColumn.mailFailure, .readOnly, max: 500),
        ])

    struct NotificationsRead: Codable, Sendable {
        var read: Int
    }

    private static let readAll = Endpoint.write(
        .post, "/api/v1/notifications/read-all", id: "readAllNotifications", .role(.agent),
        "Says that all of one's notifications have been read.", NoInput.self, NotificationsRead.self
    ) { transaction, context, _ in
        let count = try transaction.execute(
            """
            update notifications set is_read = true, read_at = $2::timestamptz
            where user_id::text = lower($1) and not is_read
            """, [.text(try context.principal.subject), .timestamp(context.now)])
        let user = try context.userID(in: transaction).map { JSONValue.text($0.uuidString.lowercased()) } ?? .null
        let after: JSONValue = ["id": user, "read": .integer(count)]
        try Audit(context).note("notifications", before: nil, after: after.json, in: transaction)
        return try .value(NotificationsRead(read: count))
    }

    // MARK: Preferences

    struct NotificationPreferences: Codable, Sendable {
        var data: [NotificationPreference]
    }

    struct NotificationPreference: Codable, Sendable {
        var kind: NotificationKind
        var onPage: Bool
        var byEmail: Bool
    }

    private static let address = "/api/v1/notifications/preferences"

    private static let preferences = Endpoint.get(
        address, id: "notificationPreferences", .role(.agent), "What one wants to be told of, and how.", NoInput.self,
        NotificationPreferences.self
    ) { context, _ in
        let subject = try context.principal.subject
        let found = try await context.read { try read(of: subject, in: $0) }
        return try .value(NotificationPreferences(data: found))
    }

    private static func read(
        of subject: String, in transaction: borrowing Transaction
    ) throws -> [NotificationPreference] {
        struct Known: Decodable {
            var kind: NotificationKind
            var onPage: Bool
            var byEmail: Bool
        }
        let known = try transaction.query(
            "select kind, on_page, by_email from notification_preferences where user_id::text = lower($1)",
            [.text(subject)]
        ).map { try $0.decode(Known.self) }
        return NotificationKind.allCases.map { kind in
            let row = known.first { $0.kind == kind }
            return NotificationPreference(kind: kind, onPage: row?.onPage ?? true, byEmail: row?.byEmail ?? false)
        }
    }

    struct NotificationWish: EndpointInput {
        var kind: NotificationKind
        var onPage: Bool?
        var byEmail: Bool?
        static let rules: [String: FieldRule] = ["by_email": .help("Where mail is set up.")]
    }

    private static let prefer = Endpoint.write(
        .patch, address, id: "updateNotificationPreference", .role(.agent),
        "Changes how one is told of a kind of thing.",
        NotificationWish.self, NotificationPreferences.self
    ) { transaction, context, wish in
        guard let user = try context.userID(in: transaction) else {
            throw Problem.conflict("This token is no user's: there is nobody to be told.")
        }
        let rows = try transaction.query(
            """
            insert into notification_preferences as p (tenant_id, user_id, kind, on_page, by_email)
            values ((select app.tenant_id()), $1, $2, coalesce($3::boolean, true), coalesce($4::boolean, false))
            on conflict (tenant_id, user_id, kind) do update
            set on_page = coalesce($3::boolean, p.on_page), by_email = coalesce($4::boolean, p.by_email)
            returning to_jsonb(p)::text as body
            """, [.uuid(user), .text(wish.kind.rawValue), .bool(wish.onPage), .bool(wish.byEmail)])
        try Audit(context).note(
            "notification_preferences", before: nil, after: try rows.first?.text("body"), in: transaction)
        return try .value(NotificationPreferences(data: try read(of: try context.principal.subject, in: transaction)))
    }
}
