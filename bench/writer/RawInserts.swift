import Database
import Foundation
import Runtime

/// The yardstick of the run: the rows the writer has just written, put once more into bare copies of their tables by
/// statements that do nothing else. No reading, no rules, no search for customers, no keys to other tables.
struct RawInserts {
    /// As the writer has it.
    private static let batch = 32

    private struct Table: Sendable {
        var name: String
        var columns: String
        var callKey: String
    }

    private let database: Database
    private let tables: [Table]

    /// - Parameter url: of a superuser: the rows of all tenants are read.
    init(url: String) async throws {
        database = Database(url: url, connectionsMax: 1)
        tables = try await database.unscoped { tx in
            try tx.query(
                """
                select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
                from pg_class c join pg_attribute a on a.attrelid = c.oid
                where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                    and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                    and (c.relname = 'calls' or exists (select from pg_attribute k
                        where k.attrelid = c.oid and k.attname = 'call_id' and not k.attisdropped))
                group by c.relname order by c.relname <> 'calls', c.relname
                """
            ).map { row in
                let name = try row.text("name")
                return Table(name: name, columns: try row.text("columns"), callKey: name == "calls" ? "id" : "call_id")
            }
        }
        let tables = tables
        try await database.unscoped { tx in
            _ = try tx.execute("create schema raw")
            for table in tables {
                _ = try tx.execute("create table raw.\(table.name) (like public.\(table.name) including all)")
            }
        }
    }

    /// Puts what was finalized since the last time into the copies.
    ///
    /// - Returns: calls a second, the reading of the rows not counted.
    func callsPerSecond() async throws -> Double {
        let tables = tables
        let fresh = try await database.unscoped(timeoutMs: 120_000) { tx in
            try tx.query(
                "select id from calls c where finalized_at is not null"
                    + " and not exists (select from raw.calls r where r.id = c.id)"
            ).map { try $0.uuid("id") }
        }
        var batches: [[String]] = []
        for start in stride(from: 0, to: fresh.count, by: RawInserts.batch) {
            let ids = fresh[start..<min(start + RawInserts.batch, fresh.count)].map { "\"\($0)\"" }
            let list = "{\(ids.joined(separator: ","))}"
            batches.append(
                try await database.unscoped(timeoutMs: 120_000) { tx in
                    try tables.map { table in
                        try tx.query(
                            "select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as rows from public.\(table.name) t"
                                + " where \(table.callKey) = any($1::uuid[])", [.text(list)]
                        ).first?.text("rows") ?? "[]"
                    }
                })
        }
        let startedAt = MonotonicTime.now()
        for batch in batches {
            try await database.unscoped(timeoutMs: 120_000) { tx in
                for (table, rows) in zip(tables, batch) {
                    try tx.send(
                        "insert into raw.\(table.name) (\(table.columns)) select \(table.columns)"
                            + " from jsonb_populate_recordset(null::raw.\(table.name), $1)", [.json(rows)])
                }
            }
        }
        return Double(fresh.count) / (Double(MonotonicTime.now().nanoseconds - startedAt.nanoseconds) / 1e9)
    }

    func close() async { await database.close() }
}
