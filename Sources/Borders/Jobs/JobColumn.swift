import Database

/// Table `jobs`, as far as statements of ours write and read it; docs/jobs.md has the functions that do the rest.
enum JobColumn: String, TableColumn {
    case id, kind, payload, state, uniqueKey, freesKeyAtStart, dueAt, attempts, lastError, endedAt
    case lease, leasedBy, leaseUntil

    static let table: StaticString = "jobs"

    var type: ColumnType {
        switch self {
        case .id, .lease: .uuid
        case .kind, .state, .uniqueKey, .lastError, .leasedBy: .text
        case .payload: .jsonb
        case .freesKeyAtStart: .boolean
        case .dueAt, .endedAt, .leaseUntil: .timestamptz
        case .attempts: .integer
        }
    }
}
