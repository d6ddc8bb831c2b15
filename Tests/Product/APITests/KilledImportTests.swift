import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing

@testable import API

/// Nodes that are killed in the middle of an import, as processes of their own: `imports-benchmark node`.
@Suite(.serialized) struct KilledImportTests {
    private static let rows = 50
    private static let chunk = 7

    @Test func `an import whose nodes are killed at every step they make, one after the other, has every row once`()
        async throws
    {
        let stage = try await APIStage.make()
        // Each row twice: whatever was in before a kill is there to be told from the second.
        let lines = (0..<Self.rows).map { "Person \($0),+1415555\(2_000 + $0 / 2)" }
        let made = try await stage.newImport("name,phone\n" + lines.joined(separator: "\n"))
        let path = "/api/v1/imports/\(made["id"]?.text ?? "")"
        _ = try await stage.json("PATCH", path, as: APIStage.importer(), ["duplicates": "create"])
        _ = try await stage.json("POST", path + "/start", as: APIStage.importer())

        var dieAt = 0
        while try await Self.isRunning(stage) {
            dieAt += 1
            #expect(dieAt < 300, "the import does not end")
            let node = try Self.node(stage, dieAt: dieAt)
            while node.isRunning, try await Self.isRunning(stage) { try await Task.sleep(for: .milliseconds(5)) }
            kill(node.processIdentifier, SIGKILL)
            node.waitUntilExit()
        }

        let done = try await stage.json("GET", path, as: APIStage.importer())
        let names = try await stage.contacts("contact_name")
        #expect(dieAt > 10, "a node died \(dieAt) times only")
        #expect(done["state"] == "completed" && done["created_count"] == .integer(Self.rows), "\(done.json)")
        #expect(names == (0..<Self.rows).map { "Person \($0)" })
    }

    private static func node(_ stage: APIStage, dieAt: Int) throws -> Process {
        let process = Process()
        process.executableURL = Checkout.products.appending(path: "imports-benchmark")
        process.arguments = [
            "node", stage.temporary.appURL, stage.importFiles.directory, "\(dieAt)", "600", "\(chunk)",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func isRunning(_ stage: APIStage) async throws -> Bool {
        try await !stage.temporary.rows("select from imports where state = 'running'").isEmpty
    }
}
