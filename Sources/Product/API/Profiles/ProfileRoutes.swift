import CRM
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// How the voice agent behaves, and which numbers reach it.
enum ProfileRoutes {
    static var routes: [Endpoint] { profiles.endpoints + numbers.endpoints }

    static let profiles = Resource(
        "profiles", of: "Profile", role: .admin,
        completedBy: { transaction, context, given, before in
            if let zone = given["time_zone"]?.text, TimeZone(identifier: zone) == nil {
                throw Problem.unprocessable([.of("time_zone", "`time_zone` is a zone by its name: America/New_York.")])
            }
            if before?["is_default"] == .bool(true), given["is_default"] == .bool(false) {
                throw Problem.conflict("Calls need a default profile: make another one the default instead.")
            }
            // There is one at any time.
            if given["is_default"] == .bool(true), before?["is_default"] != .bool(true) {
                try stepDown(in: transaction, context)
            }
            return given
        },
        heldBy: { transaction, _, row in
            if row["is_default"] == .bool(true) {
                throw Problem.conflict("Calls need a default profile: make another one the default first.")
            }
            let numbers = try transaction.query(
                "select number from phone_numbers where profile_id = $1::uuid order by number limit 3",
                [.text(row["id"]?.text)])
            if !numbers.isEmpty {
                let names = try numbers.map { try $0.text("number") }.joined(separator: ", ")
                throw Problem.conflict("Numbers reach this profile: \(names).")
            }
        },
        [
            .text(ProfileColumn.name, [.required, .search], max: 100),
            .flag(ProfileColumn.isDefault, .filter, standard: false),
            .text(ProfileColumn.prompt, .required, max: 50_000), .text(ProfileColumn.greeting, .required, max: 2_000),
            .text(ProfileColumn.greetingKnown, .required, max: 2_000),
            .text(
                ProfileColumn.greetingOutbound, max: 2_000,
                standard:
                    "Hello, this is the automated AI assistant of {{company}}. If you do not want calls from us, say so or press 9. Do you have a moment?"
            ),
            .text(ProfileColumn.language, .filter, max: 35, standard: "en"),
            .text(ProfileColumn.voice, max: 100, standard: "aura-2-thalia-en"),
            .text(ProfileColumn.listenModel, max: 100, standard: "flux-general-en"),
            .text(ProfileColumn.thinkModel, max: 100, standard: "gpt-5.4-mini"),
            .text(ProfileColumn.humanNumber, format: .phone),
            .text(
                ProfileColumn.apology, max: 2_000,
                standard: "I'm sorry, I lost my connection for a moment. Please hold on."),
            .text(
                ProfileColumn.fallbackMessage, max: 2_000,
                standard: "I'm sorry, we cannot take your call right now. A colleague will call you back."),
            .integer(ProfileColumn.rolloutPercent, 0...100, standard: 100),
            .text(ProfileColumn.currency, format: .currency, standard: "USD"),
            .text(ProfileColumn.timeZone, max: 64, standard: "America/New_York"),
            .integer(ProfileColumn.callSecondsMax, 10...86_400, standard: 1_800),
            .integer(ProfileColumn.silenceSecondsMax, 1...3_600, standard: 45),
            .integer(ProfileColumn.turnsMax, 1...10_000, standard: 200),
        ])

    private static func stepDown(in transaction: borrowing Transaction, _ context: RequestContext) throws {
        let rows = try transaction.query(
            """
            update profiles p set is_default = false where is_default
            returning to_jsonb(p)::text as after, (to_jsonb(p) || '{"is_default": true}')::text as before
            """)
        for row in rows {
            try Audit(context).note(
                "profiles", before: try row.text("before"), after: try row.text("after"), in: transaction)
        }
    }

    static let numbers = Resource(
        "phone_numbers", of: "PhoneNumber", role: .admin,
        details: [
            Detail("calls_in_week", Int.self, week("requested_at is not null")),
            Detail(
                "answered_in_week", Int.self,
                week("answered_at is not null and a.answered_by is distinct from 'network'")),
        ],
        [
            .text(PhoneNumberColumn.number, [.required, .filter, .search], format: .phone),
            .reference(PhoneNumberColumn.profileID, to: "profiles", [.required, .filter]),
            .text(PhoneNumberColumn.label, .search, max: 100),
            .flag(PhoneNumberColumn.isActive, .filter, standard: true),
            .time(PhoneNumberColumn.restsUntil, .readOnly), .text(PhoneNumberColumn.restReason, .readOnly, max: 500),
        ])

    /// Calls from the number in the last seven days: how many of them were answered says whether it is thought to be a nuisance.
    private static func week(_ which: StaticString) -> SQL<PhoneNumberColumn> {
        """
        (select count(*)::integer from dial_attempts a where a.tenant_id = t.tenant_id and a.caller_id = t.\(.number)
            and a.requested_at > now() - interval '7 days' and a.\(which))
        """
    }
}
