import CRM
import CSV
import Database
import Encoding
import Endpoints
import Foundation
import Jobs
import PhoneNumbers
import WebSocketTransport

/// Contacts from files: brought, looked at, mapped, started, watched, cancelled. docs/imports.md.
struct ImportRoutes: Sendable {
    let files: ImportFiles

    private static let address = "/api/v1/imports"
    private static let countMax = 1_000_000_000_000

    var routes: [Endpoint] {
        let imports = resource
        return imports.endpoints + ImportErrors.resource.endpoints
            + [
                ImportUpload(files: files, resource: imports).route, start(imports), cancel(imports), preview,
                ImportErrors.table,
            ]
    }

    private var resource: Resource {
        func count(_ column: ImportColumn) -> Column {
            .integer(column, 0...Self.countMax, .readOnly, standard: 0)
        }
        return Resource(
            "imports", of: "Import", verbs: [.list, .read, .patch], role: .admin,
            details: [
                Detail(
                    "progress", Double.self, isListed: true,
                    """
                    case when t.\(ImportColumn.state) = 'completed' or t.\(ImportColumn.fileBytes) = 0 then 1
                    else least(1, t.\(ImportColumn.doneBytes)::double precision / t.\(ImportColumn.fileBytes)) end
                    """ as SQL<ImportColumn>),
                Detail(
                    "rows_per_second", Double.self, isListed: true,
                    """
                    coalesce(round((t.\(ImportColumn.doneRecords) / nullif(extract(epoch from
                        coalesce(t.\(ImportColumn.endedAt), now()) - t.\(ImportColumn.startedAt)), 0))::numeric, 1), 0)
                    """ as SQL<ImportColumn>),
            ],
            completedBy: { [self] transaction, context, given, before in
                try complete(given, before: before, in: transaction, context)
            },
            [
                .choice(
                    ImportColumn.state, ["uploaded", "running", "completed", "failed", "cancelled"],
                    [.readOnly, .filter], standard: "uploaded"),
                .text(ImportColumn.fileName, [.readOnly, .search], max: 200),
                .text(ImportColumn.digest, as: "sha256", [.readOnly, .filter], max: 64),
                .choice(ImportColumn.encoding, TextEncoding.allCases.map(\.rawValue), standard: "utf-8"),
                .choice(ImportColumn.delimiter, [",", ";", "\t", "|"], standard: ","),
                .flag(ImportColumn.hasHeader, standard: true),
                .json(ImportColumn.columns, Self.columns, .readOnly, standard: .list([])),
                .json(
                    ImportColumn.mapping,
                    .list(.nullable(.text(lengths: 1...80)), countMax: ImportLook.columnsMax), standard: .list([])),
                .choice(ImportColumn.duplicates, ["skip", "update", "create"], standard: "skip"),
                .choice(ImportColumn.matchBy, ["phone", "email", "both"], standard: "both"),
                .text(ImportColumn.defaultCountry, max: 2), .text(ImportColumn.listSource, max: 500),
                .text(ImportColumn.consentBasis, max: 2_000),
                .reference(ImportColumn.createdByUserID, to: "users", .readOnly), count(.fileBytes), count(.doneBytes),
                count(.doneRecords), count(.createdCount), count(.updatedCount), count(.skippedCount),
                count(.failedCount), count(.leftAloneCount), count(.warnedCount), count(.keptErrors),
                .text(ImportColumn.failure, .readOnly, max: 500), .time(ImportColumn.startedAt, .readOnly),
                .time(ImportColumn.endedAt, .readOnly),
            ])
    }

    private static let columns = Schema.list(
        .record(
            Schema.Record(
                name: "ImportedColumn",
                [
                    Schema.Field("name", .text(), isRequired: true),
                    Schema.Field("samples", .list(.text()), isRequired: true),
                ])), countMax: ImportLook.columnsMax)

    // MARK: How it is read

    private func complete(
        _ given: [String: JSONValue], before: JSONValue?, in transaction: borrowing Transaction,
        _ context: RequestContext
    ) throws -> [String: JSONValue] {
        // What starts it and what ends it has looked at where it stands.
        guard given["state"] == nil else { return given }
        guard let before, before["state"] == "uploaded" else {
            throw Problem.conflict("It has been started: how it is read stays as it is.")
        }
        var given = given
        let custom = try CustomFields.read(in: transaction)
        let isOther = { (field: String) in given[field] ?? before[field] != before[field] }
        if isOther("encoding") || isOther("delimiter") || isOther("has_header") {
            let look = try look(anew: given, before, isRead: isOther("encoding"), try context.principal)
            given["delimiter"] = .text(String(decoding: [look.format.delimiter], as: UTF8.self))
            given["has_header"] = .bool(look.hasHeader)
            given["columns"] = look.columns.json
            given["mapping"] = given["mapping"] ?? ImportField.proposals(for: look.columns.map(\.name), custom).json
        }
        var faults: [Problem.Fault] = []
        if let country = given["default_country"]?.text, !PhoneNumberReader.isRegion(country) {
            faults.append(.of("default_country", "`default_country` is a country by two capital letters: US."))
        }
        if let mapping = given["mapping"]?.list {
            faults += Self.faults(in: mapping, of: (given["columns"] ?? before["columns"])?.list?.count ?? 0, custom)
        }
        if !faults.isEmpty { throw Problem.unprocessable(faults) }
        return given
    }

    /// - Parameter isRead: in another encoding than before: what is not given is found out once more.
    private func look(
        anew given: [String: JSONValue], _ before: JSONValue, isRead: Bool, _ principal: APIPrincipal
    ) throws -> ImportLook {
        let encoding = (given["encoding"] ?? before["encoding"])?.text.flatMap { TextEncoding(rawValue: $0) }
        guard let encoding, let id = before["id"]?.text.flatMap({ UUID(uuidString: $0) }),
            let file = files.openBeginning(principal.tenant, id, encoding)
        else { throw Self.elsewhere }
        func standing(_ field: String) -> JSONValue? { given[field] ?? (isRead ? nil : before[field]) }
        return try ImportLook(
            file, delimiter: standing("delimiter")?.text?.utf8.first,
            hasHeader: standing("has_header").map { $0 == .bool(true) })
    }

    private static let elsewhere = Problem(
        status: 409, detail: "The file is not on this node's disk: ask the one that took it, or bring it again.")

    static func faults(in mapping: [JSONValue], of count: Int, _ custom: CustomFields) -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if mapping.count != count {
            faults.append(.of("mapping", "`mapping` has an entry for each of the \(count) columns: a field, or null."))
        }
        var taken: Set<ImportField> = []
        for (index, value) in mapping.enumerated() {
            guard let name = value.text else { continue }
            let place = Problem.Fault.Place.pointer("/mapping/\(index)")
            guard let field = ImportField(name) else {
                let names = ImportField.columns.map(\.name) + ["first_name", "last_name", "do_not_contact"]
                faults.append(
                    Problem.Fault(
                        place, "This is none of \(names.joined(separator: ", ")) and `custom.NAME` of a custom field."))
                continue
            }
            if case .custom(let own) = field, !custom.fields.contains(where: { $0.name == own }) {
                faults.append(Problem.Fault(place, "Contacts have no such custom field."))
            }
            if !taken.insert(field).inserted { faults.append(Problem.Fault(place, "A field is given twice.")) }
        }
        return faults
    }

    // MARK: Its life

    struct OneImport: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The import's id.")]
    }

    private func start(_ imports: Resource) -> Endpoint {
        var endpoint = imports.action(
            "start", id: "startImport",
            "Starts an import; a tenant has one at a time. Where `GET` answers `completed`, it is done.", OneImport.self
        ) { transaction, context, one, row in
            guard row["state"] == "uploaded" else { throw Problem.conflict("It has been started before.") }
            let fields = (row["mapping"]?.list ?? []).compactMap { $0.text.flatMap { ImportField($0) } }
            guard fields.contains(where: \.names) else {
                throw Problem.unprocessable([
                    .of("mapping", "No column is a name, a company, an e-mail address or a number: map one first.")
                ])
            }
            try transaction.enqueue(RunImport(importID: one.id))
            return ["state": "running", "started_at": .text(context.now.formatted(.iso8601))]
        }
        endpoint.problems.insert(409)
        return endpoint
    }

    private func cancel(_ imports: Resource) -> Endpoint {
        var endpoint = imports.action(
            "cancel", id: "cancelImport", "Ends an import; rows that are in stay. Its file is removed.", OneImport.self
        ) { _, context, _, row in
            guard row["state"] == "uploaded" || row["state"] == "running" else {
                throw Problem.conflict("It is over already.")
            }
            return ["state": "cancelled", "ended_at": .text(context.now.formatted(.iso8601))]
        }
        endpoint.problems.insert(409)
        return endpoint
    }

    private var preview: Endpoint {
        .get(
            Self.address + "/{id}/preview", id: "previewImport", .role(.admin),
            "What would become of the first 100 rows; none of an import that is over.", OneImport.self,
            ImportPreview.self
        ) { [files] context, one in
            let tenant = try context.principal.tenant
            let preview = try await context.read { transaction -> ImportPreview in
                guard let state = try ImportState.read(one.id, in: transaction) else { throw Problem.notFound }
                return try ImportPreview.make(
                    state, files.openBeginning(tenant, one.id, state.encoding), in: transaction)
            }
            return try .value(preview)
        }
    }
}

extension [ImportLook.ImportedColumn] {
    var json: JSONValue {
        .list(map { ["name": .text($0.name), "samples": .list($0.samples.map { .text($0) })] })
    }
}

extension [ImportField?] {
    var json: JSONValue { .list(map { $0.map { .text($0.name) } ?? .null }) }
}
