import Foundation
import TestSupport
import Testing

@testable import LoadBenchmark

/// A real gateway, real sockets, and the shim in front of its allocator.
@Suite(.serialized) struct AllocationTests {
    /// What a frame of a live call may allocate on the media loops. An optimised build is held to
    /// `bench/thresholds/relay.json` by `make bench/check`; an unoptimised one allocates for every generic call.
    private static let perFrameMax: Double = {
        #if DEBUG
            20
        #else
            0.2
        #endif
    }()

    @Test(.enabled(if: !Sanitizer.hasAllocator, "a sanitizer's allocator is not the gateway's"))
    func `ten thousand frames of live calls allocate no more than they may`() async throws {
        let root = Checkout.root
        var options = LoadOptions()
        options.executable = Checkout.products.appending(path: "parley").path
        options.countsAllocationsAt = 10
        options.countsAllocationsOnly = true
        options.holdSeconds = 20
        let benchmark = try LoadBenchmark(
            options, scenario: .steady, fixtures: root.appendingPathComponent("audio-fixtures").path
        ) { _ in }

        let counted = try #require(try await benchmark.run().allocations)

        #expect(counted.frames >= 10_000, "\(counted.frames) frames arrived")
        #expect(counted.perFrame <= Self.perFrameMax, "\(counted.mediaAllocations) in \(counted.frames) frames")
        #expect(
            counted.mediaAllocations > 0 || Self.perFrameMax < 1,
            "an unoptimised build that allocates nothing is not being counted")
    }

    @Test func `a file that is not the shim's is no count`() throws {
        let path = NSTemporaryDirectory() + "no-allocations-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(repeating: 0, count: 65_536).write(to: URL(fileURLWithPath: path))
        #expect(AllocationProbe(path: path, pid: 1).read() == nil)
        #expect(AllocationProbe(path: path + "-absent", pid: 1).read() == nil)
    }
}
