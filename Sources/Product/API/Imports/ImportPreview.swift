import CSV
import Database
import Encoding
import Endpoints
import Foundation
import WebSocketTransport

/// What would become of the first rows of a file if it were imported as it stands.
struct ImportPreview: Codable, Sendable {
    static let rowsMax = 100

    enum Action: String, Codable, CaseIterable, Sendable { case create, update, skip, fail }

    struct PreviewFinding: Codable, Sendable {
        enum Severity: String, Codable, CaseIterable, Sendable { case error, warning }
        var severity: Severity
        var code: String
        var column: String?
        var value: String?
        var reason: String
    }

    struct PreviewRow: Codable, Sendable {
        var row: Int
        var line: Int
        var action: Action
        /// Of the contact that is there already.
        var contactID: RowID?
        /// The row before it that makes the contact which it is of.
        var duplicateOfRow: Int?
        /// By the fields' names, as they would be written.
        var values: JSONValue
        /// They asked to be left alone, or the file says so.
        var isLeftAlone: Bool
        var findings: [PreviewFinding]
    }

    /// None of an import that is over: its file is gone.
    var data: [PreviewRow]

    init(data: [PreviewRow]) { self.data = data }

    /// - Parameter file: nil where it is not, or no longer, on this node.
    static func make(_ state: ImportState, _ file: BodyFile?, in transaction: borrowing Transaction) throws
        -> ImportPreview
    {
        guard let file, var rules = state.rules else { return ImportPreview(data: []) }
        let look = try ImportLook(file, delimiter: state.delimiter, hasHeader: state.hasHeader)
        var reader = CSVReader(delimiter: state.delimiter, at: look.start) { offset, count in
            file.read(at: offset, count: count) ?? []
        }
        var rows: [ImportRow] = []
        while rows.count < rowsMax, try reader.next() {
            rows.append(rules.read(reader.record, number: reader.record.number))
        }
        let queries = ImportQueries(
            rules.columns, findsZones: rules.findsZones, createdBy: nil, duplicates: state.duplicates,
            matchBy: state.matchBy)
        let (_, known, optedOut) = try queries.look(rows, in: transaction)
        let plan = ImportPlan(
            rows, known: known, optedOut: optedOut, duplicates: state.duplicates, matchBy: state.matchBy,
            newID: { _ in UUID() })
        var makers: [UUID: Int] = [:]
        return ImportPreview(
            data: zip(rows, plan.outcomes).map { row, outcome in
                if case .created(let id) = outcome { makers[id] = row.number }
                let (action, id) = Self.action(outcome)
                let maker = id.flatMap { makers[$0] }
                return PreviewRow(
                    row: row.number, line: row.line, action: action,
                    contactID: maker == nil ? id.map { RowID($0) } : nil, duplicateOfRow: maker,
                    values: rules.shown(row),
                    isLeftAlone: row.isToBeLeftAlone || row.phone.map(optedOut.contains) ?? false,
                    findings: row.findings.map(PreviewFinding.init))
            })
    }

    private static func action(_ outcome: ImportPlan.Outcome) -> (Action, UUID?) {
        switch outcome {
        case .created: (.create, nil)
        case .updated(let id): (.update, id)
        case .skipped(let id): (.skip, id)
        case .failed: (.fail, nil)
        }
    }
}

extension ImportPreview.PreviewFinding {
    init(_ finding: ImportRow.Finding) {
        self.init(
            severity: finding.isError ? .error : .warning, code: finding.code, column: finding.column,
            value: finding.value, reason: finding.reason)
    }
}

extension ImportRules {
    /// A row's values by name, those that it has.
    func shown(_ row: ImportRow) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        for (column, value) in zip(columns, row.values) {
            switch value {
            case .text(let text): fields[column.name] = .text(text)
            case .textArray(let texts): fields[column.name] = .list(texts.map { .text($0) })
            case .json(let text): fields[column.name] = JSONValue(Array(text.utf8))
            default: continue
            }
        }
        return .object(fields)
    }
}
