import CRM
import CSV
import Database
import Encoding
import Endpoints
import Foundation
import WebSocketTransport

/// All contacts, or those that a list would have, as a file that is made while it is sent.
enum ContactExport {
    enum Kind: String, CaseIterable { case csv, ndjson }

    private static let pageRows = 1_000

    static let route: Endpoint = {
        let contacts = ContactRoutes.resource
        return Endpoint(
            .get, "/api/v1/contacts/export", id: "exportContacts", .role(.admin),
            "All contacts as a CSV file that no spreadsheet runs, or as lines of JSON; narrowed like their list.",
            shape: InputShape(
                query: [
                    Schema.Field(
                        "format", .choice(Kind.allCases.map(\.rawValue)), help: "`csv` or `ndjson`.", standard: "csv")
                ] + contacts.narrowing),
            answers: Kind.allCases.map { Endpoint.Answer(200, "The file: CSV, or NDJSON.", type: $0.mediaType) },
            .answer { context, input in
                let principal = try context.principal
                let kind = input["format"]?.text.flatMap { Kind(rawValue: $0) } ?? .csv
                let table = ContactTable(try await context.read { try CustomFields.read(in: $0) })
                return try await .pages(type: kind.type, fileName: "contacts.\(kind.rawValue)") { (last: UUID?) in
                    let (rows, next) = try await context.read { transaction in
                        try contacts.rows(input, behind: last, limit: pageRows, for: principal, in: transaction)
                    }
                    // No transaction waits for what is made of them.
                    return (kind == .csv ? table.csv(rows, isFirst: last == nil) : Self.lines(rows), next)
                }
            })
    }()

    private static func lines(_ rows: [String]) -> [UInt8] { rows.flatMap { Array($0.utf8) + [0x0A] } }
}

extension ContactExport.Kind {
    fileprivate var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .ndjson: "application/x-ndjson"
        }
    }

    fileprivate var type: String { self == .csv ? mediaType + "; charset=utf-8; header=present" : mediaType }
}

/// Contacts as rows of a table, whose header an import understands.
struct ContactTable: Sendable {
    private static let before = ["id"]
    private static let behind = ["opt_in_status", "do_not_contact", "created_at", "updated_at"]

    private let fields: [ContactColumn] = [
        .businessName, .contactName, .contactEmail, .contactRole, .phone, .website, .address, .city, .state, .notes,
        .status, .tags, .lifecycleStage, .leadSource, .timezone, .industry, .companySize,
    ]
    private let custom: [String]

    init(_ custom: CustomFields) { self.custom = custom.fields.map(\.name) }

    var header: [String] {
        Self.before + fields.map(\.name) + custom.map { "custom.\($0)" } + Self.behind
    }

    func csv(_ rows: [String], isFirst: Bool) -> [UInt8] {
        var writer = CSVWriter()
        if isFirst { writer.add(header) }
        for row in rows { if let row = JSONValue(Array(row.utf8)) { writer.add(cells(row)) } }
        return writer.take()
    }

    private func cells(_ row: JSONValue) -> [CSVWriter.Cell] {
        let own = custom.map { Self.cell(row["custom_fields"]?[$0]) }
        let named = fields.map { column -> CSVWriter.Cell in
            let cell = Self.cell(row[column.name])
            if column == .phone, case .text(let number) = cell { return .number(number) }
            return cell
        }
        return Self.before.map { Self.cell(row[$0]) } + named + own + Self.behind.map { Self.cell(row[$0]) }
    }

    private static func cell(_ value: JSONValue?) -> CSVWriter.Cell {
        switch value {
        case nil, .null?: .empty
        case .text(let text)?: text.isEmpty ? .empty : .text(text)
        case .list(let values)?: .text(values.compactMap(\.text).joined(separator: ","))
        case .bool(let value)?: .text(value ? "yes" : "no")
        case let value?: .text(value.json)
        }
    }
}
