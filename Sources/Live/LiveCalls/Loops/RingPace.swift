import Runtime

/// When calls that ring together begin: one after the other, with a pause for the frames of the calls under way.
///
/// A call's beginning takes a media loop as long as dozens of frames: two sockets, two handshakes, settings. Rings come
/// in heaps, since a database that was busy answers all that wait for it at once; forty begun in a row would hold every
/// frame up for tens of milliseconds.
struct RingPace {
    static let pauseNanoseconds: Int64 = 3_000_000
    /// The pauses of all that wait together: with more than 333 waiting they get shorter.
    static let pausesNanoseconds: Int64 = 1_000_000_000

    private var notBefore: Int64 = 0

    /// Nil when a call may begin now, which counts as begun; else when to ask again.
    ///
    /// - Parameter waiting: calls that wait besides it.
    mutating func turn(at now: MonotonicTime, waiting: Int) -> MonotonicTime? {
        guard now.nanoseconds >= notBefore else { return MonotonicTime(nanoseconds: notBefore) }
        notBefore = now.nanoseconds + min(Self.pauseNanoseconds, Self.pausesNanoseconds / Int64(max(1, waiting)))
        return nil
    }
}
