import CallModel
import Compliance
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Whether a contact is to be left alone: asked for, and withdrawn by an admin alone.
enum DoNotContact {
    struct ContactWish: EndpointInput {
        var id: UUID
        var reason: String
        var source: String
        static let rules: [String: FieldRule] = [
            "id": .help("The contact's id."),
            "reason": .lengths(1...2_000, "In their words, as far as they are known."),
            "source": .lengths(1...60, "How it came to be known: `letter`, `email`, `form`."),
        ]
    }

    struct ContactStanding: Codable, Sendable {
        var id: RowID
        var doNotContact: Bool
        var optInStatus: String
        /// Of the contact itself, and of others with its number.
        var contactIds: [RowID]
    }

    static let ask = Endpoint.write(
        .post, "/api/v1/contacts/{id}/do-not-contact", id: "optOutContact", .role(.admin),
        "Leaves a contact, and whoever shares the number, alone on all channels; cancels what is planned.",
        ContactWish.self,
        ContactStanding.self
    ) { transaction, context, wish in
        try change(wish, in: transaction, context) { phone in
            try OptOut(
                contactID: wish.id, phone: phone, words: wish.reason, source: .api(wish.source), at: context.now
            ).write(in: transaction)
        }
    }

    static let withdrawal = Endpoint.write(
        .delete, "/api/v1/contacts/{id}/do-not-contact", id: "withdrawOptOut", .role(.admin),
        "Withdraws the wish to be left alone, with a reason on record.", ContactWish.self, ContactStanding.self,
        problems: [409]
    ) { transaction, context, wish in
        try change(wish, in: transaction, context, isWithdrawal: true) { phone in
            try OptOutWithdrawal(
                contactID: wish.id, phone: phone, words: wish.reason, source: .api(wish.source), at: context.now
            ).write(in: transaction)
        }
    }

    /// - Parameter isWithdrawal: of a wish that has to be there.
    private static func change(
        _ wish: ContactWish, in transaction: borrowing Transaction, _ context: RequestContext,
        isWithdrawal: Bool = false,
        _ write: (E164?) throws -> Void
    ) throws -> Reply<ContactStanding> {
        // Rows are locked by what follows, in one order for all.
        let before = try ContactRoutes.resource.row(wish.id, in: transaction, context)
        if isWithdrawal, before["do_not_contact"] != .bool(true) {
            throw Problem.conflict("They have not asked to be left alone.")
        }
        let phone = before["phone"]?.text.flatMap { E164($0) }
        if let phone { try transaction.send("select app.lock_phone($1)", [.text(phone.text)]) }
        try write(phone)
        let after = try ContactRoutes.resource.row(wish.id, in: transaction, context)
        try Audit(context).note("contacts", before: before.json, after: after.json, in: transaction)
        let rows = try transaction.query(
            "select id from contacts where id = $1 or phone = $2 order by id", [.uuid(wish.id), .text(phone?.text)])
        return try .value(
            ContactStanding(
                id: RowID(wish.id), doNotContact: after["do_not_contact"] == .bool(true),
                optInStatus: after["opt_in_status"]?.text ?? "", contactIds: try rows.map { RowID(try $0.uuid("id")) }))
    }
}
