import CLibPQ
import CallModel
import Encoding
import Glibc

/// One libpq connection: the only owner of its `PGconn`. Confined to the thread that opened it; every wait ends at the
/// caller's deadline.
@safe final class PostgresConnection {
    struct Answer {
        var rows: [Row] = []
        /// In place of rows, where they are told.
        var told = ToldRows()
        /// Rows a statement wrote.
        var affected = 0
        /// `COMMIT`, `INSERT 0 1`, …
        var tag = ""
    }

    /// A bound on what a connection remembers, here and in the server.
    private static let preparedMax = 256
    /// Where those that vary stop, so that there is room for all that do not.
    private static let variedMax = 128
    /// How long a cancelled statement may take to end before its connection is given up.
    private static let cancelGraceMs = 1_000

    private let handle: OpaquePointer
    private var prepared: [String: String] = [:]
    /// Whether what is prepared now is there in the next transaction: not behind a pooler that lends each transaction
    /// another server session. Every statement then travels with its text.
    private(set) var keepsPlans = true

    private enum Sent {
        case preparation(String)
        case statement(Telling?)
    }

    /// How the rows of a statement are told as JSON.
    struct Telling {
        var fields: RowFields
        /// Rows behind these are only counted.
        var rowsMax: Int
    }
    /// What was sent and not answered yet, in order.
    private var unanswered: [Sent] = []
    /// How often the server has answered.
    private(set) var roundTrips = 0
    /// Statements may no longer be sent: the connection is to be thrown away.
    private(set) var isBroken = false

    init(url: String, applicationName: String, patience: Patience) throws(DatabaseError) {
        guard PostgresConnection.isWellFormed(url) else { throw .malformedURL }
        let keywords = ["dbname", "application_name", "client_encoding", "connect_timeout", "tcp_user_timeout"]
        let settings = [url, applicationName, "UTF8", "10", "10000"]
        guard
            let handle = unsafe CStrings.with(
                keywords,
                { keywords in
                    unsafe CStrings.with(settings) { settings in unsafe PQconnectStartParams(keywords, settings, 1) }
                })
        else { throw .connectFailed(reason: "out of memory") }
        unsafe self.handle = handle
        try connect(patience)
        unsafe PQsetnonblocking(handle, 1)
        // A pooler answers for itself at the handshake; who serves the statements is another process.
        let server = try run("select pg_backend_pid() as pid", [], patience, remember: .never).rows.first?.int("pid")
        keepsPlans = server == Int(unsafe PQbackendPID(handle))
    }

    /// How every transaction begins, and what its first statement sets for it alone: nothing is left in the session, which a
    /// pooler may lend to others, and nothing others left there counts. Rows come as text: the first two pin the notation
    /// ``SQLTimestamp`` reads.
    static let begin = "begin isolation level read committed read write"
    static let conventions = [
        ("TimeZone", "UTC"), ("DateStyle", "ISO, YMD"), ("client_min_messages", "warning"), ("search_path", "public"),
        ("row_security", "on"), ("lock_timeout", "0"), ("request.jwt.claims", ""),
    ].map { "set_config('\($0)', '\($1)', true)" }.joined(separator: ", ")

    deinit { unsafe PQfinish(handle) }

    private static func isWellFormed(_ url: String) -> Bool {
        var message: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(url, &message)
        defer {
            unsafe PQconninfoFree(options)
            unsafe PQfreemem(message)
        }
        return unsafe options != nil
    }

    private func connect(_ patience: Patience) throws(DatabaseError) {
        var awaited = PGRES_POLLING_WRITING
        while true {
            guard unsafe PQstatus(handle) != CONNECTION_BAD else { throw .connectFailed(reason: errorMessage) }
            try patience.wait(for: unsafe PQsocket(handle), awaited == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            awaited = unsafe PQconnectPoll(handle)
            if awaited == PGRES_POLLING_OK { return }
        }
    }

    /// Sends one statement with its parameters, after those ``send(_:_:remember:)`` left, and collects its answer.
    ///
    func run(
        _ sql: String, _ values: [SQLValue], _ patience: Patience, remember: PlanMemory = .always,
        telling: Telling? = nil
    ) throws(DatabaseError) -> Answer {
        try send(sql, StatementParameters(values), remember: remember, telling: telling)
        return try answers(patience).last ?? Answer()
    }

    /// Hands one statement over without waiting: it travels with the next one that is waited for, in one round trip, and
    /// what it fails with comes out there. A failure keeps all that follows in the same round trip from running.
    func send(
        _ sql: String, _ parameters: StatementParameters, remember: PlanMemory = .always, telling: Telling? = nil
    ) throws(DatabaseError) {
        if unsafe PQpipelineStatus(handle) == PQ_PIPELINE_OFF { try check(unsafe PQenterPipelineMode(handle)) }
        let name = try plan(for: sql, remember)
        try check(
            unsafe parameters.with { count, values, lengths, formats in
                if let name {
                    unsafe PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
                } else {
                    unsafe PQsendQueryParams(handle, sql, count, nil, values, lengths, formats, 0)
                }
            })
        unanswered.append(.statement(telling))
    }

    /// The answers to everything sent and not collected yet, in order; preparations have none.
    func answers(_ patience: Patience) throws(DatabaseError) -> [Answer] {
        try check(unsafe PQpipelineSync(handle))
        do {
            return try collect(patience)
        } catch {
            if case .timedOut = error { cancel() }
            // The server's fence, met by a process that slept past its own.
            if error.sqlState == "57014", patience.remainingMs == 0 { throw patience.timedOut }
            throw error
        }
    }

    /// Sends a script of several statements, which takes no parameters: migrations only.
    func runScript(_ sql: String, _ patience: Patience) throws(DatabaseError) {
        if unsafe PQpipelineStatus(handle) != PQ_PIPELINE_OFF { try check(unsafe PQexitPipelineMode(handle)) }
        try check(unsafe PQsendQuery(handle, sql))
        var failure: DatabaseError?
        do {
            try flush(patience)
            while let result = try nextResult(patience) {
                do { _ = try result.answer(nil) } catch { failure = failure ?? error }
            }
        } catch {
            // Migrations do not outlive their connection: nobody reads what is left.
            isBroken = true
            throw error
        }
        if let failure { throw failure }
    }

    /// The name of the prepared statement of `sql`, sent to be made if need be; nil once the connection remembers enough.
    /// It is a digest of the text: should another process have left a plan of that name, it is the same statement.
    private func plan(for sql: String, _ memory: PlanMemory) throws(DatabaseError) -> String? {
        guard keepsPlans, memory != .never else { return nil }
        if let known = prepared[sql] { return known }
        let most = memory == .always ? PostgresConnection.preparedMax : PostgresConnection.variedMax
        guard prepared.count < most else { return nil }
        let name = "parley_" + FNV1a.hex(sql)
        try check(unsafe PQsendPrepare(handle, name, sql, 0, nil))
        unanswered.append(.preparation(sql))
        prepared[sql] = name
        return name
    }

    private func check(_ sent: Int32) throws(DatabaseError) {
        guard sent == 1 else { throw lost() }
    }

    private func flush(_ patience: Patience) throws(DatabaseError) {
        while true {
            let unsent = unsafe PQflush(handle)
            guard unsent >= 0 else { throw lost() }
            if unsent == 0 { return }
            try patience.wait(for: unsafe PQsocket(handle), POLLIN | POLLOUT)
            guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
        }
    }

    /// Nil at the end of one statement's results.
    private func nextResult(_ patience: Patience) throws(DatabaseError) -> PostgresResult? {
        while unsafe PQisBusy(handle) == 1 {
            try patience.wait(for: unsafe PQsocket(handle), POLLIN)
            guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
        }
        return unsafe PostgresResult(PQgetResult(handle))
    }

    /// Everything the server says to what was sent. The first error wins, after all of it has been read. Interrupted by a
    /// deadline it can be called again and goes on.
    private func collect(_ patience: Patience) throws(DatabaseError) -> [Answer] {
        try flush(patience)
        var answers: [Answer] = []
        var failure: DatabaseError?
        while true {
            guard let result = try nextResult(patience) else {
                guard unsafe PQstatus(handle) == CONNECTION_OK, !unanswered.isEmpty else { throw lost() }
                unanswered.removeFirst()
                continue
            }
            if result.endsPipeline { break }
            do {
                if case .statement(let telling)? = unanswered.first {
                    answers.append(try result.answer(telling))
                } else {
                    _ = try result.answer(nil)
                }
            } catch {
                if case .preparation(let sql)? = unanswered.first { prepared[sql] = nil }
                failure = failure ?? error
            }
        }
        guard unsafe PQstatus(handle) == CONNECTION_OK else { throw lost() }
        roundTrips += 1
        if let failure {
            // A plan made before a migration changed its tables: a fresh connection plans anew.
            if failure.sqlState == "0A000" { isBroken = true }
            if failure.isLostPlan {
                keepsPlans = false
                prepared = [:]
            }
            throw failure
        }
        return answers
    }

    /// Whether a notification came in time. Only while nothing else is asked.
    func waitForNotification(_ patience: Patience) throws(DatabaseError) -> Bool {
        if hasNotification() { return true }
        do { try patience.wait(for: unsafe PQsocket(handle), POLLIN) } catch { return false }
        guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
        return hasNotification()
    }

    /// Takes all there are.
    private func hasNotification() -> Bool {
        var isThere = false
        while let notification = unsafe PQnotifies(handle) {
            unsafe PQfreemem(notification)
            isThere = true
        }
        return isThere
    }

    private func lost() -> DatabaseError {
        isBroken = true
        return .connectionLost(reason: errorMessage, whileCommitting: false)
    }

    /// Ends the running statement on the server and reads what is left of its answer.
    private func cancel() {
        let order = unsafe PQgetCancel(handle)
        defer { unsafe PQfreeCancel(order) }
        var message = [CChar](repeating: 0, count: 256)
        guard unsafe PQcancel(order, &message, 256) == 1 else {
            isBroken = true
            return
        }
        do { _ = try collect(Patience(ms: PostgresConnection.cancelGraceMs)) } catch {
            if case .statementFailed = error { return }
            isBroken = true
        }
    }

    /// libpq's last complaint on one line. It never holds a password.
    private var errorMessage: String {
        let text = unsafe String(cString: PQerrorMessage(handle))
        return text.split(separator: "\n").joined(separator: " ")
    }
}

/// One result of a connection, cleared when it goes out of scope.
@safe private struct PostgresResult: ~Copyable {
    private let handle: OpaquePointer

    init?(_ handle: OpaquePointer?) {
        guard let handle = unsafe handle else { return nil }
        unsafe self.handle = handle
    }

    deinit { unsafe PQclear(handle) }

    /// The server has answered everything that was sent together.
    var endsPipeline: Bool { unsafe PQresultStatus(handle) == PGRES_PIPELINE_SYNC }

    func answer(_ telling: PostgresConnection.Telling?) throws(DatabaseError) -> PostgresConnection.Answer {
        let status = unsafe PQresultStatus(handle)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY else {
            throw failure
        }
        var answer = PostgresConnection.Answer(
            affected: unsafe Int(String(cString: PQcmdTuples(handle))) ?? 0,
            tag: unsafe String(cString: PQcmdStatus(handle)))
        if let telling {
            answer.told = told(telling)
        } else {
            answer.rows = rows(0..<Int(unsafe PQntuples(handle)), columnsFrom: 0)
        }
        return answer
    }

    private func rows(_ rows: Range<Int>, columnsFrom first: Int) -> [Row] {
        let places = Int32(first)..<max(Int32(first), unsafe PQnfields(handle))
        var columns: [String: Int] = [:]
        for column in places { columns[unsafe String(cString: PQfname(handle, column))] = Int(column) - first }
        return rows.map { row in
            Row(
                columns: columns,
                values: places.map { column in
                    unsafe PQgetisnull(handle, Int32(row), column) == 1
                        ? nil : unsafe String(cString: PQgetvalue(handle, Int32(row), column))
                })
        }
    }

    private func told(_ telling: PostgresConnection.Telling) -> ToldRows {
        let handle = unsafe self.handle
        let count = Int(unsafe PQntuples(handle))
        let told = min(count, telling.rowsMax)
        var json: [UInt8] = []
        json.reserveCapacity(told << 10)
        for row in 0..<told {
            if row > 0 { json.append(UInt8(ascii: ",")) }
            unsafe telling.fields.append(
                { field in
                    guard unsafe PQgetisnull(handle, Int32(row), Int32(field)) == 0 else { return nil }
                    let bytes = unsafe UnsafeRawPointer(PQgetvalue(handle, Int32(row), Int32(field)))
                    let length = Int(unsafe PQgetlength(handle, Int32(row), Int32(field)))
                    return unsafe UnsafeRawBufferPointer(start: bytes, count: length).assumingMemoryBound(
                        to: UInt8.self)
                }, to: &json)
        }
        let last = rows(max(0, told - 1)..<told, columnsFrom: telling.fields.count).first
        return ToldRows(json: json, count: count, last: last)
    }

    private var failure: DatabaseError {
        func field(_ code: Unicode.Scalar) -> String? {
            unsafe PQresultErrorField(handle, Int32(code.value)).map { unsafe String(cString: $0) }
        }
        // In a pipeline, what follows a failed statement is not run; the failure itself came before.
        let sqlState = field("C") ?? (unsafe PQresultStatus(handle) == PGRES_PIPELINE_ABORTED ? "25P02" : "XX000")
        var message = field("M") ?? "no message"
        // Data exceptions quote the value they choke on, which may be what a caller said.
        if sqlState.hasPrefix("22") {
            message = message.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .map { $0.offset % 2 == 0 ? String($0.element) : "…" }.joined(separator: "\"")
        }
        return .statementFailed(sqlState: sqlState, message: message, constraint: field("n"))
    }
}
