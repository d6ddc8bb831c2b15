import CallModel
import Database
import FoundationEssentials
import TestSupport
import Testing

@Suite struct ValueTests {
    @Test func `hostile text comes back as it went in`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let hostile = [
            "'; drop table contacts; --", "$1 $2 :x ? %s %n", "\\'\\\\\"\\n\n\r\t\u{1B}[31m", "", " ", "NULL", "null",
            "{a,b}", "👩‍👩‍👧‍👦 ́e \u{202E}txet", "\u{FEFF}\u{FFFD}\u{10FFFF}", String(repeating: "ä", count: 200_000),
        ]

        let back = try await temporary.database.transaction(tenant: .initial) { transaction in
            for (index, text) in hostile.enumerated() {
                try transaction.execute(
                    "insert into tasks (tenant_id, title, description) values (app.tenant_id(), $1, $2)",
                    [.text(String(index)), .text(text)])
            }
            return try transaction.query("select description from tasks order by title::int")
                .map { try $0.text("description") }
        }

        #expect(back == hostile)
        #expect(try await temporary.rows("select from tasks").count == hostile.count)
    }

    @Test func `a NUL, which no column can hold, becomes a replacement character`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let json = #"{"a": "x\u0000y", "b": "x\\u0000y", "c": "\\\u0000"}"#

        let row = try await temporary.rows(
            "select $1::text as text, $2::jsonb ->> 'a' as a, $2::jsonb ->> 'b' as b, $2::jsonb ->> 'c' as c,"
                + " $3::text[] as list", ["x\0y", .json(json), .textArray(["\0"])]
        ).first

        #expect(try row?.text("text") == "x\u{FFFD}y")
        #expect(try row?.text("a") == "x\u{FFFD}y")
        #expect(try row?.text("b") == #"x\u0000y"#)
        #expect(try row?.text("c") == "\\\u{FFFD}")
        #expect(try row?.textArray("list") == ["\u{FFFD}"])
    }

    @Test func `every type comes back as it went in`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let id = UUID()

        let row = try await temporary.rows(
            "select $1::bigint as a, $2::bigint as b, $3::float8 as c, $4::numeric as d, $5::boolean as e,"
                + " $6::uuid as f, $7::text[] as g, $8::text as h",
            [.int(.max), .int(.min), .double(0.1 + 0.2), 25_000.5, true, .uuid(id), .textArray(arrays), nil]
        ).first

        #expect(try row?.int("a") == .max)
        #expect(try row?.int("b") == .min)
        #expect(try row?.double("c") == 0.1 + 0.2)
        #expect(try row?.double("d") == 25_000.5)
        #expect(try row?.bool("e") == true)
        #expect(try row?.uuid("f") == id)
        #expect(try row?.textArray("g") == arrays)
        #expect(try row?.textOrNil("h") == nil)
    }

    private let arrays = ["", "a", "null", "NULL", "a,b", "{", "}", "\"", "\\", "a b", " lead", "ü\n", "'"]

    @Test func `timestamps keep their microseconds, before and after 1970 and over leap days`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let moments: [(Double, String)] = [
            (0, "1970-01-01 00:00:00+00"), (-0.000_001, "1969-12-31 23:59:59.999999+00"),
            (1_795_248_184.123_457, "2026-11-21 08:03:04.123457+00"), (951_782_400, "2000-02-29 00:00:00+00"),
            (4_107_542_399.5, "2100-02-28 23:59:59.5+00"), (-62_135_596_800, "0001-01-01 00:00:00+00"),
            (253_402_300_799, "9999-12-31 23:59:59+00"),
        ]

        for (seconds, text) in moments {
            let row = try await temporary.database.unscoped { transaction in
                try transaction.query(
                    "select $1::timestamptz as at, $1::timestamptz::text as text",
                    [.timestamp(Date(timeIntervalSince1970: seconds))]
                ).first
            }
            #expect(try row?.text("text") == text)
            let back = try row?.timestamp("at").timeIntervalSince1970 ?? .nan
            #expect(abs(back - seconds) < 0.000_001, "\(text)")
        }
    }

    @Test func `many rows of every type say in the server what one value of it says`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let every = BulkStatement<EveryType>(
            """
            select \(given: .text)::text as a, \(given: .uuid)::text as b, \(given: .integer)::text as c,
                \(given: .bigint)::text as d, \(given: .boolean)::text as e, \(given: .double)::text as f,
                \(given: .timestamptz)::text as g, \(given: .jsonb)::text as h
            from given g
            """)
        let one =
            "select $1::text as a, $2::uuid::text as b, $3::integer::text as c, $4::bigint::text as d,"
            + " $5::boolean::text as e, $6::float8::text as f, $7::timestamptz::text as g, $8::jsonb::text as h"
        let at = Date(timeIntervalSince1970: 1_795_248_184.123_457)
        let rows: [[SQLValue]] = [
            [
                .text("ü \0 {\"\\}"), .uuid(UUID()), 7, .int(.max), true, .double(0.1 + 0.2), .timestamp(at),
                .json("{}"),
            ],
            Array(repeating: .null, count: 8),
            [
                .text(""), .uuid(UUID()), .int(Int(Int32.min)), .int(.min), false, .double(-.infinity),
                .timestamp(Date(timeIntervalSince1970: -62_135_596_800)), .json(#"{"a": ["\u0000", 1.50, null]}"#),
            ],
            [
                .text("a"), .uuid(UUID()), 0, 0, false, .double(.nan), .timestamp(Date(timeIntervalSince1970: -0.5)),
                .json(#""text""#),
            ],
        ]

        let (many, each) = try await temporary.database.transaction(tenant: .initial) { transaction in
            func texts(_ row: Row) throws -> [String?] {
                try ["a", "b", "c", "d", "e", "f", "g", "h"].map { try row.textOrNil($0) }
            }
            let named = rows.map { row -> BulkRow<EveryType> in
                [
                    .text: row[0], .uuid: row[1], .integer: row[2], .bigint: row[3], .boolean: row[4], .double: row[5],
                    .timestamptz: row[6], .jsonb: row[7],
                ]
            }
            let many = try transaction.queries([BulkRows(every, named).query, BulkRows(every).query])
            let each = try transaction.queries(rows.map { (one, $0) })
            return (try many.map { try $0.map(texts) }, try each.flatMap { try $0.map(texts) })
        }

        #expect(many == [each, []])
    }

    @Test(arguments: [
        (SQLValue.int(3_000_000_000), "22003"), (.text("seven"), "22P02"), (.text("7"), ""), (.double(0.5), "22P02"),
    ])
    func `a value among many that is not of its column's type is the server's to judge`(
        value: SQLValue, sqlState: String
    ) async throws {
        let temporary = try await TemporaryDatabase.make()
        let numbers = BulkStatement<EveryType>("select sum(\(given: .integer)) as n from given g")
        let query: @Sendable (borrowing Transaction) throws -> Int? = { transaction in
            try transaction.query(numbers, [[.integer: 1], [.integer: value], [.integer: 2]]).first?.int("n")
        }

        do {
            #expect(try await temporary.database.unscoped(query) == 10)
            #expect(sqlState == "")
        } catch let error as DatabaseError {
            #expect(error.sqlState == sqlState)
        }
    }

    @Test func `a column that is missing, null or of another type is an error that names it`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let row = try #require(
            try await temporary.rows("select null::int as nothing, 'soon' as word, 'infinity'::timestamptz as never")
                .first)

        #expect(throws: DatabaseError.unexpectedValue(column: "gone", expected: "column of this name")) {
            try row.textOrNil("gone")
        }
        #expect(throws: DatabaseError.unexpectedValue(column: "nothing", expected: "integer")) {
            try row.int("nothing")
        }
        #expect(throws: DatabaseError.unexpectedValue(column: "word", expected: "integer")) { try row.intOrNil("word") }
        #expect(throws: DatabaseError.unexpectedValue(column: "word", expected: "boolean")) { try row.bool("word") }
        #expect(throws: DatabaseError.unexpectedValue(column: "word", expected: "uuid")) { try row.uuid("word") }
        #expect(throws: DatabaseError.unexpectedValue(column: "never", expected: "timestamp")) {
            try row.timestamp("never")
        }
    }

    @Test(arguments: [
        "2026-11-21T08:03:04+00", "2026-13-01 00:00:00+00", "2026-11-21 08:03:04", "2026-11-21 08:03:04+01",
        "2026-11-21 08:03:04.+00", "2026-11-21 08:03:04+00 BC", "-infinity", "", "2026-11", "99999999-01-01",
    ])
    func `text that is no timestamp in our notation is not taken for one`(text: String) {
        #expect(SQLTimestamp.date(text) == nil)
    }
}
