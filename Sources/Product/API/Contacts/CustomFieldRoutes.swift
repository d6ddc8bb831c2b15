import CRM
import Database
import Encoding
import Endpoints
import WebSocketTransport

/// The fields themselves.
enum CustomFieldRoutes {
    static let resource = Resource(
        "custom_fields", of: "CustomField", role: .admin, sortedBy: "display_order",
        completedBy: { try complete($2, before: $3, in: $0) }, followedBy: { try rename(from: $2, to: $3, in: $0) },
        heldBy: { try hold($2, in: $0) },
        [
            .text(CustomFieldColumn.fieldName, [.required, .search], max: 63),
            .text(CustomFieldColumn.fieldLabel, [.required, .search], max: 100),
            .choice(
                CustomFieldColumn.fieldType, ["text", "number", "date", "email", "phone", "select", "boolean"],
                [.required, .filter]),
            .json(
                CustomFieldColumn.fieldOptions, .list(.text(lengths: 1...200), countMax: 200), standard: .list([])),
            .flag(CustomFieldColumn.isRequired, .filter, standard: false),
            .integer(CustomFieldColumn.displayOrder, 0...10_000, .sort, standard: 0),
            .flag(CustomFieldColumn.isActive, .filter, standard: true),
        ])

    private static func complete(
        _ given: [String: JSONValue], before: JSONValue?, in transaction: borrowing Transaction
    ) throws -> [String: JSONValue] {
        var faults: [Problem.Fault] = []
        if let name = given["field_name"]?.text, !isName(name) {
            faults.append(
                .of("field_name", "`field_name` is of small letters, digits and `_`, and begins with a letter."))
        }
        let type = (given["field_type"] ?? before?["field_type"])?.text
        let options = (given["field_options"] ?? before?["field_options"])?.list ?? []
        if type == "select", options.isEmpty {
            faults.append(.of("field_options", "`field_options` names what there is to select."))
        } else if type != "select", !options.isEmpty {
            faults.append(.of("field_options", "Only a field to select from has options."))
        }
        if options.enumerated().contains(where: { options.prefix($0.offset).contains($0.element) }) {
            faults.append(.of("field_options", "An option is there twice."))
        }
        if !faults.isEmpty { throw Problem.unprocessable(faults) }
        if let before, let type = given["field_type"], type != before["field_type"],
            try isUsed(before["field_name"], in: transaction)
        {
            throw Problem.conflict("Contacts have values of this field, which are of its type.")
        }
        return given
    }

    private static func isName(_ text: String) -> Bool {
        let rest = text.utf8.dropFirst()
        return text.utf8.first.map { (0x61...0x7A).contains($0) } == true
            && rest.allSatisfy { (0x61...0x7A).contains($0) || $0.isASCIIDigit || $0 == UInt8(ascii: "_") }
    }

    private static func isUsed(_ name: JSONValue?, in transaction: borrowing Transaction) throws -> Bool {
        let rows = try transaction.query(
            "select from contacts where custom_fields ? $1 limit 1", [.text(name?.text)])
        return !rows.isEmpty
    }

    /// The values go by the new name.
    private static func rename(
        from before: JSONValue?, to after: JSONValue, in transaction: borrowing Transaction
    ) throws {
        guard let old = before?["field_name"]?.text, let new = after["field_name"]?.text, old != new else { return }
        try transaction.execute(
            """
            update contacts
            set custom_fields = custom_fields - $1::text || jsonb_build_object($2::text, custom_fields -> $1::text)
            where custom_fields ? $1::text
            """, [.text(old), .text(new)])
    }

    private static func hold(_ row: JSONValue, in transaction: borrowing Transaction) throws {
        if try isUsed(row["field_name"], in: transaction) {
            throw Problem.conflict("Contacts have values of this field. Set `is_active` to false to hide it.")
        }
    }
}
