import Foundation
import Testing

@testable import Gateway

/// A directory of its own for one test's settings and secrets, removed with it.
final class SettingsFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "parley-settings-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, _ name: String) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }

    /// The report on settings that must not be accepted.
    static func mistakes(_ environment: [String: String]) throws -> String {
        let error = #expect(throws: GatewayConfig.Mistakes.self) { try GatewayConfig(environment: environment) }
        return try #require(error).description
    }
}
