package import CallModel
package import Database
package import FoundationEssentials

/// A file of a do-not-call list, from when it is brought to when it holds or does not.
///
/// Its numbers go in beside those that hold, and hold from one transaction on: a full file instead of all before it, one of changes
/// on top of them. A file that is cut short, or is none, changes nothing.
package struct DoNotCallFile: Sendable {
    package struct Refused: Error, Equatable, CustomStringConvertible {
        package var description: String
    }

    /// What is said of it by whoever brings it.
    package struct Order: Sendable {
        package var list: DoNotCallList
        package var kind: DoNotCallReader.Kind
        package var date: CalendarDay
        package var name: String?
        /// Of numbers without a country code.
        package var country: String?
        /// In hexadecimal.
        package var sha256: String
        package var bytes: Int
        package var mayShrink: Bool
        package var userID: UUID?

        package init(
            list: DoNotCallList, kind: DoNotCallReader.Kind, date: CalendarDay, name: String?, country: String?,
            sha256: String, bytes: Int, mayShrink: Bool, userID: UUID?
        ) {
            self.list = list
            self.kind = kind
            self.date = date
            self.name = name
            self.country = country
            self.sha256 = sha256
            self.bytes = bytes
            self.mayShrink = mayShrink
            self.userID = userID
        }
    }

    /// Lines that are wrong may be one in so many.
    private static let linesAWrongOne = 20
    private static let failureCharactersMax = 500

    /// A file to be loaded, or the same one as it was brought before: what was not done of that goes on, and may shrink the list if
    /// that is said now. Read as another country's it is another file.
    ///
    /// - Throws: ``Refused``.
    package static func begin(_ order: Order, in tx: borrowing Transaction) throws -> (id: UUID, isWhole: Bool) {
        try lock(order.list, in: tx)
        let known = try tx.query(
            """
            select id, state = 'whole' as is_whole from do_not_call_files where list = $1 and kind = $2 and file_date = $3::date and digest = $4
                and country is not distinct from $5 and state in ('loading', 'whole')
            """,
            [
                .text(order.list.name), .text(order.kind.rawValue), .text(order.date.description), .text(order.sha256),
                .text(order.country ?? order.list.country),
            ])
        if let row = known.first {
            let id = try row.uuid("id")
            // Also says that somebody waits for it again.
            try tx.send(
                "update do_not_call_files set may_shrink = $2::boolean where id = $1::uuid and state = 'loading'",
                [.uuid(id), .bool(order.mayShrink)])
            return (id, try row.bool("is_whole"))
        }
        try check(order.list, order.kind, order.date, in: tx)
        try tx.send(
            """
            update do_not_call_files set state = 'failed', failure = 'Another file of the list was brought meanwhile.'
            where list = $1 and state = 'loading'
            """, [.text(order.list.name)])
        let id = UUID()
        try tx.send(
            """
            insert into do_not_call_files (tenant_id, id, list, kind, file_date, file_name, country, digest, file_bytes,
                may_shrink, created_by_user_id)
            values ((select app.tenant_id()), $1::uuid, $2, $3, $4::date, $5, $6, $7, $8::bigint, $9::boolean, $10::uuid)
            """,
            [
                .uuid(id), .text(order.list.name), .text(order.kind.rawValue), .text(order.date.description),
                .text(order.name), .text(order.country ?? order.list.country), .text(order.sha256), .int(order.bytes),
                .bool(order.mayShrink), .uuid(order.userID),
            ])
        return (id, false)
    }

    /// Until the end of the transaction nobody else changes what holds of the list. Taken before any row of it is locked.
    private static func lock(_ list: DoNotCallList, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            select pg_advisory_xact_lock(hashtextextended('do not call ' || $1 || ' ' || app.tenant_id()::text, 0))
            """, [.text(list.name)])
    }

    private static func check(
        _ list: DoNotCallList, _ kind: DoNotCallReader.Kind, _ date: CalendarDay, in tx: borrowing Transaction
    ) throws {
        let row = try tx.query(
            """
            select to_char(max(file_date), 'YYYY-MM-DD') as newest, coalesce(bool_or(kind = 'full'), false) as has_full,
                $2::date > (now() at time zone 'utc')::date + 1 as is_to_come
            from do_not_call_files where list = $1 and state = 'whole'
            """, [.text(list.name), .text(date.description)]
        ).first
        if try row?.bool("is_to_come") == true { throw Refused(description: "There is no file of \(date) yet.") }
        if kind == .change, try row?.bool("has_full") != true {
            throw Refused(description: "There is no full file of the list `\(list.name)` that these changes are of.")
        }
        if let newest = try row?.textOrNil("newest").flatMap({ CalendarDay($0) }), date < newest {
            throw Refused(description: "The list `\(list.name)` is there as of \(newest) already.")
        }
    }

    // MARK: At its end

    /// Has it hold, where it can: in one transaction with what it replaces.
    static func finish(_ id: UUID, in tx: borrowing Transaction) throws -> DoNotCallLoad.Ending {
        guard let list = try lockList(of: id, in: tx) else { return .overtaken }
        let files = try tx.query(
            """
            select kind, to_char(file_date, 'YYYY-MM-DD') as day, added_count, removed_count, wrong_count, may_shrink
            from do_not_call_files where id = $1::uuid and state = 'loading' for update
            """, [.uuid(id)])
        guard let row = files.first, let kind = DoNotCallReader.Kind(rawValue: try row.text("kind")),
            let date = CalendarDay(try row.text("day"))
        else { return .overtaken }
        let (added, removed) = (try row.int("added_count"), try row.int("removed_count"))
        var fault = self.fault(added: added, removed: removed, wrong: try row.int("wrong_count"))
        if fault == nil {
            do { try check(list, kind, date, in: tx) } catch let refused as Refused { fault = refused.description }
        }
        if fault == nil, kind == .full, try !row.bool("may_shrink") {
            let before =
                try tx.query(
                    """
                    select coalesce(sum(added_count - removed_count), 0)::bigint as n from do_not_call_files
                    where list = $1 and state = 'whole'
                    """, [.text(list.name)]
                ).first?.int("n") ?? 0
            if added < before / 2 {
                fault = "It has \(added) numbers where the list has \(before): say that it may shrink, if it may."
            }
        }
        if let fault {
            try fail(id, fault, in: tx)
            return .failed(fault)
        }
        if kind == .full {
            try tx.send(
                "update do_not_call_files set state = 'replaced' where list = $1 and state = 'whole'",
                [.text(list.name)])
        }
        try tx.send(
            """
            update do_not_call_files set state = 'whole', imported_at = clock_timestamp()
            where id = $1::uuid and state = 'loading'
            """, [.uuid(id)])
        return .whole
    }

    /// What a file is of never changes; what became of it may have, until the lock is held.
    private static func lockList(of id: UUID, in tx: borrowing Transaction) throws -> DoNotCallList? {
        let files = try tx.query("select list from do_not_call_files where id = $1::uuid", [.uuid(id)])
        guard let list = try files.first.flatMap({ DoNotCallList(try $0.text("list")) }) else { return nil }
        try lock(list, in: tx)
        return list
    }

    /// Ends one that is not done.
    package static func fail(_ id: UUID, _ reason: String, in tx: borrowing Transaction) throws {
        try tx.send(
            "update do_not_call_files set state = 'failed', failure = $2 where id = $1::uuid and state = 'loading'",
            [.uuid(id), .text(String(reason.prefix(failureCharactersMax)))])
    }

    private static func fault(added: Int, removed: Int, wrong: Int) -> String? {
        if added + removed == 0 { return "No line of it has a number." }
        guard wrong * linesAWrongOne > added + removed + wrong else { return nil }
        return "\(wrong) lines of it have no number that is right, and \(added + removed) have one: it is no such file."
    }

    /// What it says holds no more; of a full file, nor what changes said on top of it.
    ///
    /// - Returns: whether it held.
    package static func withdraw(_ id: UUID, in tx: borrowing Transaction) throws -> Bool {
        guard try lockList(of: id, in: tx) != nil else { return false }
        return try tx.execute(
            """
            update do_not_call_files f set state = 'replaced'
            from do_not_call_files g
            where g.id = $1::uuid and g.state = 'whole' and f.tenant_id = g.tenant_id and f.list = g.list
                and f.state = 'whole' and (f.id = g.id or g.kind = 'full')
            """, [.uuid(id)]) > 0
    }

    // MARK: For the gate

    /// The lists that there are, and whether a number is on each. Of a list's files the last one that names it counts.
    package static func listings(
        of number: E164, in tx: borrowing Transaction
    ) throws -> [DialQuestion.Listing] {
        let rows = try tx.query(
            """
            select l.list, to_char(l.file_date, 'YYYY-MM-DD') as day, (now() at time zone 'utc')::date - l.file_date as days,
                coalesce((
                    select n.is_listed from do_not_call_files f
                    join do_not_call_numbers n on n.tenant_id = f.tenant_id and n.file_id = f.id and n.number = $1::bigint
                    where f.list = l.list and f.state = 'whole' order by f.imported_at desc limit 1), false) as is_listed
            from (select list, max(file_date) as file_date from do_not_call_files where state = 'whole' group by list) l
            order by l.list
            """, [.text(String(number.text.dropFirst()))])
        return try rows.map { row in
            DialQuestion.Listing(
                list: try row.text("list"), fileDays: try row.int("days"), isListed: try row.bool("is_listed"),
                fileDate: CalendarDay(try row.text("day")))
        }
    }
}
