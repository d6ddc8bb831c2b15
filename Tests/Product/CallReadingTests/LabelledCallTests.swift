import Foundation
import TestSupport
import Testing

/// The labelled calls of bench/understanding, read by the benchmark itself.
@Suite struct LabelledCallTests {
    private typealias Ending = (status: Int32, output: String, complaints: String)

    /// On a thread of its own: it takes a minute, and the threads that all tests share are few.
    private func run(_ arguments: [String]) async throws -> Ending {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try Self.wait(for: arguments) }) }
        }
    }

    private static func wait(for arguments: [String]) throws -> Ending {
        let process = Process()
        // Beside it run tests that are held to a time.
        process.executableURL = URL(filePath: "/usr/bin/nice")
        let benchmark = Checkout.products.appending(path: "understanding-benchmark").path(percentEncoded: false)
        process.arguments = ["-n", "19", benchmark] + arguments
        let (output, complaints) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = complaints
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        let complained = complaints.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: printed, as: UTF8.self),
            String(decoding: complained, as: UTF8.self)
        )
    }

    private func set(_ line: String, floor: String = "{}", _ body: (URL, URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-labelled-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let seen = folder.appending(path: "seen")
        try FileManager.default.createDirectory(at: seen, withIntermediateDirectories: true)
        try Data(line.utf8).write(to: seen.appending(path: "money.jsonl"))
        let floors = folder.appending(path: "floors.json")
        try Data(floor.utf8).write(to: floors)
        try await body(folder, floors)
    }

    @Test func `what records hold of the labelled calls is above the floors`() async throws {
        let bench = Checkout.root.appending(path: "bench/understanding")

        let result = try await run([
            "--floors", bench.appending(path: "floors.json").path, bench.appending(path: "labelled").path,
        ])

        #expect(result.status == 0, "\(result.complaints)")
        #expect(result.output.contains("money         unseen"))
    }

    @Test func `a wrong value counts, and is below the floor`() async throws {
        let line = #"{"id":"a","wording":"w","say":["ten thousand"],"want":{"budget":[9000]}}"#
        try await set(line, floor: #"{"money":{"seen":{"rightMin":1,"wrongMax":0}}}"#) { folder, floors in
            let result = try await run(["--floors", floors.path, "--failures", folder.path])

            #expect(result.status == 1)
            #expect(result.complaints.contains("below the floor: money seen: wrong 1.000, at most 0.000"))
            #expect(result.output.contains("wanted 9000.0, read 10000.0"))
        }
    }

    @Test(arguments: [
        (#"{"id":"a","wording":"w","say":["b"],"want":{"budgt":[1]}}"#, "line 1: an unknown field `budgt`"),
        (#"{"id":"a","wording":"w","say":["b"],"want":{"budget":["x"]}}"#, "line 1: `budget` cannot be \"x\""),
        (#"{"id":"a","wording":"w","want":{"budget":[1]}}"#, "line 1: either `say` or `turns`"),
        ("\n{", "line 2: no JSON object"),
    ])
    func `a bad line is named with what is wrong in it`(_ line: String, _ complaint: String) async throws {
        try await set(line) { folder, floors in
            let result = try await run(["--floors", floors.path, folder.path])

            #expect(result.status == 2)
            #expect(result.complaints.contains("seen/money.jsonl, \(complaint)"))
        }
    }
}
