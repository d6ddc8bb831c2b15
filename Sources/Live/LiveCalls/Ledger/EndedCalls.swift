import CallModel
import Runtime

/// Calls that are over and whose callbacks may still come: each is known for ten minutes, or until so many others have ended.
///
/// Two sets take turns, 16 bytes a call, so that forgetting the old ones costs nothing and memory does not grow with calls.
struct EndedCalls {
    static let callsMax = 5_000
    private static let knownMs: Int64 = 600_000

    private var recent: Set<UInt128> = []
    private var earlier: Set<UInt128> = []
    private var recentSince = MonotonicTime.now()

    func contains(_ sid: CallSid) -> Bool {
        let key = EndedCalls.key(sid)
        return recent.contains(key) || earlier.contains(key)
    }

    mutating func remember(_ sid: CallSid, at now: MonotonicTime = .now()) {
        if recent.count >= EndedCalls.callsMax || now.milliseconds(since: recentSince) >= EndedCalls.knownMs {
            swap(&recent, &earlier)
            recent.removeAll(keepingCapacity: true)
            recentSince = now
        }
        recent.insert(EndedCalls.key(sid))
    }

    /// The 32 hexadecimal digits; capitals and small letters are the same number.
    private static func key(_ sid: CallSid) -> UInt128 {
        sid.text.utf8.dropFirst(2).reduce(0) { $0 << 4 | UInt128($1 & 15 + ($1 >> 6) * 9) }
    }
}
