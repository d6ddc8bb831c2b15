import Foundation
import Glibc

/// Reads what the preloaded shim (`bench/allocation-shim`) has counted in another process.
struct AllocationProbe: Sendable {
    /// Calls of the C library's allocator, and the bytes asked for, since the process began.
    struct Reading: Sendable {
        /// On the threads named media-0, media-1, …
        var media = 0
        var mediaBytes = 0
        /// On all others.
        var elsewhere = 0
    }

    /// As in AllocationShim.h.
    private static let magic: UInt64 = 0x5041_524C_4F43_531A
    private static let slotBytes = 64

    let path: String
    let pid: Int32

    /// Nil when the file is not the shim's: it was not loaded.
    func read() -> Reading? {
        guard let data = FileManager.default.contents(atPath: path), data.count >= 2 * Self.slotBytes else {
            return nil
        }
        func word(_ offset: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(data[data.startIndex + offset + $1]) << UInt64(8 * $1) }
        }
        guard word(0) == Self.magic else { return nil }
        var reading = Reading()
        let threads = min(Int(word(8)), data.count / Self.slotBytes - 1)
        for slot in 0..<threads {
            let at = (slot + 1) * Self.slotBytes
            let comm = FileManager.default.contents(atPath: "/proc/\(pid)/task/\(word(at))/comm") ?? Data()
            if comm.starts(with: Data("media-".utf8)) {
                reading.media += Int(word(at + 8))
                reading.mediaBytes += Int(word(at + 16))
            } else {
                reading.elsewhere += Int(word(at + 8))
            }
        }
        return reading
    }

    /// The shim's library, which the build puts beside the executables.
    static func shim(beside executable: String) throws -> String {
        let path =
            URL(fileURLWithPath: executable).deletingLastPathComponent().path + "/libAllocationShim.so"
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw LoadTarget.Failure(description: "the allocation shim is not built; make bench/build builds \(path)")
        }
        return path
    }
}

/// Allocations of a gateway while calls do nothing but carry audio both ways.
package struct AllocationResult: Codable, Sendable {
    package var calls = 0
    package var seconds = 0.0
    /// That arrived: callers' at the agent, the agent's at the carrier.
    package var frames = 0
    /// On the media loops' threads.
    package var mediaAllocations = 0
    package var mediaBytes = 0
    /// On all other threads of the process.
    package var otherAllocations = 0
    package var perFrame: Double { Double(mediaAllocations) / Double(max(1, frames)) }
}

/// Counts allocations a frame in a steady stretch: callers are quiet, the agent speaks on and on, nothing begins or ends.
struct AllocationCount {
    /// From a call's greeting through its one short turn to the agent's long answer, which then outlasts the count.
    private static let settleSeconds = 4.0

    let stage: LoadStage
    let options: LoadOptions
    let say: @Sendable (String) -> Void

    func run(calls: Int) async throws -> AllocationResult {
        let file = stage.folder + "/allocations"
        let gateway = try await stage.ownGateway(name: "counted", counting: file)
        do {
            let result = try await count(gateway, file, calls)
            await gateway.stop()
            return result
        } catch {
            await gateway.stop()
            throw error
        }
    }

    private func count(_ gateway: LoadTarget, _ file: String, _ calls: Int) async throws -> AllocationResult {
        let generator = stage.generator
        let scenario = await generator.ask { generator in
            defer { generator.scenario = .steady }
            return generator.scenario
        }
        let runner = LevelRunner(target: gateway, generator: generator, setUpsPerSecond: 100, say: say)
        var standing = await runner.bring(to: calls)
        standing.settleSeconds = 0
        try await Task.sleep(for: .seconds(Self.settleSeconds))
        guard let pid = gateway.probe?.pid, let before = AllocationProbe(path: file, pid: pid).read() else {
            throw LoadTarget.Failure(description: "the gateway runs without the allocation shim: \(file) is not there")
        }
        let stacks = file + ".stacks"
        unsafe truncate(stacks, 0)
        let heardBefore = await Self.framesHeard(generator)
        let level = await runner.measure(standing, holdSeconds: min(20, options.holdSeconds))
        let heard = await Self.framesHeard(generator)
        let after = AllocationProbe(path: file, pid: pid).read() ?? before
        if let path = options.allocationStacksPath {
            try (FileManager.default.contents(atPath: stacks) ?? Data()).write(to: URL(fileURLWithPath: path))
        }
        await runner.hangUpAll()
        await generator.ask { $0.scenario = scenario }
        guard level.callsOpen == calls else {
            throw LoadTarget.Failure(
                description: "\(level.callsOpen) of \(calls) calls stood while allocations were counted")
        }
        return AllocationResult(
            calls: calls, seconds: level.measuredSeconds, frames: heard - heardBefore,
            mediaAllocations: after.media - before.media, mediaBytes: after.mediaBytes - before.mediaBytes,
            otherAllocations: after.elsewhere - before.elsewhere)
    }

    private static func framesHeard(_ generator: LoadGenerator) async -> Int {
        await generator.ask { $0.meter.counts.callerFramesHeard + $0.meter.counts.agentFramesHeard }
    }
}
