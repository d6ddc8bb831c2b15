import CSV
import CallModel
package import Database
import Foundation
package import Jobs
import Telemetry
import WebSocketTransport

/// Takes one import further: as many chunks as fit its time, and the next run after that, so that other tenants' have theirs.
struct RunImport: JobKind {
    static let kind = "import.run"
    static let policy = {
        var policy = JobPolicy()
        // A node's death is an attempt. Runs are short: who comes further has new ones.
        policy.attemptsMax = 30
        policy.backoff = .seconds(1) ... .seconds(60)
        policy.runMax = .seconds(300)
        policy.placesMax = 2
        return policy
    }()

    var importID: UUID
}

/// Where an import is: told before each commit and after it, to whoever watches (a test that kills it there).
package enum ImportStep: Sendable {
    /// Within the transaction of a chunk, all sent but the commit.
    case committing
    case committed
}

/// Does imports: reads the file on one thread while the rows before are written, each chunk in the transaction that says how
/// far the import has come. What was killed goes on behind its last chunk.
package struct ImportWorker: Sendable {
    private let database: Database
    private let files: ImportFiles
    private let rowsMax: Int
    private let slice: Duration
    private let observe: @Sendable (ImportStep) -> Void

    /// - Parameters:
    ///   - rowsMax: of a chunk.
    ///   - slice: of one run.
    package init(
        database: Database, files: ImportFiles, rowsMax: Int = 5_000, slice: Duration = .seconds(30),
        observe: @escaping @Sendable (ImportStep) -> Void = { _ in }
    ) {
        self.observe = observe
        self.database = database
        self.files = files
        self.rowsMax = rowsMax
        self.slice = slice
    }

    package var handler: JobHandler {
        JobHandler(RunImport.self) { job, run in try await self.run(job.importID, run) }
    }

    /// Somebody else is at it, or it was cancelled: nothing of the chunk is in the database.
    private struct Overtaken: Error {}

    private func run(_ id: UUID, _ run: JobRun) async throws -> JobEffect {
        let tenant = run.tenant
        let state = try await database.transaction(tenant: tenant, urgency: .afterwards) {
            try ImportState.read(id, in: $0)
        }
        guard let state, state.state == "running" else { return { _ in } }
        // Another node's: it is put back until that one has it.
        guard let file = try files.make(tenant, id, state.encoding) else { throw JobFailure.notYet(.seconds(5)) }
        if state.done == nil { try await note(bytes: file.count, of: id, tenant) }
        guard run.attempt < RunImport.policy.attemptsMax else {
            return Self.failure(of: id, "It was begun \(run.attempt) times and came no further. \(run.lastError ?? "")")
        }
        guard let rules = state.rules else { return Self.failure(of: id, "Its default country is none.") }
        do {
            let reader = try ImportReader(file, state, rules, rowsMax: rowsMax)
            return try await write(state, rules, reader, tenant)
        } catch is Overtaken {
            return { _ in }
        } catch let error as DatabaseError where error.isRefusal {
            Log.error("import failed", ["import.id": id, "error": error])
            return Self.failure(of: id, "A row breaks a rule of the database: \(error)")
        } catch ImportFiles.Failure.unreadable {
            return Self.failure(of: id, "Its file cannot be read any more.")
        }
    }

    /// In another encoding than the one it was first taken to be in, a file has another length.
    private func note(bytes: Int, of id: UUID, _ tenant: TenantID) async throws {
        try await database.transaction(tenant: tenant, urgency: .afterwards) { tx in
            try tx.send(
                """
                update imports set file_bytes = $2::bigint
                where tenant_id = (select app.tenant_id()) and id = $1 and file_bytes <> $2::bigint
                """, [.uuid(id), .int(bytes)])
        }
    }

    private func write(
        _ state: ImportState, _ rules: ImportRules, _ reader: ImportReader, _ tenant: TenantID
    ) async throws -> JobEffect {
        let queries = ImportQueries(
            rules.columns, findsZones: rules.findsZones, createdBy: state.createdBy, duplicates: state.duplicates,
            matchBy: state.matchBy)
        let id = state.id
        let deadline = ContinuousClock.now + slice
        var done = state.done?.records ?? 0
        var chunk = try await reader.next()
        while let current = chunk {
            try Task.checkCancellation()
            async let following = reader.next()
            let before = done
            try await database.transaction(tenant: tenant, timeoutMs: 60_000, urgency: .afterwards) { [observe] tx in
                try Self.write(current, state, queries, doneBefore: before, in: tx)
                observe(.committing)
            }
            observe(.committed)
            done = current.end.records
            chunk = try await following
            if chunk != nil, ContinuousClock.now >= deadline {
                return { tx in try tx.enqueue(RunImport(importID: id)) }
            }
        }
        let records = done
        return { tx in
            try tx.execute(
                """
                update imports set state = 'completed', ended_at = now()
                where tenant_id = (select app.tenant_id()) and id = $1 and state = 'running' and done_records = $2
                """, [.uuid(id), .int(records)])
        }
    }

    /// What a chunk is worth, and that it is done: all of it or nothing.
    private static func write(
        _ chunk: ImportChunk, _ state: ImportState, _ queries: ImportQueries, doneBefore: Int,
        in tx: borrowing Transaction
    ) throws {
        let (before, known, optedOut) = try queries.look(
            chunk.rows, in: tx,
            before: [("select app.lock_contacts()", []), (Self.holding, [.uuid(state.id), .int(doneBefore)])])
        // Held until the commit: a cancellation waits for the chunk, and another run finds it done.
        guard let room = try before[1].first?.int("room") else { throw Overtaken() }
        let ids = ContactIDs(at: Date.now)
        let plan = ImportPlan(
            chunk.rows, known: known, optedOut: optedOut, duplicates: state.duplicates, matchBy: state.matchBy,
            newID: { ids.id($0) })
        try queries.write(plan, in: tx)
        try queries.leaveAlone(chunk.rows, plan.outcomes, optedOut, at: Date.now, in: tx)
        let kept = try ImportQueries.note(chunk.rows, plan, of: state.id, room: room, in: tx)
        let counts = ImportCounts(chunk.rows, plan.outcomes, optedOut)
        try tx.send(
            Self.advancing,
            [
                .uuid(state.id), .int(chunk.end.offset), .int(chunk.end.line), .int(chunk.end.records),
                .int(counts.created), .int(counts.updated), .int(counts.skipped), .int(counts.failed),
                .int(counts.leftAlone), .int(counts.warned), .int(kept),
            ])
    }

    static let holding = """
        select greatest(0, \(ImportState.keptErrorsMax) - kept_errors) as room from imports
        where tenant_id = (select app.tenant_id()) and id = $1 and state = 'running' and done_records = $2 for update
        """
    static let advancing = """
        update imports set done_bytes = $2::bigint, done_lines = $3::bigint, done_records = $4::bigint,
            created_count = created_count + $5::bigint, updated_count = updated_count + $6::bigint,
            skipped_count = skipped_count + $7::bigint, failed_count = failed_count + $8::bigint,
            left_alone_count = left_alone_count + $9::bigint, warned_count = warned_count + $10::bigint,
            kept_errors = kept_errors + $11::bigint
        where tenant_id = (select app.tenant_id()) and id = $1
        """

    private static func failure(of id: UUID, _ reason: String) -> JobEffect {
        { tx in
            try tx.execute(
                """
                update imports set state = 'failed', ended_at = now(), failure = $2
                where tenant_id = (select app.tenant_id()) and id = $1 and state = 'running'
                """, [.uuid(id), .text(String(reason.prefix(500)))])
        }
    }
}

/// What became of a chunk's rows.
struct ImportCounts: Equatable, Sendable {
    var created = 0
    var updated = 0
    var skipped = 0
    var failed = 0
    /// Created or updated, and not to be contacted.
    var leftAlone = 0
    var warned = 0

    init(_ rows: [ImportRow], _ outcomes: [ImportPlan.Outcome], _ optedOut: Set<String>) {
        for (row, outcome) in zip(rows, outcomes) {
            switch outcome {
            case .created: created += 1
            case .updated: updated += 1
            case .skipped:
                skipped += 1
                continue
            case .failed:
                failed += 1
                continue
            }
            if row.isToBeLeftAlone || row.phone.map(optedOut.contains) ?? false { leftAlone += 1 }
            if !row.findings.isEmpty { warned += 1 }
        }
    }
}

/// Ids in the order in which rows are made (UUID version 7, RFC 9562): an index over them grows at its end, where random ones
/// touch all of it.
struct ContactIDs: Sendable {
    private let milliseconds: UInt64

    init(at moment: Date) { milliseconds = UInt64(max(0, moment.timeIntervalSince1970 * 1_000)) }

    /// - Parameter row: within a chunk.
    func id(_ row: Int) -> UUID {
        // 12 bits of the row; where a chunk has more, the next millisecond has them.
        let time = milliseconds + UInt64(row >> 12)
        let sequence = UInt64(row & 0xFFF)
        let high = time << 16 | 0x7000 | sequence
        let low = UInt64.random(in: 0...UInt64.max) >> 2 | 0x8000_0000_0000_0000
        var bytes = [UInt8](repeating: 0, count: 16)
        for place in 0..<8 {
            bytes[place] = UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64(place)))
            bytes[8 + place] = UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64(place)))
        }
        return UUID(
            uuid: (
                bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9],
                bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
            ))
    }
}
