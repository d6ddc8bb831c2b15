import API
import CallModel
import Compliance
import Database
import Encoding
import Foundation
import Gateway
import WebSocketTransport

/// Do-not-call lists from files of this machine, straight into the database.
enum DoNotCallCommand: Command {
    static let name = "dnc"
    static let summary = "imports files of do-not-call lists, shows those there are, and withdraws them"
    static let verbs = ["import", "list", "withdraw"]
    static let options = [
        Option("--file", "FILE", "import: a number a line"),
        Option(
            "--list", "NAME", "import: as rules of calling name it, us-national, us-tx, uk-tps; your own is internal"),
        Option("--date", "DAY", "import: as of when the list is in the file, 2026-11-20"),
        Option("--change", nil, "import: the lines are changes, each with A or D, and no whole list"),
        Option("--country", "CC", "import: of numbers without a country code: US, CA, GB or IN; default: the list's"),
        Option("--may-shrink", nil, "import: it may have less than half of what the list has"),
        Option("--id", "ID", "withdraw: the file whose numbers are to hold no more"),
        Option("--tenant", "ID|SLUG", "whose; without it the one there is"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let wanted = arguments.verb == "import" ? try Wanted(arguments) : nil
        let id = arguments.verb == "withdraw" ? try id(arguments) : nil
        return try await CommandDatabase.use(try GatewayConfig()) { database in
            let tenant = try await CommandDatabase.tenant(arguments.text("--tenant"), in: database)
            if let wanted { return try await load(wanted, tenant, in: database) }
            if let id { return try await withdraw(id, tenant, in: database) }
            return try await list(tenant, in: database)
        }
    }

    private static func id(_ arguments: Arguments) throws -> UUID {
        guard let id = UUID(uuidString: try arguments.needed("--id")) else {
            throw Arguments.Mistake(text: "--id is not a UUID")
        }
        return id
    }

    private struct Wanted: Sendable {
        var path: String
        var order: DoNotCallFile.Order
        var file: BodyFile

        init(_ arguments: Arguments) throws {
            path = try arguments.needed("--file")
            guard let list = DoNotCallList(try arguments.needed("--list")) else {
                throw Arguments.Mistake(
                    text: "--list is `internal`, or begins with its country: us-national, us-tx, uk-tps")
            }
            guard let date = CalendarDay(try arguments.needed("--date")) else {
                throw Arguments.Mistake(text: "--date is a day like 2026-11-20")
            }
            let country = arguments.text("--country")
            if let country, !NumberPlan.countries.contains(country) {
                throw Arguments.Mistake(text: "--country is one of \(NumberPlan.countries.joined(separator: ", "))")
            }
            do { file = try BodyFile(path: URL(filePath: path).resolvingSymlinksInPath().path) } catch {
                throw Arguments.Mistake(text: "--file: \(path) cannot be read")
            }
            order = DoNotCallFile.Order(
                list: list, kind: arguments.has("--change") ? .change : .full, date: date,
                name: URL(filePath: path).lastPathComponent, country: country, sha256: "", bytes: file.count,
                mayShrink: arguments.has("--may-shrink"), userID: nil)
        }
    }

    private static let pieceBytes = 1 << 20

    private static func load(
        _ wanted: Wanted, _ tenant: TenantID, in database: Database
    ) async throws -> ExitCode {
        let (file, digest) = (wanted.file, RunningSHA256())
        for offset in stride(from: 0, to: file.count, by: pieceBytes) {
            guard let piece = file.read(at: offset, count: pieceBytes) else {
                throw Arguments.Mistake(text: "--file: \(wanted.path) cannot be read")
            }
            digest.take(piece)
        }
        var order = wanted.order
        order.sha256 = Hex.encode(digest.finish())
        let (id, isWhole) = try await database.transaction(tenant: tenant) { [order] in
            try DoNotCallFile.begin(order, in: $0)
        }
        if isWhole {
            print("It is there already.")
            return .done
        }
        let load = DoNotCallLoad(database, tenant)
        let isShown = isatty(1) == 1
        let ending = try await load.run(id, { file.read(at: $0, count: $1) }) { done in
            guard isShown else { return }
            print("\r\(done >> 20) of \(file.count >> 20) MB", terminator: "")
            fflush(nil)
        }
        if isShown { print("") }
        try await tell(of: id, tenant, in: database)
        guard case .failed(let reason) = ending else {
            _ = try await load.clear()
            return ending == .whole ? .done : .failed
        }
        print("It does not hold: \(reason)")
        _ = try await load.clear()
        return .failed
    }

    private static func tell(of id: UUID, _ tenant: TenantID, in database: Database) async throws {
        let rows = try await database.transaction(tenant: tenant) { tx in
            try tx.query(
                """
                select added_count, removed_count, wrong_count, m.line, m.reason
                from do_not_call_files
                left join lateral jsonb_to_recordset(mistakes) m (line bigint, reason text) on true
                where id = $1::uuid order by m.line
                """, [.uuid(id)])
        }
        guard let first = rows.first else { return }
        for row in rows { if let line = try row.intOrNil("line") { print("Line \(line): \(try row.text("reason"))") } }
        let wrong = try first.int("wrong_count")
        if wrong > rows.count { print("… and \(wrong - rows.count) more") }
        print(
            "\(try first.int("added_count")) numbers listed, \(try first.int("removed_count")) taken out, \(wrong) lines wrong."
        )
    }

    private static func list(_ tenant: TenantID, in database: Database) async throws -> ExitCode {
        let rows = try await database.transaction(tenant: tenant) { tx in
            try tx.query(
                """
                select id, list, kind, state, to_char(file_date, 'YYYY-MM-DD') as day, added_count, removed_count,
                    (now() at time zone 'utc')::date - file_date as days, coalesce(failure, '') as failure
                from do_not_call_files where state <> 'replaced' order by list, created_at
                """)
        }
        for row in rows {
            print(
                try row.uuid("id").uuidString.lowercased(), try row.text("list"), try row.text("day"),
                "(\(try row.int("days")) days)", try row.text("kind"), try row.text("state"),
                "+\(try row.int("added_count")) −\(try row.int("removed_count"))", try row.text("failure"))
        }
        if rows.isEmpty { print("There are no do-not-call files.") }
        return .done
    }

    private static func withdraw(_ id: UUID, _ tenant: TenantID, in database: Database) async throws -> ExitCode {
        guard try await database.transaction(tenant: tenant, { try DoNotCallFile.withdraw(id, in: $0) }) else {
            print("No such file holds anything.")
            return .failed
        }
        _ = try await DoNotCallLoad(database, tenant).clear()
        print("Its numbers hold no more.")
        return .done
    }
}
