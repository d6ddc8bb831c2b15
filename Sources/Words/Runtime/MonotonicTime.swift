#if canImport(Glibc)
    import Glibc
#endif

/// A moment on this machine's monotonic clock, in nanoseconds since an arbitrary start. Never compare across machines.
package struct MonotonicTime: Comparable, Hashable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package init(milliseconds: Int64) { self.nanoseconds = milliseconds * 1_000_000 }

    /// Reads `CLOCK_MONOTONIC` (about 20 ns, no allocation: safe on a media thread).
    package static func now() -> MonotonicTime {
        var reading = timespec()
        clock_gettime(CLOCK_MONOTONIC, &reading)
        return MonotonicTime(nanoseconds: Int64(reading.tv_sec) * 1_000_000_000 + Int64(reading.tv_nsec))
    }

    package static let distantFuture = MonotonicTime(nanoseconds: .max)

    package static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }

    package func adding(milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: nanoseconds + milliseconds * 1_000_000)
    }

    /// The next whole multiple of so many milliseconds of the clock; the end of time stays where it is.
    package func roundedUp(toMilliseconds grain: Int64) -> MonotonicTime {
        let grain = grain * 1_000_000
        guard grain > 0, nanoseconds < .max - grain else { return self }
        return MonotonicTime(nanoseconds: (nanoseconds + grain - 1) / grain * grain)
    }

    /// Milliseconds from `earlier` to `self`, rounded towards zero; negative when `self` comes first.
    package func milliseconds(since earlier: MonotonicTime) -> Int64 {
        (nanoseconds - earlier.nanoseconds) / 1_000_000
    }
}
