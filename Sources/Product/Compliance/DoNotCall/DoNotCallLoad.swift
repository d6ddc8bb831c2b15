package import CallModel
package import Database
package import FoundationEssentials

/// Puts the numbers of a file into the database, a block at a time, each in the transaction that says how far it has come: who is
/// killed goes on behind the last block.
package struct DoNotCallLoad: Sendable {
    package enum Ending: Equatable, Sendable {
        /// It holds.
        case whole
        /// Why it does not.
        case failed(String)
        /// Its time is over; it goes on.
        case interrupted
        /// Another process is at it, or another file was brought.
        case overtaken
    }

    /// At offset, so many: fewer at the end, nil where it cannot be read.
    package typealias Bytes = @Sendable (Int, Int) -> [UInt8]?

    package struct Unreadable: Error, CustomStringConvertible {
        package var description: String { "the file cannot be read any more" }
    }

    private static let blockBytes = 1 << 20
    private static let clearedAtOnce = 50_000

    private let database: Database
    private let tenant: TenantID
    private let blockBytes: Int

    package init(_ database: Database, _ tenant: TenantID, blockBytes: Int = DoNotCallLoad.blockBytes) {
        self.database = database
        self.tenant = tenant
        self.blockBytes = blockBytes
    }

    private struct Overtaken: Error {}

    /// - Parameters:
    ///   - deadline: nil: as long as it takes.
    ///   - observe: told how many bytes are in.
    package func run(
        _ id: UUID, _ bytes: Bytes, until deadline: ContinuousClock.Instant? = nil,
        observe: (Int) -> Void = { _ in }
    ) async throws -> Ending {
        let rows = try await database.transaction(tenant: tenant, urgency: .afterwards) { tx in
            try tx.query(
                """
                select kind, country, file_bytes, done_bytes, done_lines from do_not_call_files
                where id = $1::uuid and state = 'loading'
                """, [.uuid(id)])
        }
        guard let row = rows.first, let kind = DoNotCallReader.Kind(rawValue: try row.text("kind")) else {
            return .overtaken
        }
        let whole = try row.int("file_bytes")
        var reader = DoNotCallReader(
            kind, country: try row.textOrNil("country"), offset: try row.int("done_bytes"),
            line: try row.int("done_lines"))
        let begun = reader.offset
        var at = begun
        do {
            while at < whole {
                try Task.checkCancellation()
                guard let block = bytes(at, min(blockBytes, whole - at)), !block.isEmpty else { throw Unreadable() }
                let before = reader.offset
                at += block.count
                let chunk = reader.take(block, isLast: at >= whole)
                try await write(chunk, of: id, from: before, to: reader, isFull: kind == .full)
                observe(reader.offset)
                // The next run begins where the last whole line ends: within a line it would come no further than this one.
                if let deadline, at < whole, reader.offset > begun, ContinuousClock.now >= deadline {
                    return .interrupted
                }
            }
        } catch is Overtaken { return .overtaken }
        return try await database.transaction(tenant: tenant, timeoutMs: 60_000, urgency: .afterwards) {
            try DoNotCallFile.finish(id, in: $0)
        }
    }

    private func write(
        _ chunk: DoNotCallReader.Chunk, of id: UUID, from before: Int, to reader: DoNotCallReader, isFull: Bool
    ) async throws {
        let (end, line) = (reader.offset, reader.line)
        try await database.transaction(tenant: tenant, timeoutMs: 60_000, urgency: .afterwards) { tx in
            let held = try tx.query(
                """
                select jsonb_array_length(mistakes) as kept from do_not_call_files
                where id = $1::uuid and state = 'loading' and done_bytes = $2::bigint for update
                """, [.uuid(id), .int(before)])
            guard let kept = try held.first?.int("kept") else { throw Overtaken() }
            let added = try Self.insert(chunk.listed, isListed: true, of: id, keepsFirst: isFull, in: tx)
            let removed = try Self.insert(chunk.deleted, isListed: false, of: id, keepsFirst: false, in: tx)
            let mistakes = chunk.mistakes.prefix(max(0, DoNotCallReader.mistakesKept - kept))
            try tx.send(
                """
                update do_not_call_files set done_bytes = $2::bigint, done_lines = $3::bigint,
                    added_count = added_count + $4::bigint, removed_count = removed_count + $5::bigint,
                    wrong_count = wrong_count + $6::bigint, mistakes = mistakes || $7::jsonb
                where id = $1::uuid
                """,
                [
                    .uuid(id), .int(end), .int(line), .int(added), .int(removed), .int(chunk.wrong),
                    .json(Self.json(mistakes)),
                ])
        }
    }

    /// In the order of the index, as one text: an array of parameters would take as long as the insertion.
    private static func insert(
        _ numbers: [UInt64], isListed: Bool, of id: UUID, keepsFirst: Bool, in tx: borrowing Transaction
    ) throws -> Int {
        guard !numbers.isEmpty else { return 0 }
        let conflict = keepsFirst ? "nothing" : "update set is_listed = excluded.is_listed"
        return try tx.execute(
            """
            insert into do_not_call_numbers (tenant_id, file_id, number, is_listed)
            select (select app.tenant_id()), $1::uuid, n, $2::boolean from unnest(string_to_array($3, ',')::bigint[]) n
            on conflict (tenant_id, file_id, number) do \(conflict)
            """,
            [.uuid(id), .bool(isListed), .text(numbers.map { String($0) }.joined(separator: ","))])
    }

    private static func json(_ mistakes: ArraySlice<DoNotCallReader.Mistake>) -> String {
        "[" + mistakes.map { #"{"line":\#($0.line),"reason":"\#($0.fault.rawValue)"}"# }.joined(separator: ",") + "]"
    }

    // MARK: What holds no more

    /// Removes the numbers of files that do not hold any more, some at a time. A file that another is clearing is left to that one.
    ///
    /// - Returns: whether nothing is left to be done.
    package func clear(until deadline: ContinuousClock.Instant? = nil) async throws -> Bool {
        while true {
            let isDone = try await database.transaction(tenant: tenant, timeoutMs: 60_000, urgency: .afterwards) { tx in
                let files = try tx.query(
                    """
                    select id from do_not_call_files where state in ('replaced', 'failed') and has_numbers
                    limit 1 for update skip locked
                    """)
                guard let id = try files.first?.uuid("id") else { return true }
                let removed = try tx.execute(
                    """
                    delete from do_not_call_numbers where file_id = $1::uuid and number in (
                        select number from do_not_call_numbers where file_id = $1::uuid order by number
                        limit \(Self.clearedAtOnce))
                    """, [.uuid(id)])
                if removed < Self.clearedAtOnce {
                    try tx.send(
                        """
                        update do_not_call_files set has_numbers = false where id = $1::uuid
                            and not exists (select from do_not_call_numbers where file_id = $1::uuid)
                        """, [.uuid(id)])
                }
                return false
            }
            if isDone { return true }
            if let deadline, ContinuousClock.now >= deadline { return false }
        }
    }
}
