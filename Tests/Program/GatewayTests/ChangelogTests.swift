import Telemetry
import TestSupport
import Testing

@Suite struct ChangelogTests {
    @Test func `the program calls itself by the newest version of the changelog, and versions go down with their days`()
        throws
    {
        let headings = try Checkout.text("CHANGELOG.md").split(separator: "\n").filter { $0.hasPrefix("## ") }

        #expect(headings.first == "## Unreleased")
        let versions = try headings.dropFirst().map { heading in
            try #require(heading.wholeMatch(of: #/## (\d+)\.(\d+)\.(\d+) – (\d{4}-\d\d-\d\d)/#), "\(heading)").output
        }
        #expect(versions.first.map { "\($0.1).\($0.2).\($0.3)" } == BuildInfo.version)
        for (newer, older) in zip(versions, versions.dropFirst()) {
            let numbers = [newer, older].map { [$0.1, $0.2, $0.3].compactMap { Int($0) } }
            #expect(numbers[1].lexicographicallyPrecedes(numbers[0]), "\(newer.0)")
            #expect(newer.4 >= older.4, "\(newer.0)")
        }
    }
}
