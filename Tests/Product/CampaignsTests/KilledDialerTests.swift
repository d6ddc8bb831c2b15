import Foundation
import TestSupport
import Testing

/// Dialers as processes of their own that are killed: `dialer-proof chaos`.
@Suite struct KilledDialerTests {
    @Test func `a dialer that is killed at any of its steps calls nobody twice, forgets nobody and keeps no place`()
        async throws
    {
        // Each step once, and some that are drawn.
        let said = try await OutsideProgram.runBeside(
            Checkout.products.appending(path: "dialer-proof").path, ["chaos", "--runs", "28"])

        let last = try #require(said.split(separator: "\n").last)
        let figures = try #require(
            last.firstMatch(of: /28 runs, (\d+) killed where they were to be, 0 faults/), "\(said)")
        #expect((Int(figures.1) ?? 0) > 7, "few died where they were to: \(said)")
    }
}
