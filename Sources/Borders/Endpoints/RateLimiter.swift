package import Runtime
import Synchronization

/// A token bucket for each caller of the API.
package final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: MonotonicTime
    }

    private static let bucketsMax = 10_000

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    package init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }

    /// False when `key` has used up its share.
    package func allows(_ key: String, at now: MonotonicTime = .now()) -> Bool {
        buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(tokens: burst, at: now)
            bucket.tokens = filled(bucket, at: now)
            bucket.at = now
            let allowed = bucket.tokens >= 1
            if allowed { bucket.tokens -= 1 }
            if buckets.count >= Self.bucketsMax, buckets[key] == nil {
                // Full buckets say nothing that a new one would not.
                buckets = buckets.filter { filled($0.value, at: now) < burst }
                if buckets.count >= Self.bucketsMax { buckets.removeAll() }
            }
            buckets[key] = bucket
            return allowed
        }
    }

    /// Takes back that `key` has used some: it was not what is counted.
    package func giveBack(_ key: String) {
        buckets.withLock { buckets in
            if let tokens = buckets[key]?.tokens { buckets[key]?.tokens = min(burst, tokens + 1) }
        }
    }

    private func filled(_ bucket: Bucket, at now: MonotonicTime) -> Double {
        min(burst, bucket.tokens + perSecond * Double(now.milliseconds(since: bucket.at)) / 1_000)
    }
}
