import Foundation
import Testing

@testable import Gateway

@Suite struct ReadmeTests {
    @Test func `the README's table has every setting with its default and meaning`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)

        let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| `PARLEY_") }.map(String.init)

        #expect(
            rows
                == Setting.all.map { setting in
                    "| `\(setting.name)` | \(setting.fallback.map { "`\($0)`" } ?? "–") | \(setting.help) |"
                })
    }
}
