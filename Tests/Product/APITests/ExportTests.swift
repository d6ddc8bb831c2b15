import Encoding
import Endpoints
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Contacts as a file, and back.
@Suite struct ExportTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    private func export(_ query: String = "") async -> String? {
        await APIStage.whole(
            await stage.send("GET", "/api/v1/contacts/export", query: query, as: APIStage.importer()))
    }

    @Test func `an export is no formula to anybody, and an import of it has the same contacts`() async throws {
        _ = try await stage.json(
            "POST", "/api/v1/contacts", as: APIStage.importer(),
            ["contact_name": "=cmd()", "business_name": "A \"B\", C", "phone": "+14155550101", "tags": ["x", "y"]],
            is: 201)
        _ = try await stage.json(
            "POST", "/api/v1/contacts", as: APIStage.importer(), ["contact_name": "@Bob", "notes": "-1\n+2"], is: 201)
        let file = try #require(await export())

        #expect(file.contains(",\"A \"\"B\"\", C\",'=cmd(),,,\"+14155550101\",") == true)
        #expect(file.contains(",'@Bob,") && file.contains(",\"'-1\n+2\","))
        _ = try await stage.temporary.rows("delete from contacts")
        let done = try await stage.imported(file)
        let columns = "concat_ws('|', contact_name, business_name, phone, tags::text, notes)"
        #expect(done["created_count"] == 2, "\(done.json)")
        let found = try await stage.contacts(columns)
        #expect(Set(found) == ["=cmd()|A \"B\", C|+14155550101|{x,y}", "@Bob|{}|-1\n+2"])
    }

    @Test func `an export is narrowed like the list, in CSV and in lines of JSON, each contact once`() async throws {
        let rows = (0..<4_500).map {
            "Person \($0),\($0 % 3 == 0 ? "Rome" : "Oslo"),\($0 % 2 == 0 ? "customer" : "lead")"
        }
        try await stage.imported("name,city,status\n" + rows.joined(separator: "\n"), rowsMax: 2_000)

        let all = try #require(await export()).split(separator: "\r\n")
        let lines = try #require(await export("format=ndjson&status=customer")).split(separator: "\n")

        #expect(all.count == 4_501)
        #expect(Set(all).count == 4_501, "\(all.first ?? "") \(all.last ?? "")")
        #expect(lines.count == 2_250 && lines.allSatisfy { JSONValue(Array($0.utf8))?["status"] == "customer" })
        #expect(
            await stage.status("GET", "/api/v1/contacts/export", query: "format=xls", as: APIStage.importer()) == 400)
    }
}
