import CallModel
import Database
import Dispatch
import Encoding
import Endpoints
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import API

/// Rows of contacts that are there already, and imports that are ended on the way.
@Suite struct DuplicateImportTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    private static let file = """
        name,phone,email
        Ann,+14155550101,
        Bob,+14155550102,bob@x.test
        Ann again,+1 415 555 0101,
        Cy,,BOB@x.test
        Dee,+14155550104,

        """

    private func known() async throws -> String {
        let made = try await stage.json(
            "POST", "/api/v1/contacts", as: .admin, ["contact_name": "Old", "phone": "+14155550104"], is: 201)
        return try #require(made["id"]?.text)
    }

    @Test(arguments: [("skip", "skipped"), ("update", "updated")], [1, 2, 100])
    func `which rows are duplicates of whom is listed, whatever is done with them`(
        _ mode: (duplicates: String, code: String), _ rowsMax: Int
    ) async throws {
        let old = try await known()

        let done = try await stage.imported(Self.file, ["duplicates": .text(mode.duplicates)], rowsMax: rowsMax)

        let path = "/api/v1/imports/\(done["id"]?.text ?? "")/errors"
        let list = try await stage.json("GET", path, query: "severity=duplicate", as: APIStage.importer())
        let ids = try await stage.temporary.rows("select id::text, phone from contacts")
        func id(_ phone: String) throws -> String? { try ids.first { try $0.text("phone") == phone }?.text("id") }
        #expect(list.rows.map { $0["row"] } == [3, 4, 5], "\(list.json)")
        #expect(list.texts("code") == [mode.code, mode.code, mode.code])
        #expect(list.texts("value") == ["+14155550101", "bob@x.test", "+14155550104"])
        #expect(try list.texts("contact_id") == [id("+14155550101"), id("+14155550102"), old])
        #expect(done["failed_count"] == 0 && done["warned_count"] == 0, "\(done.json)")
        let table = await APIStage.whole(await stage.send("GET", path + ".csv", as: APIStage.importer()))
        #expect(table?.contains(",\(old)\r\n") == true)
    }

    @Test func `who makes another contact of a duplicate is told of none`() async throws {
        _ = try await known()

        let done = try await stage.imported(Self.file, ["duplicates": "create"])

        #expect(done["created_count"] == 5 && done["kept_errors"] == 0, "\(done.json)")
    }

    @Test func `a preview says of which contact a row is, or of which row before it`() async throws {
        let old = try await known()
        let made = try await stage.newImport(Self.file)

        let preview = try await stage.json(
            "GET", "/api/v1/imports/\(made["id"]?.text ?? "")/preview", as: APIStage.importer())

        #expect(preview.texts("action") == ["create", "create", "skip", "skip", "skip"])
        #expect(preview.rows.map { $0["duplicate_of_row"]?.integer } == [nil, nil, 1, 2, nil], "\(preview.json)")
        #expect(preview.rows.map { $0["contact_id"]?.text } == [nil, nil, nil, nil, old])
    }

    @Test func `duplicates leave room for what is wrong`() async throws {
        let made = try await stage.newImport(Self.file)
        let id = try #require(made["id"]?.text.flatMap { UUID(uuidString: $0) })
        var rows = (1...10).map { ImportRow(number: $0, line: $0, phone: "+14155550101") }
        rows[9].findings = [.init(isError: false, code: "extension", reason: "x")]
        let plan = ImportPlan(
            rows, known: [.init(id: UUID(), phone: "+14155550101")], optedOut: [], duplicates: .skip, matchBy: .both,
            newID: { _ in UUID() })

        let kept = try await stage.temporary.database.transaction(tenant: .initial) { [rows] tx in
            try ImportQueries.note(rows, plan, of: id, room: ImportState.keptErrorsMax / 2 + 3, in: tx)
        }

        #expect(kept == 4, "three duplicates, and what is wrong with a row behind them")
    }

    @Test func `an import that is cancelled on the way keeps what is in, and brings nothing after`() async throws {
        let lines = (1...12).map { "Person \($0),+1415555\(2_000 + $0)" }
        let made = try await stage.newImport("name,phone\n" + lines.joined(separator: "\n"))
        let path = "/api/v1/imports/\(made["id"]?.text ?? "")"
        _ = try await stage.json("POST", path + "/start", as: APIStage.importer())
        let committed = Mutex(0)
        let go = DispatchSemaphore(value: 0)

        async let work: Void = stage.work(rowsMax: 3) { step in
            guard case .committed = step else { return }
            let count = committed.withLock { count in
                count += 1
                return count
            }
            if count == 2 { go.wait() }
        }
        while committed.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(2)) }
        let cancelled = try await stage.json("POST", path + "/cancel", as: APIStage.importer())
        go.signal()
        try await work

        let end = try await stage.json("GET", path, as: APIStage.importer())
        #expect(cancelled["state"] == "cancelled" && end["state"] == "cancelled", "\(end.json)")
        #expect(end["done_records"] == 6 && end["created_count"] == 6)
        #expect(try await stage.contacts("contact_name") == (1...6).map { "Person \($0)" })
        #expect(committed.withLock { $0 } == 2)
        #expect(await stage.status("POST", path + "/start", as: APIStage.importer()) == 409)
        #expect(await stage.status("POST", path + "/cancel", as: APIStage.importer()) == 409)
        let next = try await stage.imported("name,phone\nDee,+14155550104\n")
        #expect(next["state"] == "completed", "the tenant has its next one")
    }
}
