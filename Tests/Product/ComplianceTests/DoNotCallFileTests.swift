import CallModel
import Database
import Foundation
import TestSupport
import Testing

@testable import Compliance

/// Files of do-not-call lists over a real database: what holds of them, and from when on.
@Suite struct DoNotCallFileTests {
    private struct Shelf {
        let store: StoreFixture

        /// The list as of so many days ago.
        func bring(
            _ text: String, _ kind: DoNotCallReader.Kind = .full, list: String = "us-national", daysOld: Int = 3,
            country: String? = nil, mayShrink: Bool = false
        ) async throws -> (id: UUID, isWhole: Bool) {
            let order = try await order(
                text, kind, list: list, daysOld: daysOld, country: country, mayShrink: mayShrink)
            return try await store.database.transaction(tenant: .initial) { try DoNotCallFile.begin(order, in: $0) }
        }

        func order(
            _ text: String, _ kind: DoNotCallReader.Kind = .full, list: String = "us-national", daysOld: Int = 3,
            country: String? = nil, mayShrink: Bool = false
        ) async throws -> DoNotCallFile.Order {
            let day = try await store.row(
                "select to_char((now() at time zone 'utc')::date - $1::integer, 'YYYY-MM-DD') as day", [.int(daysOld)])
            return DoNotCallFile.Order(
                list: try #require(DoNotCallList(list)), kind: kind, date: try #require(CalendarDay(day.text("day"))),
                name: nil, country: country, sha256: "\(text.utf8.reduce(5_381) { $0 &* 33 &+ Int($1) })",
                bytes: text.utf8.count, mayShrink: mayShrink, userID: nil)
        }

        func load(_ id: UUID, _ text: String, blockBytes: Int = 64) async throws -> DoNotCallLoad.Ending {
            let bytes = Array(text.utf8)
            return try await DoNotCallLoad(store.database, .initial, blockBytes: blockBytes).run(
                id, { Array(bytes[$0..<min($0 + $1, bytes.count)]) })
        }

        @discardableResult
        func take(
            _ text: String, _ kind: DoNotCallReader.Kind = .full, list: String = "us-national", daysOld: Int = 3,
            mayShrink: Bool = false
        ) async throws -> DoNotCallLoad.Ending {
            try await load(try await bring(text, kind, list: list, daysOld: daysOld, mayShrink: mayShrink).id, text)
        }

        /// The lists that have it.
        func lists(with number: String, tenant: TenantID = .initial) async throws -> [String] {
            try await listings(number, tenant: tenant).filter(\.isListed).map(\.list)
        }

        func listings(_ number: String, tenant: TenantID = .initial) async throws -> [DialQuestion.Listing] {
            let number = try #require(E164(number))
            return try await store.database.transaction(tenant: tenant) {
                try DoNotCallFile.listings(of: number, in: $0)
            }
        }
    }

    private func shelf() async throws -> Shelf { Shelf(store: try await StoreFixture.make()) }

    private static func numbers(_ range: Range<Int>) -> String {
        range.map { "202,\(5_550_000 + $0)\n" }.joined()
    }

    @Test func `a full file holds as a whole, and the next one instead of it`() async throws {
        let shelf = try await shelf()

        #expect(try await shelf.take(Self.numbers(0..<40), daysOld: 9) == .whole)
        #expect(try await shelf.lists(with: "+12025550039") == ["us-national"])
        #expect(try await shelf.listings("+12025550040").map(\.fileDays) == [9])
        #expect(try await shelf.take(Self.numbers(1..<40), daysOld: 2) == .whole)

        #expect(try await shelf.lists(with: "+12025550000") == [])
        let listing = try #require(try await shelf.listings("+12025550001").first)
        #expect(listing.isListed && listing.fileDays == 2 && listing.fileDate != nil)
        _ = try await DoNotCallLoad(shelf.store.database, .initial).clear()
        #expect(try await shelf.store.count("do_not_call_numbers") == 39)
    }

    @Test func `changes hold on top of a full file, in the order in which they came, and a full file ends them`()
        async throws
    {
        let shelf = try await shelf()
        try await shelf.take(Self.numbers(0..<20), daysOld: 9)

        #expect(try await shelf.take("202,5550000,D\n202,5550100,A\n", .change, daysOld: 8) == .whole)
        #expect(try await shelf.lists(with: "+12025550000") == [])
        #expect(try await shelf.lists(with: "+12025550100") == ["us-national"])
        #expect(try await shelf.listings("+12025550100").map(\.fileDays) == [8])
        #expect(try await shelf.take("202,5550000,A\n202,5550100,D\n", .change, daysOld: 7) == .whole)
        #expect(try await shelf.lists(with: "+12025550000") == ["us-national"])
        #expect(try await shelf.lists(with: "+12025550100") == [])
        #expect(try await shelf.take(Self.numbers(1..<20), daysOld: 6) == .whole)
        #expect(try await shelf.lists(with: "+12025550000") == [])
    }

    @Test func `what is older than what holds, to come, or a change of nothing is not taken`() async throws {
        let shelf = try await shelf()
        await #expect(throws: DoNotCallFile.Refused.self) { try await shelf.take("2025550100,A", .change) }
        await #expect(throws: DoNotCallFile.Refused.self) { try await shelf.take("2025550100", daysOld: -3) }
        try await shelf.take(Self.numbers(0..<3), daysOld: 3)

        await #expect(throws: DoNotCallFile.Refused.self) { try await shelf.take(Self.numbers(0..<4), daysOld: 4) }
        #expect(try await shelf.take(Self.numbers(0..<4), daysOld: 3) == .whole)
    }

    @Test func `the same file again is the same file`() async throws {
        let shelf = try await shelf()
        let text = Self.numbers(0..<9)
        let first = try await shelf.bring(text)
        #expect(try await shelf.load(first.id, text) == .whole)

        let again = try await shelf.bring(text)

        #expect(again.id == first.id && again.isWhole)
        #expect(try await shelf.load(again.id, text) == .overtaken)
        #expect(try await shelf.store.count("do_not_call_numbers") == 9)
    }

    @Test(arguments: [
        "<html><body>404 Not Found</body></html>\n", "name,phone\nnobody,nowhere\n", "\u{0}\u{0}\u{0}\n",
        "202,5550000\nx\ny\nz\n",
    ])
    func `a file that is none leaves the list as it was`(_ text: String) async throws {
        let shelf = try await shelf()
        try await shelf.take(Self.numbers(0..<2))

        let ending = try await shelf.take(text)

        guard case .failed = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(try await shelf.lists(with: "+12025550001") == ["us-national"])
    }

    @Test func `a full file that was cut short is not taken for the whole list, unless it is said to be`() async throws
    {
        let shelf = try await shelf()
        try await shelf.take(Self.numbers(0..<100))

        guard case .failed(let reason) = try await shelf.take(Self.numbers(0..<40), daysOld: 2) else {
            Issue.record("it was taken")
            return
        }
        #expect(reason.contains("40") && reason.contains("100"))
        #expect(try await shelf.lists(with: "+12025550099") == ["us-national"])
        #expect(try await shelf.take(Self.numbers(0..<40), daysOld: 2, mayShrink: true) == .whole)
        #expect(try await shelf.lists(with: "+12025550099") == [])
    }

    @Test func `lines that are wrong are counted and listed by number, and the others hold`() async throws {
        let shelf = try await shelf()

        #expect(try await shelf.take(Self.numbers(0..<60) + "nobody\n" + Self.numbers(60..<99)) == .whole)

        let row = try await shelf.store.row(
            "select added_count, wrong_count, mistakes::text as told from do_not_call_files")
        #expect(try row.int("added_count") == 99 && row.int("wrong_count") == 1)
        #expect(try row.text("told").contains(#""line": 61"#))
    }

    @Test func `who was killed goes on behind the last block, and another who is at it is overtaken`() async throws {
        struct Killed: Error {}
        let shelf = try await shelf()
        let text = Self.numbers(0..<200)
        let bytes = Array(text.utf8)
        let (id, _) = try await shelf.bring(text)
        let load = DoNotCallLoad(shelf.store.database, .initial, blockBytes: 256)

        let ending = try await load.run(id, { Array(bytes[$0..<min($0 + $1, bytes.count)]) }, until: .now)
        #expect(ending == .interrupted)
        #expect(try await shelf.lists(with: "+12025550000") == [])
        let row = try await shelf.store.row("select done_bytes, added_count from do_not_call_files")
        #expect(try (1..<30).contains(row.int("added_count")))
        // A second process has done a block meanwhile.
        let other = try await load.run(
            id,
            { offset, count in
                offset == (try? row.int("done_bytes")) ? Array(bytes[offset..<min(offset + count, bytes.count)]) : nil
            }, until: .now)
        #expect(other == .interrupted)

        #expect(try await shelf.load(id, text) == .whole)
        #expect(try await shelf.store.count("do_not_call_numbers") == 200)
        #expect(
            try await shelf.store.row("select added_count, done_lines from do_not_call_files").int("done_lines") == 200)
    }

    @Test func `brought again while it goes in, a file may shrink the list by the last word on that`() async throws {
        let shelf = try await shelf()
        try await shelf.take(Self.numbers(0..<100))
        let text = Self.numbers(0..<40)
        let first = try await shelf.bring(text, daysOld: 2)

        let again = try await shelf.bring(text, daysOld: 2, mayShrink: true)

        #expect(again.id == first.id && !again.isWhole)
        #expect(try await shelf.load(again.id, text) == .whole)
    }

    @Test func `read as another country's, the same bytes are another file`() async throws {
        let shelf = try await shelf()
        let text = "9812300001\n"
        let first = try await shelf.bring(text, list: "internal", country: "US")

        let second = try await shelf.bring(text, list: "internal", country: "IN")

        #expect(first.id != second.id)
        #expect(try await shelf.load(first.id, text) == .overtaken)
        #expect(try await shelf.load(second.id, text) == .whole)
        #expect(try await shelf.lists(with: "+919812300001") == ["internal"])
        #expect(try await shelf.bring(text, list: "internal", country: "IN").isWhole)
    }

    @Test func `another file of the list ends the one that is not done`() async throws {
        let shelf = try await shelf()
        let (first, second) = (Self.numbers(0..<30), Self.numbers(0..<31))
        let (id, _) = try await shelf.bring(first)
        let (other, _) = try await shelf.bring(second)

        #expect(try await shelf.load(id, first) == .overtaken)
        #expect(try await shelf.load(other, second) == .whole)
    }

    @Test func `a file that is withdrawn holds nothing, nor what changed it, and other tenants have none of it`()
        async throws
    {
        let shelf = try await shelf()
        let text = Self.numbers(0..<10)
        let (id, _) = try await shelf.bring(text, list: "us-tx", daysOld: 9)
        _ = try await shelf.load(id, text)
        try await shelf.take("2025550100,A\n", .change, list: "us-tx")
        try await shelf.take("+12025550100\n", list: "internal")
        #expect(try await shelf.lists(with: "+12025550100") == ["internal", "us-tx"])
        #expect(try await shelf.listings("+12025550100", tenant: TenantID(UUID())).isEmpty)

        let isWithdrawn = try await shelf.store.database.transaction(tenant: .initial) {
            try DoNotCallFile.withdraw(id, in: $0)
        }

        #expect(isWithdrawn)
        #expect(try await shelf.lists(with: "+12025550100") == ["internal"])
        #expect(try await shelf.listings("+12025550100").map(\.list) == ["internal"])
    }
}
