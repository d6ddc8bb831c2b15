/// How many 20 ms frames the calls of one loop put into one message: the busier the loop, the fewer and larger the
/// messages, for most of what a message costs does not depend on its length.
///
/// Toward the agent a message of n frames holds its first frame back by n − 1 ptimes. Toward the carrier nothing is held
/// back: speech runs ahead by a lead, a message more or less. Loop-confined.
final class MessageGrain {
    /// Frames in a message to the agent, 1 to 3.
    private(set) var toAgent = 1
    /// Frames in a message to the carrier, 1 or 2.
    private(set) var toCarrier = 1
    private let isAdaptive: Bool

    static let framesMax = 3
    /// From this share of a busy second on one frame more goes into a message …
    private static let coarserFrom = [0.20, 0.35, .infinity]
    /// … and below this one less. What the larger messages save must not bring back the smaller ones.
    private static let finerBelow = [0, 0.10, 0.18]

    /// - Parameter isAdaptive: false keeps one frame a message whatever the load.
    init(isAdaptive: Bool) { self.isAdaptive = isAdaptive }

    /// Takes the share of the last second in which the loop was busy.
    func observe(busy: Double) {
        guard isAdaptive else { return }
        if busy >= MessageGrain.coarserFrom[toAgent - 1] {
            toAgent += 1
        } else if busy < MessageGrain.finerBelow[toAgent - 1] {
            toAgent -= 1
        }
        toCarrier = min(2, toAgent)
    }
}
