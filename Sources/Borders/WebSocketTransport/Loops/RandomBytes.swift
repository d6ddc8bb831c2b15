import CTransport

/// Unpredictable bytes for the masks of client frames (RFC 6455, 5.3), fetched some hundred at a time.
@safe struct RandomBytes {
    private var pool: [UInt8] = []
    private static let poolBytes = 1_024

    /// Fills `target`; false when the system has no randomness.
    mutating func fill(_ target: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        if pool.count < target.count {
            let count = max(Self.poolBytes, target.count)
            var fresh = [UInt8](repeating: 0, count: count)
            guard
                unsafe fresh.withUnsafeMutableBytes({ bytes in
                    unsafe bytes.baseAddress.map { unsafe parley_random($0, count) } ?? false
                })
            else { return false }
            pool = fresh
        }
        for index in target.indices { unsafe target[index] = pool.removeLast() }
        return true
    }
}
