/// The memory that speech waits in, in blocks shared by all calls of one media loop: what one call has played serves the
/// next, and a call that waits for nothing holds nothing. Owned by the loop; no lock.
///
/// Blocks are made when there is none to spare, which ends once as much speech has waited at the same time as ever does.
package final class AudioBlockPool {
    /// Half a second of speech, less what the allocator adds.
    package static let blockBytes = 4_000
    /// Spare blocks kept; what comes back beyond is given up.
    static let sparesMax = 1_024

    private var spares: [AudioBlock] = []

    package init() {}

    package var spareCount: Int { spares.count }

    func take() -> AudioBlock { spares.popLast() ?? .speech() }

    func give(_ block: AudioBlock) {
        if spares.count < AudioBlockPool.sparesMax { spares.append(block) }
    }
}

/// ``AudioBlockPool/blockBytes`` codes, none of which is read before it was written: one allocation, count included.
typealias AudioBlock = ManagedBuffer<Void, UInt8>

extension ManagedBuffer where Header == Void, Element == UInt8 {
    static func speech() -> AudioBlock { create(minimumCapacity: AudioBlockPool.blockBytes) { _ in } }

    var codes: UnsafeMutableBufferPointer<UInt8> {
        withUnsafeMutablePointerToElements {
            UnsafeMutableBufferPointer(start: $0, count: AudioBlockPool.blockBytes)
        }
    }
}
