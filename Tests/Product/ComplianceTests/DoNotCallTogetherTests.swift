import CallModel
import Database
import Foundation
import TestSupport
import Testing

@testable import Compliance

/// Two at one do-not-call list at once.
@Suite struct DoNotCallTogetherTests {
    private let store: StoreFixture

    init() async throws { store = try await StoreFixture.make() }

    private static func numbers(_ count: Int) -> String { (0..<count).map { "202,\(5_550_000 + $0)\n" }.joined() }

    private func order(_ name: String, bytes: Int = 0) async throws -> DoNotCallFile.Order {
        let day = try await store.row("select to_char((now() at time zone 'utc')::date - 3, 'YYYY-MM-DD') as day")
        return DoNotCallFile.Order(
            list: try #require(DoNotCallList("us-national")), kind: .full,
            date: try #require(CalendarDay(day.text("day"))),
            name: nil, country: nil, sha256: name, bytes: bytes, mayShrink: true, userID: nil)
    }

    private func begin(_ order: DoNotCallFile.Order) async throws -> UUID {
        try await store.database.transaction(tenant: .initial) { try DoNotCallFile.begin(order, in: $0).id }
    }

    private func whole(_ name: String, _ text: String) async throws -> UUID {
        let (id, bytes) = (try await begin(try await order(name, bytes: text.utf8.count)), Array(text.utf8))
        let ending = try await DoNotCallLoad(store.database, .initial).run(id, { Array(bytes[$0..<($0 + $1)]) })
        #expect(ending == .whole)
        return id
    }

    /// Begins a file, and commits that when another transaction waits for the list.
    private func beginUntilAwaited(_ order: DoNotCallFile.Order, _ isLocked: AsyncStream<Void>.Continuation)
        async throws
    {
        try await store.database.transaction(tenant: .initial, timeoutMs: 60_000) { tx in
            _ = try DoNotCallFile.begin(order, in: tx)
            isLocked.finish()
            for _ in 0..<1_000 {
                let waiting = try tx.query(
                    """
                    select exists (
                        select from pg_locks where locktype = 'advisory' and not granted
                            and database = (select oid from pg_database where datname = current_database())) as is_awaited
                    from pg_sleep(0.01)
                    """)
                if try waiting.first?.bool("is_awaited") == true { return }
            }
            Issue.record("nobody waits for the list")
        }
    }

    @Test func `a file that another one ends while it waits for the list ends none itself`() async throws {
        _ = try await whole("first", Self.numbers(9))
        let text = Array(Self.numbers(8).utf8)
        let second = try await begin(try await order("second", bytes: text.count))
        let load = DoNotCallLoad(store.database, .initial, blockBytes: text.count / 2)
        #expect(try await load.run(second, { Array(text[$0..<($0 + $1)]) }, until: .now) == .interrupted)
        let third = try await order("third")
        let (locked, isLocked) = AsyncStream<Void>.makeStream()

        async let other: Void = beginUntilAwaited(third, isLocked)
        for await _ in locked {}
        let ending = try await store.database.transaction(tenant: .initial, timeoutMs: 60_000) {
            try DoNotCallFile.finish(second, in: $0)
        }
        try await other

        #expect(ending == .overtaken)
        let states = try await store.rows("select digest, state from do_not_call_files order by created_at")
        #expect(try states.map { try $0.text("state") } == ["whole", "failed", "loading"])
    }

    @Test func `who withdraws a file waits for who changes the list`() async throws {
        let first = try await whole("first", Self.numbers(9))
        let second = try await order("second")
        let (locked, isLocked) = AsyncStream<Void>.makeStream()

        async let other: Void = beginUntilAwaited(second, isLocked)
        for await _ in locked {}
        let isWithdrawn = try await store.database.transaction(tenant: .initial, timeoutMs: 60_000) {
            try DoNotCallFile.withdraw(first, in: $0)
        }
        try await other

        #expect(isWithdrawn)
    }

    @Test func `two that clear at once leave nothing`() async throws {
        let id = try await whole("first", Self.numbers(1))
        _ = try await store.rows(
            """
            insert into do_not_call_numbers (tenant_id, file_id, number)
            select app.tenant_id(), $1::uuid, 13000000000 + n from generate_series(1, 60000) n
            """, [.uuid(id)])
        _ = try await store.database.transaction(tenant: .initial) { try DoNotCallFile.withdraw(id, in: $0) }
        let load = DoNotCallLoad(store.database, .initial)

        async let one = load.clear()
        async let another = load.clear()
        _ = try await (one, another)

        #expect(try await store.count("do_not_call_numbers") == 0)
        #expect(try await store.rows("select from do_not_call_files where has_numbers").isEmpty)
    }
}
