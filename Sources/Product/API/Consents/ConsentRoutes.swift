import CRM
import Compliance
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What people agreed to or refused. Rows are added, and stay: the newest of a kind holds.
enum ConsentRoutes {
    static let resource = Resource(
        "consents", of: "Consent", verbs: [.list, .read, .create], role: .manager, isAppendOnly: true,
        completedBy: { transaction, context, given, _ in
            var given = given
            guard let contact = given["contact_id"]?.text ?? given["phone"]?.text, !contact.isEmpty else {
                throw Problem.unprocessable([.of("contact_id", "A consent is of a contact, or of a number.")])
            }
            // An opt-out is more than a row here; its address knows what.
            if given["granted"] == .bool(false), given["kind"] == "marketing_voice" {
                throw Problem.unprocessable([
                    .of("granted", "Who wants no calls is left alone: use `do-not-contact` of the contact.")
                ])
            }
            if given["granted"] == .bool(true), given["kind"]?.text?.hasPrefix("marketing_") == true,
                try isLeftAlone(given, in: transaction)
            {
                throw Problem.conflict("They asked not to be contacted; withdraw that at `do-not-contact` first.")
            }
            if given["phone"]?.text == nil, let contact = given["contact_id"]?.text {
                // The standing consent is looked up by the number.
                let rows = try transaction.query("select phone from contacts where id = $1::uuid", [.text(contact)])
                given["phone"] = try rows.first?.textOrNil("phone").map { JSONValue.text($0) } ?? .null
            }
            given["at"] = given["at"] ?? .text(context.now.formatted(.iso8601))
            return given
        },
        [
            .reference(ConsentColumn.callID, to: "calls", .filter),
            .reference(ConsentColumn.contactID, to: "contacts", .filter),
            .text(ConsentColumn.phone, .filter, format: .phone),
            .choice(
                ConsentColumn.kind,
                ["consult", "recording", "ai_disclosure", "marketing_voice", "marketing_sms", "marketing_email"],
                [.required, .filter]),
            .flag(ConsentColumn.granted, [.required, .filter]),
            .choice(ConsentColumn.level, ["express", "express_written"], .filter),
            .text(ConsentColumn.words, .search, max: 10_000, standard: ""),
            .text(ConsentColumn.source, [.required, .filter], max: 100), .time(ConsentColumn.at, [.filter, .sort]),
        ])

    private static func isLeftAlone(
        _ given: [String: JSONValue], in transaction: borrowing Transaction
    ) throws -> Bool {
        let rows = try transaction.query(
            "select from contacts where (id = $1::uuid or phone = $2) and do_not_contact limit 1",
            [.text(given["contact_id"]?.text), .text(given["phone"]?.text)])
        return !rows.isEmpty
    }
}
