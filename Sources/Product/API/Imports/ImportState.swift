import CRM
import CSV
import Database
import Encoding
import Endpoints
import Foundation
import PhoneNumbers
import WebSocketTransport

/// One import as its row says.
struct ImportState: Sendable {
    /// Rows of `import_errors` that one import may have.
    static let keptErrorsMax = 100_000

    var id: UUID
    var state: String
    var encoding: TextEncoding
    var delimiter: UInt8
    var hasHeader: Bool
    var names: [String]
    var mapping: [ImportField?]
    var duplicates: ImportPlan.Duplicates
    var matchBy: ImportPlan.MatchBy
    var region: String?
    var createdBy: UUID?
    /// Behind the last row that is done; of one that has not begun, none.
    var done: CSVReader.Place?
    var custom: CustomFields

    private static let columns: [ImportColumn] = [
        .id, .state, .encoding, .delimiter, .hasHeader, .columns, .mapping, .duplicates, .matchBy, .defaultCountry,
        .createdByUserID, .doneBytes, .doneLines, .doneRecords,
    ]
    static let reading: SQL<ImportColumn> =
        "select \(columns) from imports where tenant_id = (select app.tenant_id()) and \(.id) = $1"

    /// Nil where there is none.
    static func read(_ id: UUID, in transaction: borrowing Transaction) throws -> ImportState? {
        guard let row = try transaction.query(reading.text, [.uuid(id)]).first else { return nil }
        return try ImportState(row, try CustomFields.read(in: transaction))
    }

    private init(_ row: Row, _ custom: CustomFields) throws {
        id = try row.uuid("id")
        state = try row.text("state")
        encoding = TextEncoding(rawValue: try row.text("encoding")) ?? .utf8
        delimiter = try row.text("delimiter").utf8.first ?? UInt8(ascii: ",")
        hasHeader = try row.bool("has_header")
        let columns = JSONValue(Array(try row.text("columns").utf8))?.list ?? []
        names = columns.compactMap { $0["name"]?.text }
        let mapping = JSONValue(Array(try row.text("mapping").utf8))?.list ?? []
        self.mapping = mapping.map { $0.text.flatMap { ImportField($0) } }
        duplicates = ImportPlan.Duplicates(rawValue: try row.text("duplicates")) ?? .skip
        matchBy = ImportPlan.MatchBy(rawValue: try row.text("match_by")) ?? .both
        region = try row.textOrNil("default_country")
        createdBy = try row.uuidOrNil("created_by_user_id")
        let place = CSVReader.Place(
            offset: try row.int("done_bytes"), line: try row.int("done_lines"), records: try row.int("done_records"))
        done = place.offset > 0 ? place : nil
        self.custom = custom
    }

    var rules: ImportRules? {
        PhoneNumberReader(region: region).map {
            ImportRules(names: names, mapping: mapping, phones: $0, custom: custom)
        }
    }
}
