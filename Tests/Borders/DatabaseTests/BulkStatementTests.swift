import CallModel
import FoundationEssentials
import TestSupport
import Testing

@testable import Database

@Suite struct BulkStatementTests {
    private let insert = BulkStatement<Contact>(insert: [.phone, .notes, .doNotContact])

    @Test func `a row that lacks a column, has a strange one or one twice is named and never sent`() throws {
        let rows: [(row: BulkRow<Contact>, problem: String?)] = [
            ([.phone: "+1", .notes: nil, .doNotContact: true], nil),
            ([.doNotContact: true, .notes: nil, .phone: "+1"], nil),
            ([.phone: "+1", .doNotContact: true], "lacks notes"),
            ([:], "lacks phone, notes, do_not_contact"),
            (
                [.phone: "+1", .notes: nil, .doNotContact: true, .customFields: .json("{}")],
                "has custom_fields, which the statement does not take"
            ),
            ([.phone: "+1", .notes: "a", .notes: "b"], "lacks do_not_contact; has notes twice"),
        ]

        for (row, problem) in rows {
            #expect(insert.problem(with: row) == problem)
            // Before and after a row that is right.
            for order in [[row, rows[0].row], [rows[0].row, row]] {
                let query = BulkRows(insert, order).query
                #expect(query.problem == problem && !query.isEmpty)
                do throws(DatabaseError) {
                    _ = try query.parameters()
                    #expect(problem == nil)
                } catch {
                    #expect(error == .unfitRow(table: "contacts", problem: problem ?? "nothing"))
                }
            }
        }
    }

    @Test func `what a row must have follows from what the statement says`() {
        let update = BulkStatement<Contact>(
            update: .id,
            set: [.notes: .givenOrKept, .customFields: .merged, .doNotContact: "t.\(.doNotContact) or true"],
            where: "t.\(.phone) = \(given: .phone)")
        let read = BulkStatement<Contact>(
            "select \([.id, .notes], of: "c") from contacts c where c.\(.id) = any(\(all: .id))")

        #expect(update.columns == [.id, .notes, .customFields, .phone])
        #expect(
            update.text == """
                with given (id, notes, custom_fields, phone) as (select * from unnest($1::uuid[], $2::text[], \
                $3::jsonb[], $4::text[])) update contacts t set notes = coalesce(g.notes, t.notes), \
                custom_fields = t.custom_fields || g.custom_fields, do_not_contact = t.do_not_contact or true \
                from given g where t.id = g.id and t.id = any($1::uuid[]) and t.phone = g.phone
                """)
        #expect(read.columns == [.id])
        #expect(read.text == "select c.id, c.notes from contacts c where c.id = any($1::uuid[])")
    }

    @Test func `rows are written by name, in whatever order they name their columns`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let update = BulkStatement<Contact>(
            update: .id, set: [.notes: .givenOrKept, .customFields: .merged])
        let (one, two) = (UUID(), UUID())

        try await temporary.database.transaction(tenant: .initial) { tx in
            try tx.send(
                BulkStatement<Contact>(insert: [.id, .phone, .notes, .tags]),
                [
                    [.id: .uuid(one), .phone: "+14155550101", .notes: "first", .tags: .textArray(["a", "b, {c}"])],
                    [.tags: .textArray([]), .notes: nil, .id: .uuid(two), .phone: "+14155550102"],
                ])
            try tx.send(
                update,
                [
                    [.id: .uuid(one), .notes: nil, .customFields: .json(#"{"x": 1}"#)],
                    [.customFields: .json("{}"), .notes: "second", .id: .uuid(two)],
                ])
        }

        struct View: Decodable, Equatable {
            var phone: String
            var notes: String?
            var tags: [String]
            var customFields: String
        }
        let rows = try await temporary.rows("select * from contacts order by phone").map { try $0.decode(View.self) }
        #expect(
            rows == [
                View(phone: "+14155550101", notes: "first", tags: ["a", "b, {c}"], customFields: #"{"x": 1}"#),
                View(phone: "+14155550102", notes: "second", tags: [], customFields: "{}"),
            ])
    }
}

@Suite struct RowDecodingTests {
    private enum Level: String, Decodable { case low, high }
    private struct View: Decodable, Equatable {
        var leadID: UUID
        var level: Level?
        var count: Int
        var share: Double?
        var isFinal: Bool
        var startsAt: Date?
        var words: [String]
    }

    private func row(_ values: [String: String?]) -> Row {
        let names = values.keys.sorted()
        return Row(
            columns: Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) }),
            values: names.map { values[$0] ?? nil })
    }

    private let full: [String: String?] = [
        "lead_id": "7b3c7b3c-0000-4000-8000-000000000001", "level": "high", "count": "7", "share": "0.5",
        "is_final": "t", "starts_at": "2026-11-21 08:03:04+00", "words": "{a,\"b c\"}", "another": "x",
    ]

    @Test func `a view is read by the names of its fields, nulls as nil`() throws {
        let empty = full.merging(["level": nil, "share": nil, "starts_at": nil]) { $1 }

        #expect(
            try row(full).decode(View.self)
                == View(
                    leadID: UUID(uuidString: "7b3c7b3c-0000-4000-8000-000000000001") ?? UUID(), level: .high, count: 7,
                    share: 0.5, isFinal: true, startsAt: Date(timeIntervalSince1970: 1_795_248_184),
                    words: ["a", "b c"]
                ))
        let sparse = try row(empty).decode(View.self)
        #expect(sparse.level == nil && sparse.share == nil && sparse.startsAt == nil)
    }

    @Test(arguments: [
        ("count", nil as String?), ("count", "many"), ("lead_id", "x"), ("level", "secret words"), ("words", nil),
        ("is_final", "maybe"),
    ])
    func `a column that is null or something else is named, and what it holds is not told`(
        column: String, value: String?
    ) {
        let error = #expect(throws: DatabaseError.self) {
            try row(full.merging([column: value]) { $1 }).decode(View.self)
        }

        guard case .unexpectedValue(column, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(value.map { "\(String(describing: error))".contains("'\($0)'") } != true)
    }

    @Test(arguments: ["lead_id", "level", "count", "share", "is_final", "starts_at", "words"])
    func `a column that is not in the answer is no null`(column: String) {
        var values = full
        values[column] = nil as String??

        let error = #expect(throws: DatabaseError.self) { try row(values).decode(View.self) }

        guard case .unexpectedValue(column, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
