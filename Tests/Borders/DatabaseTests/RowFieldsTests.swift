import CallModel
import Database
import Foundation
import TestSupport
import Testing

@Suite struct RowFieldsTests {
    private static let fields = RowFields([
        ("id", .plain), ("title", .text), ("count", .number), ("price", .number), ("is_open", .truth), ("at", .time),
        ("day", .plain), ("document", .json), ("tags", .json),
    ])

    /// Rows whose JSON PostgreSQL builds as well.
    private static let rows = #"""
        select n as place, ('00000000-0000-4000-8000-00000000000' || n)::uuid as id, title, count, price, n % 2 = 0 as is_open,
            at::timestamptz as at, at::timestamptz::date as day, document::jsonb as document, tags
        from (values
            (1, 'plain', 7, 1.50, '2026-03-01 12:00:00+02', '{"a": [1, null]}', array['x', 'y"z']),
            (2, E'say "no"\\ \n\r\t\u0001 \u007f', -2147483648, -0.00, '1969-12-31 23:59:59.999999+00', '"\\u00e9"', '{}'),
            (3, 'Zoë 😀 日本', 0, 'NaN', 'infinity', 'null', null),
            (4, '', null, null, null, null, array['a,b', null]),
            (5, null, 1, 99999999999999999999.25, '12026-01-01 00:00:00+00', '[]', array['']),
            (6, '<script>&amp;', 2, 'Infinity', '0044-03-15 00:00:00+00 BC', '{}', array['{}'])
        ) given (n, title, count, price, at, document, tags)
        """#

    @Test func `rows are told as PostgreSQL tells them`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let list = "id, title, count, price, is_open, at, day, document"

        let (told, wanted) = try await temporary.database.transaction(tenant: .initial) { transaction in
            (
                try transaction.told(
                    "select \(list), array_to_json(tags), place, title from (\(Self.rows)) r order by place limit $1",
                    [.int(6)],
                    as: Self.fields, rowsMax: 6),
                try transaction.query(
                    """
                    select (select row_to_json(o) from (select \(list), tags) o)::text as body
                    from (\(Self.rows)) r order by place
                    """)
            )
        }

        #expect(told.count == 6 && wanted.count == 6)
        let body = String(decoding: told.json, as: UTF8.self)
        #expect(try body == wanted.map { try $0.text("body") }.joined(separator: ","))
        #expect(try told.last?.int("place") == 6 && told.last?.text("title") == "<script>&amp;")
    }

    @Test func `rows behind the last that is wanted are counted, and none makes nothing`() async throws {
        let temporary = try await TemporaryDatabase.make()
        func told(_ rowsMax: Int, where rule: String) async throws -> ToldRows {
            try await temporary.database.transaction(tenant: .initial) { transaction in
                // What goes before in the same round trip is told nowhere.
                try transaction.send("select 1 as one")
                return try transaction.told(
                    "select n, n from generate_series(1, 5) n where \(rule)", [], as: RowFields([("n", .number)]),
                    rowsMax: rowsMax)
            }
        }

        let two = try await told(2, where: "true")
        #expect(String(decoding: two.json, as: UTF8.self) == #"{"n":1},{"n":2}"# && two.count == 5)
        #expect(try two.last?.int("n") == 2)
        let none = try await told(2, where: "false")
        #expect(none.json.isEmpty && none.count == 0 && none.last == nil)
        let failure = await #expect(throws: DatabaseError.self) { try await told(2, where: "n / 0 = 1") }
        #expect(failure?.sqlState == "22012")
    }
}
