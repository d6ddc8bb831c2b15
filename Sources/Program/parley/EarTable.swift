import Foundation
import SimulatedCarrier

/// The delays of a call as the caller's ear had them.
enum EarTable {
    static func print(_ outcome: CallRunner.Outcome) {
        let report = outcome.report
        func row(_ name: String, _ value: String) {
            Swift.print("    " + name.padding(toLength: 34, withPad: " ", startingAt: 0) + value)
        }
        func ms(_ value: Int?) -> String { value.map { "\($0) ms" } ?? "–" }
        Swift.print("\n  As the caller heard it:")
        row("pickup to first word", ms(report.pickupToFirstAudibleMs))
        let answers = report.timings.answers.compactMap(\.answeredAfterMs).sorted()
        if !answers.isEmpty {
            row("end of speech to answer, median", "\(answers[answers.count / 2]) ms, longest \(answers.last ?? 0) ms")
        }
        row("longest silence on the line", ms(report.timings.longestSilenceMs))
        for clear in report.clears {
            row(
                "interrupted at \(String(format: "%.1f s", Double(clear.atMs) / 1_000))",
                "\(clear.discardedBytes / 8) ms at the carrier never heard")
        }
        if let after = outcome.recordAfterMs { row("call over to record in the CRM", "\(after) ms") }
    }
}
