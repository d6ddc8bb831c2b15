import CSV
import CallModel
import Compliance
package import Database
import Foundation
package import Jobs
import Telemetry
import WebSocketTransport

/// Takes one file further, for as long as a run lasts.
struct LoadDoNotCallFile: JobKind {
    static let kind = "do_not_call.load"
    static let policy = {
        var policy = JobPolicy()
        policy.attemptsMax = 30
        policy.backoff = .seconds(1) ... .seconds(60)
        policy.runMax = .seconds(300)
        policy.placesMax = 1
        return policy
    }()

    var fileID: UUID
    /// On the disk of the node that took it.
    var keptAs: UUID
}

/// Removes numbers that hold no more.
struct ClearDoNotCallNumbers: JobKind {
    static let kind = "do_not_call.clear"
    static let policy = {
        var policy = JobPolicy()
        policy.runMax = .seconds(300)
        policy.placesMax = 1
        return policy
    }()
}

/// Loads files of do-not-call lists that were brought to this node.
package struct DoNotCallWorker: Sendable {
    /// Of one run: other tenants have theirs.
    private static let slice = Duration.seconds(60)
    private static let settledDays = 2
    private static let pause = Duration.seconds(5)

    private let database: Database
    private let files: ImportFiles

    package init(_ database: Database, _ files: ImportFiles) {
        self.database = database
        self.files = files
    }

    package var handlers: [JobHandler] {
        [
            JobHandler(LoadDoNotCallFile.self) { job, run in try await load(job, run) },
            JobHandler(ClearDoNotCallNumbers.self) { _, run in
                let isDone = try await DoNotCallLoad(database, run.tenant).clear(until: .now + Self.slice)
                return { tx in if !isDone { try tx.enqueue(ClearDoNotCallNumbers()) } }
            },
        ]
    }

    private func load(_ job: LoadDoNotCallFile, _ run: JobRun) async throws -> JobEffect {
        let tenant = run.tenant
        guard let isOld = try await isForgotten(job.fileID, tenant) else { return over(job, tenant) }
        guard let file = TextEncoding.allCases.lazy.compactMap({ files.open(tenant, job.keptAs, $0) }).first else {
            if isOld { return try await fail(job, "Its file is on no disk any more.", tenant) }
            // Another node's: it is put back until that one has it.
            throw JobFailure.notYet(Self.pause)
        }
        guard run.attempt < LoadDoNotCallFile.policy.attemptsMax else {
            let reason = "It was begun \(run.attempt) times and came no further. \(run.lastError ?? "")"
            return try await fail(job, reason, tenant)
        }
        let ending = try await DoNotCallLoad(database, tenant).run(
            job.fileID, { file.read(at: $0, count: $1) }, until: .now + Self.slice)
        switch ending {
        case .interrupted: return { tx in try tx.enqueue(job) }
        case .failed(let reason): Log.error("a do-not-call file does not hold", ["file": job.fileID, "error": reason])
        case .overtaken:
            // Somebody else brings it further, and may be killed.
            if try await isForgotten(job.fileID, tenant) != nil { throw JobFailure.notYet(Self.pause) }
        case .whole: break
        }
        return over(job, tenant)
    }

    /// Nil where it is not to be loaded any more; else whether nothing was done to it for so long that its bytes may be gone.
    private func isForgotten(_ id: UUID, _ tenant: TenantID) async throws -> Bool? {
        try await database.transaction(tenant: tenant, urgency: .afterwards) { tx in
            try tx.query(
                """
                select updated_at <= now() - make_interval(days => \(Self.settledDays)) as is_forgotten
                from do_not_call_files where id = $1::uuid and state = 'loading'
                """, [.uuid(id)]
            ).first?.bool("is_forgotten")
        }
    }

    private func fail(_ job: LoadDoNotCallFile, _ reason: String, _ tenant: TenantID) async throws -> JobEffect {
        Log.error("a do-not-call file is given up", ["file": job.fileID, "error": reason])
        try await database.transaction(tenant: tenant, urgency: .afterwards) {
            try DoNotCallFile.fail(job.fileID, reason, in: $0)
        }
        return over(job, tenant)
    }

    private func over(_ job: LoadDoNotCallFile, _ tenant: TenantID) -> JobEffect {
        files.remove(tenant, job.keptAs)
        return { tx in try tx.enqueue(ClearDoNotCallNumbers()) }
    }

    /// Removes files that nobody waits for: those of a node that died, and of loads that came to nothing.
    package var chore: Chore {
        Chore("do-not-call files", every: .seconds(3_600)) {
            files.removeParts(at: .now)
            for (tenant, held) in Dictionary(grouping: files.settled(at: .now), by: \.tenant) {
                let isLoading = try await database.transaction(tenant: tenant, urgency: .afterwards) { tx in
                    try !tx.query(
                        """
                        select from do_not_call_files
                        where state = 'loading' and updated_at > now() - make_interval(days => \(Self.settledDays)) limit 1
                        """
                    ).isEmpty
                }
                if !isLoading { for file in held { files.remove(tenant, file.id) } }
            }
        }
    }
}
