import Testing

@testable import LiveCalls

@Suite struct MessageGrainTests {
    func observed(_ shares: [Double], isAdaptive: Bool = true) -> [Int] {
        let grain = MessageGrain(isAdaptive: isAdaptive)
        return shares.map {
            grain.observe(busy: $0)
            return grain.toAgent
        }
    }

    @Test func `a loop with little to do sends each frame as it comes`() {
        #expect(observed([0, 0.1, 0.19, 0]) == [1, 1, 1, 1])
    }

    @Test func `a busy loop sends fewer and larger messages, a step a second, three frames at most`() {
        #expect(observed([0.21, 0.4, 0.9, 1]) == [2, 3, 3, 3])
    }

    @Test func `what the larger messages save does not bring back the smaller ones`() {
        #expect(observed([0.25, 0.15, 0.11, 0.09]) == [2, 2, 2, 1])
        #expect(observed([0.45, 0.45, 0.2, 0.19, 0.17]) == [2, 3, 3, 3, 2])
    }

    @Test func `the carrier gets two frames a message at most`() {
        let grain = MessageGrain(isAdaptive: true)
        for _ in 0..<3 { grain.observe(busy: 1) }

        #expect(grain.toCarrier == 2)
        #expect(grain.toAgent == MessageGrain.framesMax)
    }
}
