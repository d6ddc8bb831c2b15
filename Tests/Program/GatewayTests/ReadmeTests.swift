import Foundation
import Settings
import TestSupport
import Testing

@testable import Gateway

@Suite struct ReadmeTests {
    @Test func `the table of settings has every one with its default and meaning`() throws {
        let page = try Checkout.text("docs/settings.md")

        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `PARLEY_") }.map(String.init)

        #expect(
            rows
                == GatewaySettings.all.map { setting in
                    "| `\(setting.name)` | \(setting.fallback.map { "`\($0)`" } ?? "–") | \(setting.help) |"
                })
    }

    @Test func `the README is two screens long, and every page it names is there`() throws {
        let readme = try Checkout.text("README.md")

        #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 101)
        let pages = readme.matches(of: #/\]\(([^)#:]+)\)/#).map { String($0.1) }
        #expect(pages.count > 20)
        for page in pages { #expect(FileManager.default.fileExists(atPath: Checkout.path(page)), "\(page)") }
    }
}
