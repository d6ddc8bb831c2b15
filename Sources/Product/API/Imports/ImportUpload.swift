import CSV
import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import Runtime
import WebSocketTransport

/// Takes a file: from the request to the disk, and never into memory as a whole.
struct ImportUpload: Sendable {
    let files: ImportFiles
    let resource: Resource

    private static let types = [
        "text/csv", "text/plain", "text/tab-separated-values", "application/csv", "application/vnd.ms-excel",
        "application/octet-stream",
    ]
    private static let answerSeconds = 300

    var route: Endpoint {
        let endpoint = Endpoint(
            .post, "/api/v1/imports", id: "createImport", .role(.admin),
            "Takes a CSV file; answers with its columns, samples and a proposed mapping.",
            shape: InputShape(
                query: [
                    Schema.Field(
                        "file_name", .text(lengths: 1...200), help: "What it is called, for those who read of it.")
                ],
                body: .bytes(types: Self.types)),
            answers: [], problems: [409, 503],
            terms: RequestTerms(
                bodyBytesMax: files.limits.fileBytesMax, bodySeconds: files.limits.uploadSeconds,
                answerSeconds: Self.answerSeconds, goesToDisk: true),
            .answer { [self] context, input in
                let taking = Task(executorPreference: BackgroundThreads.files) {
                    try await take(context, name: input["file_name"]?.text)
                }
                return try await taking.value
            })
        return resource.answering(endpoint, status: 201)
    }

    private func take(_ context: RequestContext, name: String?) async throws -> HTTPResponse {
        let sent = try SentFile(context.request, of: Self.types)
        let (tenant, id) = (try context.principal.tenant, UUID())
        try await context.read { [files] transaction in
            let rows = try transaction.query(
                "select count(*) as n from imports where state in ('uploaded', 'running')")
            guard try rows.first?.int("n") ?? 0 < files.limits.openMax else {
                throw Problem.conflict(
                    "There are \(files.limits.openMax) imports that are not over: start or cancel one first.")
            }
        }
        let kept = try sent.keep(in: files, tenant, id)
        do {
            guard let file = files.open(tenant, id, kept.encoding) else { throw Problem.broken }
            let look = try ImportLook(file)
            return try await context.write { [resource] transaction in
                try Self.insert(id, name, kept, look, in: transaction, context)
                let row = try resource.row(id, for: context.principal, in: transaction)
                try Audit(context).note("imports", before: nil, after: row, in: transaction)
                var response = HTTPResponse.json(row, status: 201)
                response.headers.append(("location", "/api/v1/imports/\(id.uuidString.lowercased())"))
                return response
            }
        } catch {
            files.remove(tenant, id)
            throw error
        }
    }

    private static func insert(
        _ id: UUID, _ name: String?, _ kept: ImportFiles.Kept, _ look: ImportLook,
        in transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        let mapping = ImportField.proposals(
            for: look.columns.map(\.name), try CustomFields.read(in: transaction))
        try transaction.execute(
            """
            insert into imports (tenant_id, id, file_name, digest, file_bytes, encoding, delimiter, has_header, columns,
                mapping, created_by_user_id)
            values ((select app.tenant_id()), $1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10)
            """,
            [
                .uuid(id), .text(name), .text(kept.sha256), .int(kept.bytes), .text(kept.encoding.rawValue),
                .text(String(decoding: [look.format.delimiter], as: UTF8.self)), .bool(look.hasHeader),
                .json(look.columns.json.json), .json(mapping.json.json), .uuid(try context.userID(in: transaction)),
            ])
    }
}
