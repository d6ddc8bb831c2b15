import Foundation
import Settings
import TestSupport
import Testing

@testable import Gateway

@Suite struct ReadmeTests {
    @Test func `the README's table has every setting with its default and meaning`() throws {
        let readme = try Checkout.text("README.md")

        let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| `PARLEY_") }.map(String.init)

        #expect(
            rows
                == GatewaySettings.all.map { setting in
                    "| `\(setting.name)` | \(setting.fallback.map { "`\($0)`" } ?? "–") | \(setting.help) |"
                })
    }
}
