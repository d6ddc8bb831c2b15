import Testing

@testable import Gateway

@Suite struct MessageGrainTests {
    func observed(_ shares: [Double], isAdaptive: Bool = true) -> [Int] {
        let grain = MessageGrain(isAdaptive: isAdaptive)
        return shares.map {
            grain.observe(busy: $0)
            return grain.toAgent
        }
    }

    @Test func `a loop with little to do sends each frame as it comes`() {
        #expect(observed([0, 0.1, 0.29, 0]) == [1, 1, 1, 1])
    }

    @Test func `a busy loop sends fewer and larger messages, a step a second, three frames at most`() {
        #expect(observed([0.31, 0.6, 0.9, 1]) == [2, 3, 3, 3])
    }

    @Test func `what the larger messages save does not bring back the smaller ones`() {
        #expect(observed([0.35, 0.2, 0.16, 0.14]) == [2, 2, 2, 1])
        #expect(observed([0.55, 0.55, 0.3, 0.26, 0.24]) == [2, 3, 3, 3, 2])
    }

    @Test func `the carrier gets two frames a message at most`() {
        let grain = MessageGrain(isAdaptive: true)
        for _ in 0..<3 { grain.observe(busy: 1) }

        #expect(grain.toCarrier == 2)
        #expect(grain.toAgent == MessageGrain.framesMax)
    }
}
