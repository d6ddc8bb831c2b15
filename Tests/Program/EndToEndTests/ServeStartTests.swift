import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// How `parley serve` begins, as the executable built beside the tests.
@Suite struct ServeStartTests {
    @Test func `a start as root says so in one line and goes on, any other start does not`() throws {
        let said = try Self.serve(["PARLEY_DATABASE_URL": "postgresql://parley_app@127.0.0.1:1/parley"])

        #expect(said.count { $0.contains("running as root") } == (geteuid() == 0 ? 1 : 0))
        #expect(said.last?.contains("PARLEY_DATABASE_URL: Cannot connect to PostgreSQL") == true, "\(said)")
    }

    @Test func `a start that would take unsigned webhooks from others is refused by name`() throws {
        let said = try Self.serve([
            "PARLEY_LISTEN": "0.0.0.0:0", "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS": "true",
        ])

        #expect(said.last?.contains("PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS: refused") == true, "\(said)")
    }

    /// What it writes to standard error until it ends by itself, which is expected with exit code 1.
    private static func serve(_ settings: [String: String]) throws -> [String] {
        let data = FileManager.default.temporaryDirectory.appending(path: "parley-serve-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: data) }
        let process = Process()
        process.executableURL = Checkout.products.appending(path: "parley")
        process.arguments = ["serve"]
        process.environment = settings.merging(["PARLEY_DATA_DIR": data, "PARLEY_LOG": "error"]) { given, _ in given }
            .merging(Sanitizer.environment) { given, _ in given }
        process.standardOutput = FileHandle.nullDevice
        let complaints = Pipe()
        process.standardError = complaints
        try process.run()
        let text = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        return text.split(separator: "\n").map(String.init)
    }
}
