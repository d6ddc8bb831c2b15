import CRM
import CSV
import Database
import Endpoints
import Foundation
import WebSocketTransport

/// What was wrong with the rows of an import, and which of them are of contacts that were there already.
enum ImportErrors {
    private static let address = "/api/v1/imports/{id}/errors"
    private static let pageRows = 1_000

    static let resource = Resource(
        "import_errors", of: "ImportError", verbs: [], role: .admin, isAppendOnly: true,
        lists: [
            PresetList(
                address, id: "listImportErrors",
                "Lists what was wrong with an import's rows, and which are duplicates of whom, in their order.",
                [PresetList.Stand("id", for: "import_id")], sortedBy: "row",
                behind: { transaction, _, input in
                    try check(input["id"]?.text.flatMap { UUID(uuidString: $0) }, in: transaction)
                })
        ],
        [
            .reference(ImportErrorColumn.importID, to: "imports", [.readOnly, .filter]),
            .integer(ImportErrorColumn.recordNumber, as: "row", 1...Int(Int32.max), [.required, .sort]),
            .integer(ImportErrorColumn.line, 1...Int(Int32.max), .required),
            .choice(ImportErrorColumn.severity, ["error", "warning", "duplicate"], .filter, standard: "error"),
            .text(ImportErrorColumn.code, [.required, .filter], max: 40),
            .text(ImportErrorColumn.columnName, as: "column", max: 200),
            .text(ImportErrorColumn.value, max: ImportRules.valueCharactersMax),
            .text(ImportErrorColumn.reason, .required, max: 500), .uuid(ImportErrorColumn.contactID, .filter),
        ])

    private static func check(_ id: UUID?, in transaction: borrowing Transaction) throws {
        let rows = try transaction.query("select from imports where id = $1", [.uuid(id)])
        if rows.isEmpty { throw Problem.notFound }
    }

    private struct Cursor: Sendable {
        var row: Int
        var id: UUID
    }

    /// All of it, as a file.
    static let table = Endpoint(
        .get, address + ".csv", id: "downloadImportErrors", .role(.admin),
        "What was wrong with an import's rows, and which are duplicates of whom, as a CSV file.",
        shape: InputShape(path: [Schema.Field("id", .text(.uuid), isRequired: true)]),
        answers: [Endpoint.Answer(200, "The file.", type: "text/csv")],
        .answer { context, input in
            let id = input["id"]?.text.flatMap { UUID(uuidString: $0) }
            try await context.read { try check(id, in: $0) }
            return try await .pages(type: "text/csv; charset=utf-8; header=present", fileName: "import-errors.csv") {
                (cursor: Cursor?) in
                try await context.read { try page(of: id, behind: cursor, in: $0) }
            }
        })

    private static func page(
        of id: UUID?, behind cursor: Cursor?, in transaction: borrowing Transaction
    ) throws -> (bytes: [UInt8], next: Cursor?) {
        let rows = try transaction.query(
            """
            select id, record_number, line, severity, code, column_name, value, reason, contact_id from import_errors
            where tenant_id = (select app.tenant_id()) and import_id = $1
                and (record_number, id) > ($2, $3::uuid)
            order by record_number, id limit $4
            """,
            [
                .uuid(id), .int(cursor?.row ?? 0),
                .text(cursor?.id.uuidString ?? "00000000-0000-0000-0000-000000000000"),
                .int(pageRows),
            ])
        var writer = CSVWriter()
        if cursor == nil { writer.add(["row", "line", "severity", "code", "column", "value", "reason", "contact_id"]) }
        for row in rows {
            writer.add([
                try row.text("record_number"), try row.text("line"), try row.text("severity"), try row.text("code"),
                try row.textOrNil("column_name") ?? "", try row.textOrNil("value") ?? "", try row.text("reason"),
                try row.textOrNil("contact_id") ?? "",
            ])
        }
        let last = try rows.last.map { Cursor(row: try $0.int("record_number"), id: try $0.uuid("id")) }
        return (writer.take(), rows.count == pageRows ? last : nil)
    }
}
