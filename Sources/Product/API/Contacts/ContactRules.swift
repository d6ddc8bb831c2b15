import CallModel
import Compliance
import Database
import Endpoints
import Foundation
import WebSocketTransport

/// What holds for a contact besides its columns.
enum ContactRules {
    private static let names = ["business_name", "contact_name", "contact_email", "phone"]

    /// What is written for `given`.
    static func complete(
        _ given: [String: JSONValue], before: JSONValue?, in transaction: borrowing Transaction,
        _ context: RequestContext
    ) throws -> [String: JSONValue] {
        var values = given
        func value(_ name: String) -> JSONValue? { given[name] ?? before?[name] }
        var faults: [Problem.Fault] = []
        if names.allSatisfy({ value($0)?.text?.isEmpty ?? true }) {
            faults.append(.of("contact_name", "A contact has a name, a company, an e-mail address or a number."))
        }
        if let zone = given["timezone"]?.text, TimeZone(identifier: zone) == nil {
            faults.append(.of("timezone", "`timezone` is a zone by its name: America/New_York."))
        }
        if let tags = given["tags"]?.list {
            faults += self.faults(inTags: tags)
            values["tags"] = .list(unique(tags))
        }
        let fields = try CustomFields.read(in: transaction)
        // Of a change, what is given is merged into what there is already.
        let custom =
            before == nil
            ? JSONValue.object([:]).merged(with: given["custom_fields"] ?? .object([:]))
            : value("custom_fields") ?? .object([:])
        faults += fields.faults(in: custom, before: before?["custom_fields"])
        if given["custom_fields"] != nil || before == nil { values["custom_fields"] = fields.normalised(custom) }
        if before == nil {
            values["created_by_user_id"] = try context.userID(in: transaction).map { .text($0.uuidString.lowercased()) }
        }
        faults += try consent(&values, before: before, in: transaction)
        if !faults.isEmpty { throw Problem.unprocessable(faults) }
        return values
    }

    private static func faults(inTags tags: [JSONValue]) -> [Problem.Fault] {
        tags.enumerated().compactMap { index, tag in
            let text = tag.text ?? ""
            let isPlain =
                !text.contains(",") && text.first?.isWhitespace == false && text.last?.isWhitespace == false
                && !text.unicodeScalars.contains { $0.value < 0x20 }
            return isPlain
                ? nil : Problem.Fault(.pointer("/tags/\(index)"), "A tag has no commas, and no blanks around it.")
        }
    }

    private static func unique(_ tags: [JSONValue]) -> [JSONValue] {
        tags.reduce(into: []) { kept, tag in if !kept.contains(tag) { kept.append(tag) } }
    }

    /// Nobody is contacted again for being written down anew, or under another number: that takes a withdrawal.
    private static func consent(
        _ values: inout [String: JSONValue], before: JSONValue?, in transaction: borrowing Transaction
    ) throws -> [Problem.Fault] {
        let isLeftAlone = before?["do_not_contact"] == .bool(true)
        if let wish = values["opt_in_status"], wish != before?["opt_in_status"] {
            if wish.text == "opted_out" {
                return [.of("opt_in_status", "Opt out at `do-not-contact`, which cancels what is planned as well.")]
            }
            if isLeftAlone {
                return [.of("opt_in_status", "They asked not to be contacted; withdraw that at `do-not-contact`.")]
            }
        }
        guard !isLeftAlone, let phone = values["phone"]?.text.flatMap({ E164($0) }) else { return [] }
        try transaction.send("select app.lock_phone($1)", [.text(phone.text)])
        if try transaction.query("select app.is_opted_out($1) as yes", [.text(phone.text)]).first?.bool("yes") == true {
            values["do_not_contact"] = .bool(true)
            values["opt_in_status"] = "opted_out"
        }
        return []
    }

    /// 404 for a contact that is not there.
    ///
    /// - Parameter id: a UUID.
    static func check(_ id: JSONValue?, in transaction: borrowing Transaction) throws {
        let rows = try transaction.query("select from contacts where id = $1::uuid", [.text(id?.text)])
        if rows.isEmpty { throw Problem.notFound }
    }

    /// A contact stays while there are leads, deals or consents of theirs, and for as long as they are to be left
    /// alone; their calls stay without them.
    static func hold(_ row: JSONValue, in transaction: borrowing Transaction) throws {
        let counts = try transaction.query(
            """
            select (select count(*) from leads where contact_id = $1::uuid) as leads,
                (select count(*) from deals where contact_id = $1::uuid) as deals,
                (select count(*) from consents where contact_id = $1::uuid) as consents
            """, [.text(row["id"]?.text)]
        ).first
        let held = try ["leads", "deals", "consents"].compactMap { name in
            let count = try counts?.int(name) ?? 0
            return count > 0 ? "\(count) \(count == 1 ? String(name.dropLast()) : name)" : nil
        }
        if !held.isEmpty { throw Problem.conflict("There belongs to this contact: \(held.joined(separator: ", ")).") }
        if row["do_not_contact"] == .bool(true) {
            throw Problem.conflict("They asked not to be contacted: without the contact nobody would know.")
        }
    }
}
