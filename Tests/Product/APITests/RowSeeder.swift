import CallModel
import Database
import Foundation
import TestSupport

@testable import Endpoints

/// Puts rows into any table by what the database says of its columns, and a ``Resource`` of theirs.
struct RowSeeder: Sendable {
    let temporary: TemporaryDatabase
    let tenant: TenantID

    /// Tables whose rows have to be about somebody, in whatever column.
    private static let aboutSomebody: Set<String> = ["consents"]

    private struct Place: Sendable {
        var name: String
        var type: String
        var isNeeded: Bool
        /// The table whose row it names.
        var target: String?
        var isUnique: Bool
        var isNotNull: Bool
    }

    private func places(of table: String) async throws -> [Place] {
        try await temporary.rows(
            """
            select a.attname as name, t.typname as type,
                a.attnotnull as not_null, a.attnotnull and not a.atthasdef and a.attname <> 'tenant_id' as needed,
                (select c.confrelid::regclass::text from pg_constraint c
                    where c.conrelid = a.attrelid and c.contype = 'f' and a.attnum = any(c.conkey)
                        and a.attname <> 'tenant_id' limit 1) as target,
                a.attnotnull and exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique
                    and a.attnum = any(i.indkey) and a.attname <> 'tenant_id') as is_unique
            from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            order by a.attnum
            """, [.text(table)]
        ).map { row in
            Place(
                name: try row.text("name"), type: try row.text("type"), isNeeded: try row.bool("needed"),
                target: try row.textOrNil("target"), isUnique: try row.bool("is_unique"),
                isNotNull: try row.bool("not_null"))
        }
    }

    /// A row that can be pointed at: one that is there, or a new one.
    private func target(_ table: String) async throws -> String {
        let known = try await temporary.rows(
            "select id::text as id from \(table) where tenant_id = $1 limit 1", [.uuid(tenant.uuid)])
        if let id = try known.first?.text("id") { return id }
        return try await insert(into: table, [], number: 1)
    }

    /// Inserts rows with the numbers given, whose values in sorted columns are the same for some, and missing for a
    /// third where they may be.
    func insert(into table: String, _ columns: [Column], numbers: Range<Int>) async throws {
        for number in numbers { _ = try await insert(into: table, columns, number: number) }
    }

    @discardableResult
    func insert(into table: String, _ columns: [Column], number: Int) async throws -> String {
        var names: [String] = ["tenant_id"]
        var values: [String] = ["'\(tenant.uuid)'"]
        for (index, place) in try await places(of: table).enumerated() {
            let column = columns.first { $0.column == place.name }
            let isSorted = column?.traits.contains(.sort) == true && place.name != "id"
            let isAbout = place.name == "contact_id" && Self.aboutSomebody.contains(table)
            guard place.isNeeded || isSorted || isAbout || place.isUnique && place.name != "id" else { continue }
            names.append(place.name)
            if let target = place.target {
                values.append("'\(try await self.target(target))'")
            } else if isSorted, column?.isNullable == true, !place.isNotNull, number % 3 == 0 {
                values.append("null")
            } else {
                let shared = place.isUnique ? number : isSorted ? number % 40 / 4 : number % 40
                values.append(value(place, column, number: shared, at: index))
            }
        }
        let rows = try await temporary.rows(
            "insert into \(table) (\(names.joined(separator: ", "))) values (\(values.joined(separator: ", ")))"
                + " returning id::text as id")
        return try rows.first?.text("id") ?? ""
    }

    private func value(_ place: Place, _ column: Column?, number: Int, at index: Int) -> String {
        switch column?.schema {
        case .choice(let choices): return "'\(choices.first ?? "")'"
        case .text(.phone, _): return "'+1415555\(1_000 + number)'"
        case .text(.email, _): return "'user\(number)@x.test'"
        case .text(.currency, _): return "'USD'"
        case .text(.uri, _): return "'https://x.test/\(number)'"
        case .integer(let range): return "\((range?.lowerBound ?? 0) + number)"
        case .number(let range): return "\((range?.lowerBound ?? 0) + Double(number))"
        default: break
        }
        switch place.type {
        case "uuid": return "gen_random_uuid()"
        case "bool": return "false"
        case "int2", "int4", "int8", "numeric", "float8": return "\(number)"
        case "jsonb": return "'{}'"
        case "_text": return "'{}'"
        case "date": return "date '2026-01-01' + \(number)"
        // Each column an hour after the one before: what ends ends after it has begun.
        case "timestamptz":
            return "timestamptz '2026-01-01' + \(index) * interval '1 hour' + \(number) * interval '1 microsecond'"
        // The name of a do-not-call list as well.
        default: return "'us-row-\(number)'"
        }
    }
}
