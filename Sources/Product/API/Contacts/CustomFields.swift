import CallModel
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// The fields that a tenant's contacts have besides the columns.
struct CustomFields: Equatable, Sendable {
    struct Field: Equatable, Sendable {
        var name: String
        var type: String
        var options: [String] = []
        var isRequired = false

        /// What its values may be.
        var schema: Schema {
            switch type {
            case "number": .number()
            case "date": .text(.date)
            case "email": .text(.email)
            case "phone": .text(.phone)
            case "select": .choice(options)
            case "boolean": .boolean
            default: .text(lengths: (isRequired ? 1 : 0)...10_000)
            }
        }
    }

    /// The active ones.
    var fields: [Field]

    static func read(in transaction: borrowing Transaction) throws -> CustomFields {
        let rows = try transaction.query(
            """
            select field_name, field_type, array(select jsonb_array_elements_text(field_options)) as options, is_required
            from custom_fields where is_active order by display_order, field_name
            """)
        return CustomFields(
            fields: try rows.map { row in
                Field(
                    name: try row.text("field_name"), type: try row.text("field_type"),
                    options: try row.textArray("options"), isRequired: try row.bool("is_required"))
            })
    }

    private subscript(_ name: String) -> Field? { fields.first { $0.name == name } }

    /// What is wrong with a contact's values: a required one is missing, a given one is no field of the tenant, or not
    /// of its type.
    ///
    /// - Parameters:
    ///   - values: as they would be.
    ///   - before: as they are. What is left of a field that is not active any more stays, and is looked at no more.
    func faults(in values: JSONValue, before: JSONValue?) -> [Problem.Fault] {
        guard case .object(let values) = values else { return [] }
        let looked = values.filter { self[$0.key] != nil || before?[$0.key] != $0.value }
        let record = Schema.Record(fields.map { Schema.Field($0.name, $0.schema, isRequired: $0.isRequired) })
        return Schema.record(record).faults(in: .object(looked), at: "/custom_fields")
    }

    /// As they are kept: numbers in E.164 form, nothing for null.
    func normalised(_ values: JSONValue) -> JSONValue {
        guard case .object(var values) = values else { return values }
        for (name, value) in values {
            if value == .null {
                values[name] = nil
            } else if self[name]?.type == "phone", let phone = value.text.flatMap({ E164($0) }) {
                values[name] = .text(phone.text)
            }
        }
        return .object(values)
    }

    /// `custom[size]=L`, any number of them.
    static let filter = ListFilter(
        Schema.Field(
            "custom", .map(.text(lengths: 0...200)), help: "`custom[NAME]=VALUE`: only those whose field is that."),
        check: { transaction, value in
            guard case .object(let wanted) = value else { return }
            let known = try CustomFields.read(in: transaction)
            for name in wanted.keys.sorted() where known[name] == nil {
                let names = known.fields.map { "`\($0.name)`" }.joined(separator: ", ")
                throw Problem.parameter(
                    "custom[\(name)]",
                    "`custom[\(name)]` is no field of contacts here\(names.isEmpty ? "" : ": \(names)").")
            }
        },
        rule: { value, place in
            guard case .object(let wanted) = value else { return "true" }
            return wanted.sorted { $0.key < $1.key }.map { name, value in
                "t.custom_fields ->> \(place(.text(name)))::text = \(place(.text(value.text)))::text"
            }.joined(separator: " and ")
        },
        find: { transaction, value, most in
            guard case .object(let wanted) = value, !wanted.isEmpty else { return nil }
            let fields = wanted.sorted { $0.key < $1.key }
            return try transaction.query(
                "select app.contacts_having($1::text[], $2::text[], $3::integer)::text as ids",
                [.textArray(fields.map(\.key)), .textArray(fields.map { $0.value.text ?? "" }), .int(most)]
            ).first?.textOrNil("ids")
        })
}
