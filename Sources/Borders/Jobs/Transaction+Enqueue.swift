package import Database
package import FoundationEssentials

/// Keeps a job from being there twice. Of one tenant and kind.
package enum UniqueKey: Hashable, Sendable {
    /// Taken as long as the row is there: while the job waits or runs, a day after it was done, and while it is dead.
    case once(String)
    /// Taken until the job starts: many wishes become one run, and a wish during that run another.
    case oneWaiting(String)

    fileprivate var text: String {
        switch self {
        case .once(let text), .oneWaiting(let text): text
        }
    }
}

extension Transaction {
    /// Enqueues a job of the transaction's tenant: it is there when the transaction commits, and otherwise it never was.
    ///
    /// Nobody waits for it: it travels with the next query, or with the commit. A job whose key is taken changes nothing.
    ///
    /// - Parameter moment: nil is at once.
    package func enqueue<Kind: JobKind>(_ job: Kind, at moment: Date? = nil, unique: UniqueKey? = nil) throws {
        try enqueue([job], at: moment) { _ in unique }
    }

    /// The same for many, in one statement.
    package func enqueue<Kind: JobKind>(
        _ jobs: [Kind], at moment: Date? = nil, unique: (Kind) -> UniqueKey? = { _ in nil }
    ) throws {
        try send(JobQueue.enqueueing, JobQueue.rows(jobs, at: moment, unique: unique))
    }
}

extension JobQueue {
    static func rows<Kind: JobKind>(
        _ jobs: [Kind], at moment: Date?, unique: (Kind) -> UniqueKey?
    ) throws -> [BulkRow<JobColumn>] {
        let encoder = JSONEncoder()
        return try jobs.map { job in
            let key = unique(job)
            let freesKeyAtStart = if case .oneWaiting? = key { true } else { false }
            return [
                .kind: .text(Kind.kind), .payload: .json(String(decoding: try encoder.encode(job), as: UTF8.self)),
                .uniqueKey: .text(key?.text), .freesKeyAtStart: .bool(freesKeyAtStart), .dueAt: .timestamp(moment),
            ]
        }
    }
}
