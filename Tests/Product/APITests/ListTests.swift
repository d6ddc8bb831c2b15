import CallModel
import Database
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API
@testable import Endpoints

/// Every list of every resource there is, those included that come later.
@Suite struct ListTests {
    private static let rows = 40
    private static let limit = 7

    let stage: APIStage
    let seeder: RowSeeder

    init() async throws {
        stage = try await APIStage.make()
        seeder = RowSeeder(temporary: stage.temporary, tenant: .initial)
    }

    private var resources: [Resource] {
        stage.routes.endpoints.compactMap { endpoint in
            endpoint.lists.flatMap { $0.path == endpoint.template.text ? $0 : nil }
        }
    }

    @Test func `a list read to its end while rows come and go and share sort keys is complete and without doubles`()
        async throws
    {
        #expect(resources.count >= 6)
        for resource in resources {
            try await seeder.insert(into: resource.table, resource.columns, numbers: 0..<Self.rows)
            var number = Self.rows
            for sort in resource.columns where sort.traits.contains(.sort) {
                for direction in ["", "-"] { try await check(resource, sort, direction, &number) }
            }
        }
    }

    /// - Parameter number: of the next row that comes.
    private func check(
        _ resource: Resource, _ sort: Column, _ direction: String, _ number: inout Int
    ) async throws {
        let what = "\(resource.path) by \(direction)\(sort.name)"
        let way = direction == "-" ? "desc" : "asc"
        let before = try await stage.temporary.rows(
            """
            select id::text as id from \(resource.table) where tenant_id = $1
            order by \(sort.column) \(way) nulls last, id \(way)
            """, [.uuid(TenantID.initial.uuid)]
        ).map { try $0.text("id") }
        var seen: [String] = []
        var gone: Set<String> = []
        var cursor: String?
        var pages = 0
        repeat {
            let person = try await reader(of: resource)
            let query = "limit=\(Self.limit)&sort=\(direction)\(sort.name)" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try await stage.json(
                "GET", resource.path, query: query, as: person)
            seen += page.texts("id")
            cursor = page["next_cursor"]?.text
            pages += 1
            guard cursor != nil, pages < 100 else { break }
            // One that was seen goes, one that is to come goes, and two come.
            let unseen = before.filter { !seen.contains($0) && !gone.contains($0) }
            for id in [seen.last, unseen.last].compactMap(\.self) {
                gone.insert(id)
                try await remove(id, from: resource.table)
            }
            try await seeder.insert(into: resource.table, resource.columns, numbers: number..<(number + 2))
            number += 2
        } while true

        #expect(pages > 3 && cursor == nil, "\(what)")
        #expect(Set(seen).count == seen.count, "\(what): nothing is seen twice")
        #expect(Set(before.filter { !seen.contains($0) }).isSubset(of: gone), "\(what): what stayed was seen")
        let known = seen.filter(before.contains)
        #expect(known == before.filter(known.contains), "\(what): in their order")
    }

    /// Somebody new each time, but where rows are one user's: there is a limit a second.
    private func reader(of resource: Resource) async throws -> APIStage.Person {
        let person = APIStage.Person(role: .superAdmin)
        let principal = APIPrincipal(subject: person.subject, tenant: .initial, role: .superAdmin)
        guard resource.sight(principal) != nil, resource.columns.contains(where: { $0.column == "user_id" }) else {
            return person
        }
        let owner = try await stage.temporary.rows("select user_id::text as id from \(resource.table) limit 1")
        return APIStage.Person(subject: try owner.first?.text("id") ?? person.subject, role: .superAdmin)
    }

    /// Whatever hangs on it, and also where nothing is ever removed.
    private func remove(_ id: String, from table: String) async throws {
        try await stage.temporary.owner.unscoped { transaction in
            try transaction.execute("set local session_replication_role = replica")
            try transaction.execute("delete from \(table) where id = $1::uuid", [.text(id)])
        }
    }

    @Test func `every list is sorted by default as it says, takes its own filters and refuses what it has not`()
        async throws
    {
        for endpoint in stage.routes.endpoints {
            guard let resource = endpoint.lists, resource.path == endpoint.template.text else { continue }
            let asked = await stage.send("GET", resource.path, as: APIStage.Person(role: .superAdmin))
            #expect(asked.status == 200, "\(resource.path)")
            for filter in resource.filters {
                let value: String
                switch filter.field.schema {
                case .choice(let values): value = values.first ?? ""
                case .text(.uuid, _): value = UUID().uuidString
                case .text(.dateTime, _): value = "2026-01-01T00:00:00Z"
                case .text(.date, _): value = "2026-01-01"
                case .text(.phone, _): value = "%2B14155550100"
                case .text(.currency, _): value = "USD"
                case .text(.email, _): value = "a@b.test"
                case .integer(let range): value = "\(range?.lowerBound ?? 0)"
                case .number(let range): value = "\(Int(range?.lowerBound ?? 0))"
                case .boolean: value = "true"
                default: value = "x"
                }
                let query = "\(filter.field.name)=\(value)"
                let status = await stage.status(
                    "GET", resource.path, query: query, as: APIStage.Person(role: .superAdmin))
                #expect(status == 200, "\(resource.path)?\(query)")
            }
            let odd = await stage.status(
                "GET", resource.path, query: "offset=1", as: APIStage.Person(role: .superAdmin))
            #expect(odd == 400, "\(resource.path)")
        }
    }
}
