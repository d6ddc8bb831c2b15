/// Delays in fixed memory: exact to 1 µs below 64 µs, to 1.6 % above. Recording allocates nothing.
struct DelayHistogram: Sendable {
    private var buckets = [UInt32](repeating: 0, count: 40 * 64)
    private(set) var count = 0
    private(set) var maxNanoseconds: Int64 = 0

    mutating func record(nanoseconds: Int64) {
        let clamped = max(0, nanoseconds)
        buckets[Self.bucket(UInt64(clamped) / 1_000)] += 1
        count += 1
        maxNanoseconds = max(maxNanoseconds, clamped)
    }

    /// The delay, in ms, that `share` (0…1) of all recorded ones do not exceed; 0 when nothing was recorded.
    func percentileMs(_ share: Double) -> Double {
        guard count > 0 else { return 0 }
        let wanted = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (index, amount) in buckets.enumerated() where amount > 0 {
            seen += Int(amount)
            if seen >= wanted { return min(Double(Self.upperMicroseconds(index)) / 1_000, maxMs) }
        }
        return maxMs
    }

    /// What was recorded since this histogram was `earlier`; the largest delay stays that of all.
    func since(_ earlier: DelayHistogram) -> DelayHistogram {
        var rest = self
        for index in buckets.indices { rest.buckets[index] -= earlier.buckets[index] }
        rest.count -= earlier.count
        return rest
    }

    var maxMs: Double { Double(maxNanoseconds) / 1_000_000 }

    var summary: DelaySummary {
        DelaySummary(
            count: count, p50: percentileMs(0.5), p90: percentileMs(0.9), p99: percentileMs(0.99),
            p999: percentileMs(0.999), max: maxMs)
    }

    private static func bucket(_ microseconds: UInt64) -> Int {
        guard microseconds >= 64 else { return Int(microseconds) }
        let exponent = 63 - microseconds.leadingZeroBitCount
        let place = Int(microseconds >> UInt64(exponent - 6)) & 63
        return min((exponent - 5) * 64 + place, 40 * 64 - 1)
    }

    private static func upperMicroseconds(_ bucket: Int) -> Int {
        guard bucket >= 64 else { return bucket }
        let exponent = bucket / 64 + 5
        return (64 + bucket % 64 + 1) << (exponent - 6) - 1
    }
}

/// A distribution of delays, all in ms.
package struct DelaySummary: Codable, Sendable, Equatable {
    package var count = 0
    package var p50 = 0.0
    package var p90 = 0.0
    package var p99 = 0.0
    package var p999 = 0.0
    package var max = 0.0
}
