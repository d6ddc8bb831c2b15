import CRM
import CallModel
import Compliance
import Database
import Foundation

/// The statements of an import, made once for its columns.
struct ImportQueries: Sendable {
    private static let rowsAtOnce = 1_000

    let columns: [ContactColumn]
    private let insert: BulkStatement<ContactColumn>
    private let update: BulkStatement<ContactColumn>
    private let createdBy: UUID?
    private let duplicates: ImportPlan.Duplicates
    private let matchBy: ImportPlan.MatchBy

    /// - Parameter findsZones: zones are of the numbers' countries: they go where none is.
    init(
        _ columns: [ContactColumn], findsZones: Bool, createdBy: UUID?, duplicates: ImportPlan.Duplicates,
        matchBy: ImportPlan.MatchBy
    ) {
        self.columns = columns
        self.createdBy = createdBy
        self.duplicates = duplicates
        self.matchBy = matchBy
        insert = BulkStatement(
            insert: [.id] + columns + [.optInStatus, .doNotContact, .createdByUserID],
            finding: [
                .status: "coalesce(\(given: .status), 'lead')",
                .tags: "coalesce(\(given: .tags)::text[], '{}')",
                .customFields: "coalesce(\(given: .customFields), '{}')",
            ])
        let changes = columns.map { column -> (key: ContactColumn, value: BulkStatement<ContactColumn>.Change) in
            switch column {
            case .tags:
                (
                    column,
                    """
                    array(select distinct tag from unnest(t.\(.tags) || coalesce(\(given: .tags)::text[], '{}')) tag
                        order by tag)
                    """
                )
            case .customFields: (column, "t.\(.customFields) || coalesce(\(given: .customFields), '{}')")
            case .timezone where findsZones: (column, "coalesce(t.\(.timezone), \(given: .timezone))")
            default: (column, .givenOrKept)
            }
        }
        update = BulkStatement(
            update: .id,
            setting: changes + [
                // An import leaves alone, and never withdraws.
                (.doNotContact, "t.\(.doNotContact) or \(given: .doNotContact)"),
                (.optInStatus, "case when \(given: .doNotContact) then 'opted_out' else t.\(.optInStatus) end"),
            ])
    }

    // MARK: Looking

    static let knowing = """
        select id, phone, email_key from (
            select id, phone, email_key, created_at from contacts
            where tenant_id = (select app.tenant_id()) and phone = any($1::text[])
            union
            select id, phone, email_key, created_at from contacts
            where tenant_id = (select app.tenant_id()) and email_key = any($2::text[])) known
        order by created_at, id
        """
    static let leavingAlone = "select app.opted_out_among($1::text[]) as phone"

    /// Asks, in one round trip, for the contacts that rows may mean and for the numbers to be left alone.
    ///
    /// - Parameter before: what is asked in front of it.
    func look(
        _ rows: [ImportRow], in transaction: borrowing Transaction, before: [(sql: String, values: [SQLValue])] = []
    ) throws -> (before: [[Row]], known: [ImportPlan.Known], optedOut: Set<String>) {
        let numbers = Set(rows.compactMap(\.phone)).sorted()
        let phones = duplicates == .create || matchBy == .email ? [] : numbers
        let emails = duplicates == .create || matchBy == .phone ? [] : Set(rows.compactMap(\.email)).sorted()
        let answers = try transaction.queries(
            before + [
                (Self.knowing, [.textArray(phones), .textArray(emails)]), (Self.leavingAlone, [.textArray(numbers)]),
            ])
        let known = try answers[before.count].map { row in
            ImportPlan.Known(
                id: try row.uuid("id"), phone: try row.textOrNil("phone"), email: try row.textOrNil("email_key"))
        }
        let optedOut = try answers[before.count + 1].compactMap { try $0.textOrNil("phone") }
        return (Array(answers.prefix(before.count)), known, Set(optedOut))
    }

    // MARK: Writing

    func write(_ plan: ImportPlan, in transaction: borrowing Transaction) throws {
        let inserted: [ContactColumn] = [.id] + columns + [.optInStatus, .doNotContact, .createdByUserID]
        let author = SQLValue.uuid(createdBy)
        // The server is at work on one part while the next is made ready for it.
        for start in stride(from: 0, to: plan.inserts.count, by: Self.rowsAtOnce) {
            let part = plan.inserts[start..<min(start + Self.rowsAtOnce, plan.inserts.count)]
            try transaction.send(
                insert,
                part.map { write in
                    BulkRow(
                        inserted,
                        [.uuid(write.id)] + write.values + [
                            write.isOptedOut ? "opted_out" : "unknown", .bool(write.isOptedOut), author,
                        ])
                })
        }
        let updated: [ContactColumn] = [.id] + columns + [.doNotContact]
        for wave in plan.updates {
            try transaction.send(
                update,
                wave.map { BulkRow(updated, [.uuid($0.id)] + $0.values + [.bool($0.isOptedOut)]) })
        }
    }

    /// Those whom the file says to leave alone, and who are not yet.
    func leaveAlone(
        _ rows: [ImportRow], _ outcomes: [ImportPlan.Outcome], _ optedOut: Set<String>, at moment: Date,
        in transaction: borrowing Transaction
    ) throws {
        let wishes = zip(rows, outcomes).compactMap { row, outcome -> BulkRow<ConsentColumn>? in
            guard row.isToBeLeftAlone, !(row.phone.map(optedOut.contains) ?? false) else { return nil }
            switch outcome {
            case .failed: return nil
            case .created(let id), .updated(let id), .skipped(let id):
                return OptOut(
                    contactID: id, phone: row.phone.flatMap { E164($0) },
                    words: "An imported list says to leave them alone.", source: .api("import"), at: moment
                ).row
            }
        }
        try transaction.send(OptOut.statement, wishes)
    }

    private static let noting = BulkStatement<ImportErrorColumn>(insert: [
        .id, .importID, .recordNumber, .line, .severity, .code, .columnName, .value, .reason, .contactID,
    ])

    /// - Parameter room: so many findings more are kept. Duplicates leave half of all there is to what is wrong.
    /// - Returns: how many were kept.
    static func note(
        _ rows: [ImportRow], _ plan: ImportPlan, of id: UUID, room: Int, in transaction: borrowing Transaction
    ) throws -> Int {
        // In their order, also of those of one row.
        let ids = ContactIDs(at: Date.now)
        var noted: [BulkRow<ImportErrorColumn>] = []
        func note(_ row: ImportRow, _ finding: ImportRow.Finding, _ severity: SQLValue, of contact: UUID? = nil) {
            guard noted.count < room else { return }
            noted.append([
                .id: .uuid(ids.id(noted.count)), .importID: .uuid(id), .recordNumber: .int(row.number),
                .line: .int(row.line), .severity: severity, .code: .text(finding.code),
                .columnName: .text(finding.column), .value: .text(finding.value), .reason: .text(finding.reason),
                .contactID: .uuid(contact),
            ])
        }
        for (index, row) in rows.enumerated() {
            for finding in row.findings { note(row, finding, finding.isError ? "error" : "warning") }
            guard room - noted.count > ImportState.keptErrorsMax / 2,
                let (finding, contact) = plan.duplicate(index, row)
            else { continue }
            note(row, finding, "duplicate", of: contact)
        }
        try transaction.send(noting, noted)
        return noted.count
    }
}

extension ImportPlan {
    /// What is said of a row whose contact is there already, be it that a row before has made it; nil of others.
    func duplicate(_ index: Int, _ row: ImportRow) -> (finding: ImportRow.Finding, contact: UUID)? {
        let (code, id): (String, UUID)
        switch outcomes[index] {
        case .skipped(let contact): (code, id) = ("skipped", contact)
        case .updated(let contact): (code, id) = ("updated", contact)
        case .created, .failed: return nil
        }
        let (value, key) = matches[index] == .email ? (row.email, "address") : (row.phone, "number")
        let reason =
            code == "skipped"
            ? "A contact has this \(key) already: it stays as it is."
            : "A contact has this \(key) already: it was brought up to date."
        return (.init(isError: false, code: code, value: value, reason: reason), id)
    }
}
