import CallModel
import CallReading
import Foundation

/// What it costs to read a call of ten minutes, at 150 words a minute.
enum ReadingTime {
    private static let words = 1_500
    private static let readings = 25

    /// CPU milliseconds, the median of several readings; nil when `calls` do not fill ten minutes.
    static func median(of calls: [LabelledCall]) throws -> Double? {
        guard var record = try calls.first?.record(asking: "") else { return nil }
        record.transcript.turns = []
        var count = 0
        for call in calls where count < words {
            for turn in try call.record(asking: "").transcript.turns where !turn.text.isEmpty {
                var turn = turn
                turn.number = record.transcript.turns.count + 1
                turn.startedMs = turn.number * 1_500
                turn.endedMs = turn.startedMs + 500
                record.transcript.turns.append(turn)
                count += turn.text.split(separator: " ").count
            }
        }
        guard count >= words else { return nil }
        let context = ExtractionContext(record: record)
        let times = (0..<readings).map { _ in
            let start = clock()
            _ = RuleExtractor().insight(for: record, context: context)
            return Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1_000
        }
        return times.sorted()[readings / 2]
    }
}
