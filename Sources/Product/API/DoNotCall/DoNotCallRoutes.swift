import Compliance
import Database
import Encoding
import Endpoints
import Foundation
import Jobs
import Runtime
import WebSocketTransport

/// Files of do-not-call lists: brought, looked at, withdrawn. docs/dialling.md.
struct DoNotCallRoutes: Sendable {
    let files: ImportFiles

    private static let address = "/api/v1/do-not-call-files"
    private static let countMax = 1_000_000_000_000
    private static let answerSeconds = 300
    private static let types = [
        "text/csv", "text/plain", "text/tab-separated-values", "application/csv", "application/octet-stream",
    ]

    var routes: [Endpoint] { Self.resource.endpoints + [take, Self.withdraw] }

    static let resource = Resource(
        "do_not_call_files", of: "DoNotCallFile", verbs: [.list, .read], role: .admin,
        [
            .text(DoNotCallFileColumn.list, [.required, .filter], max: 40),
            .choice(DoNotCallFileColumn.kind, DoNotCallReader.Kind.allCases.map(\.rawValue), .filter, standard: "full"),
            .date(DoNotCallFileColumn.fileDate, .required),
            .choice(
                DoNotCallFileColumn.state, ["loading", "whole", "replaced", "failed"], .filter, standard: "loading"),
            .text(DoNotCallFileColumn.fileName, .search, max: 200), .text(DoNotCallFileColumn.country, max: 2),
            .text(DoNotCallFileColumn.digest, as: "sha256", [.required, .filter], max: 64), count(.fileBytes),
            count(.doneBytes),
            count(.addedCount), count(.removedCount), count(.wrongCount),
            .json(DoNotCallFileColumn.mistakes, mistakes, standard: .list([])),
            .flag(DoNotCallFileColumn.mayShrink, standard: false), .text(DoNotCallFileColumn.failure, max: 500),
            .time(DoNotCallFileColumn.importedAt), .reference(DoNotCallFileColumn.createdByUserID, to: "users"),
        ])

    private static func count(_ column: DoNotCallFileColumn) -> Column {
        .integer(column, 0...countMax, standard: 0)
    }

    private static let mistakes = Schema.list(
        .record(
            Schema.Record(
                name: "DoNotCallMistake",
                [
                    Schema.Field("line", .integer(1...countMax), isRequired: true),
                    Schema.Field("reason", .text(), isRequired: true),
                ])), countMax: DoNotCallReader.mistakesKept)

    // MARK: Bringing one

    private var take: Endpoint {
        let endpoint = Endpoint(
            .post, Self.address, id: "createDoNotCallFile", .role(.admin),
            "Takes a file of a do-not-call list, a number a line; it holds once its `state` is `whole`.",
            shape: InputShape(
                query: [
                    Schema.Field(
                        "list", .text(lengths: 1...40), isRequired: true,
                        help: "As rules of calling name it: `us-national`, `us-tx`, `uk-tps`; your own is `internal`."),
                    Schema.Field(
                        "date", .text(.date), isRequired: true, help: "The day as of which the list is in the file."),
                    Schema.Field(
                        "kind", .choice(DoNotCallReader.Kind.allCases.map(\.rawValue)),
                        help: "`full` (without it), or `change`: each line says `A` or `D` besides."),
                    Schema.Field(
                        "country", .choice(NumberPlan.countries),
                        help: "Of numbers without a country code; without it, the list's."),
                    Schema.Field("may_shrink", .boolean, help: "It may have less than half of what the list has."),
                    Schema.Field("file_name", .text(lengths: 1...200)),
                ],
                body: .bytes(types: Self.types)),
            answers: [], problems: [409, 503],
            terms: RequestTerms(
                bodyBytesMax: files.limits.fileBytesMax, bodySeconds: files.limits.uploadSeconds,
                answerSeconds: Self.answerSeconds, goesToDisk: true),
            .answer { [self] context, input in
                let taking = Task(executorPreference: BackgroundThreads.files) { try await take(context, input) }
                return try await taking.value
            })
        return Self.resource.answering(endpoint, status: 201)
    }

    private func take(_ context: RequestContext, _ input: JSONValue) async throws -> HTTPResponse {
        let sent = try SentFile(context.request, of: Self.types)
        guard let list = input["list"]?.text.flatMap({ DoNotCallList($0) }) else {
            throw Problem.unprocessable([
                Problem.Fault(
                    .parameter("list"),
                    "A list is named `internal`, or by its country first: us-national, us-tx, uk-tps.")
            ])
        }
        guard let date = input["date"]?.text.flatMap({ CalendarDay($0) }) else {
            throw Problem.unprocessable([Problem.Fault(.parameter("date"), "`date` is a day like 2026-11-20.")])
        }
        let (tenant, file) = (try context.principal.tenant, UUID())
        let kept = try sent.keep(in: files, tenant, file)
        do {
            let (response, isWhole) = try await context.write { transaction in
                let order = DoNotCallFile.Order(
                    list: list, kind: input["kind"]?.text.flatMap { DoNotCallReader.Kind(rawValue: $0) } ?? .full,
                    date: date, name: input["file_name"]?.text, country: input["country"]?.text, sha256: kept.sha256,
                    bytes: kept.bytes, mayShrink: input["may_shrink"] == .bool(true),
                    userID: try context.userID(in: transaction))
                let (id, isWhole) = try DoNotCallFile.begin(order, in: transaction)
                let row = try Self.resource.row(id, in: transaction, context)
                if !isWhole {
                    try transaction.enqueue(LoadDoNotCallFile(fileID: id, keptAs: file))
                    try Audit(context).note("do_not_call_files", before: nil, after: row.json, in: transaction)
                }
                var response = HTTPResponse.json(row.json, status: 201)
                response.headers.append(("location", "\(Self.address)/\(id.uuidString.lowercased())"))
                return (response, isWhole)
            }
            if isWhole { files.remove(tenant, file) }
            return response
        } catch let refused as DoNotCallFile.Refused {
            files.remove(tenant, file)
            throw Problem.conflict(refused.description)
        } catch {
            files.remove(tenant, file)
            throw error
        }
    }

    // MARK: Taking it back

    struct OneFile: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The file's id.")]
    }

    private static let withdraw = Endpoint.write(
        .post, "\(address)/{id}/withdraw", id: "withdrawDoNotCallFile", .role(.admin),
        "Has what a file says hold no more; of a full file, nor the changes on top of it.", OneFile.self,
        Withdrawn.self, problems: [404, 409]
    ) { transaction, context, one in
        let before = try resource.row(one.id, in: transaction, context)
        guard try DoNotCallFile.withdraw(one.id, in: transaction) else {
            throw Problem.conflict("It is \(before["state"]?.text ?? "gone"), and holds nothing back.")
        }
        try transaction.enqueue(ClearDoNotCallNumbers())
        let after = try resource.row(one.id, in: transaction, context)
        try Audit(context).note(
            "do_not_call_files", before: before.json, after: after.json, in: transaction)
        return try .value(Withdrawn(id: RowID(one.id), state: after["state"]?.text ?? ""))
    }

    struct Withdrawn: Codable, Sendable {
        var id: RowID
        var state: String
    }
}
