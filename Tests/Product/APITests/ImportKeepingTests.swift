import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// The files of imports on a node's disk, and numbers in them.
@Suite struct ImportKeepingTests {
    private static let later = Date.now.addingTimeInterval(ImportFiles.settledSeconds + 60)

    private func names(_ stage: APIStage) throws -> [String] {
        let folder = "\(stage.importFiles.directory)/\(TenantID.initial)"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func upkeep(_ stage: APIStage) -> ImportUpkeep { ImportUpkeep(stage.temporary.database, stage.importFiles) }

    @Test func `files of imports that are over go, those under way and those that are not known yet stay`() async throws
    {
        let stage = try await APIStage.make()
        let open = try #require(try await stage.newImport("name\nAnn\n")["id"]?.text)
        let over = try #require(try await stage.newImport("name\nBob\n")["id"]?.text)
        _ = try await stage.temporary.rows(
            "update imports set state = 'cancelled', ended_at = now() where id = $1", [.text(over)])
        let folder = "\(stage.importFiles.directory)/\(TenantID.initial)"
        // As an upload leaves them before its row is committed, and one that was killed.
        let unknown = UUID().uuidString.lowercased()
        for name in ["\(unknown).utf-8.csv", "\(UUID().uuidString).utf-8.csv.part"] {
            try Data("name\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }

        try await upkeep(stage).tidy()
        #expect(try names(stage).count == 6, "nothing of what is there for a moment")

        try await upkeep(stage).tidy(at: Self.later)
        #expect(try names(stage) == ["\(open).raw", "\(open).utf-8.csv"])
    }

    @Test func `an import that nobody starts within a week is ended`() async throws {
        let stage = try await APIStage.make()
        let id = try #require(try await stage.newImport("name\nAnn\n")["id"]?.text)
        _ = try await stage.temporary.rows("update imports set created_at = now() - interval '8 days'")

        try await upkeep(stage).tidy(at: Self.later)

        let one = try await stage.json("GET", "/api/v1/imports/\(id)", as: APIStage.importer())
        #expect(one["state"] == "cancelled" && one["failure"]?.text?.contains("week") == true)
        #expect(try names(stage).isEmpty)
    }

    @Test func `a file that is none, and one of another kind, are refused by what to send`() async throws {
        let stage = try await APIStage.make()

        let form = await stage.upload(Array("a".utf8), type: "multipart/form-data; boundary=x")
        let empty = await stage.upload([])

        #expect(form.status == 415 && String(decoding: form.body, as: UTF8.self).contains("text/csv"))
        #expect(empty.status == 422)
    }

    @Test func `a disk without room is told to whoever brings a file, and leaves nothing there`() async throws {
        let stage = try await APIStage.make()
        var limits = ImportFiles.Limits()
        limits.freeBytesMin = .max
        let files = ImportFiles(directory: stage.importFiles.directory, limits: limits)
        let request = HTTPRequest(method: "POST", path: "/", query: "", headers: [], body: Array("name\nAnn\n".utf8))

        #expect(throws: ImportFiles.Failure.noRoom) {
            _ = try files.keep(ImportFiles.Body(request), .initial, UUID())
        }
        #expect(try names(stage).isEmpty)
    }

    @Test(arguments: [
        ("12", "12"), ("-3", "-3"), ("12.5", "12.5"), ("12,5", "12.5"), ("1,000", "1000"), ("-12,000,000", "-12000000"),
        ("1,234.5", "1234.5"), ("0,125", "0.125"), ("1e3", "1000.0"),
    ])
    func `numbers are read with the comma of either kind`(_ text: String, _ wanted: String) throws {
        let expected = Int(wanted).map { JSONValue.integer($0) } ?? Double(wanted).map { JSONValue.number($0) }

        #expect(ImportRules.number(text) == expected)
    }

    @Test(arguments: ["nan", "inf", "-infinity", "1e999", "0x10", "1.234,56", "12 pieces", "", ",", "1,,000"])
    func `what is no number of JSON is none`(_ text: String) { #expect(ImportRules.number(text) == nil) }
}
