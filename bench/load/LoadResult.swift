package import Foundation

/// One level of load on one target: what was asked of it, and what came of it. Delays in ms.
package struct LevelResult: Codable, Sendable {
    package var target: String
    package var calls: Int
    /// Streams open when the level was measured.
    package var callsOpen = 0
    package var measuredSeconds = 0.0
    package var callSeconds = 0.0
    package var setUpsPerSecond = 0.0
    package var callerToAgent = DelaySummary()
    package var agentToCaller = DelaySummary()
    package var pickupToAudio = DelaySummary()
    package var bargeInToClear = DelaySummary()
    package var webhook = DelaySummary()
    /// How late the generator sent its own frames.
    package var ownLateness = DelaySummary()
    /// Each second of the measurement by itself.
    package var seconds: [Second] = []
    /// Of set-up and measurement together.
    package var counts = LoadCounts()
    /// CPU of the target, ms a second of a call; nil when its process is not on this machine.
    package var cpuMsPerCallSecond: Double?
    /// Share of one core that the target, its media loops and the generator used.
    package var cpuShare: Double?
    package var mediaCPUShare: Double?
    package var generatorCPUShare = 0.0
    /// CPU of the generator itself, ms a second of a call.
    package var generatorCPUMsPerCallSecond = 0.0
    package var residentKB: Int?
    package var memoryKBPerCall: Double?
    package var descriptors: Int?
    package var threads: Int?

    /// The p99 of one second, ms.
    package struct Second: Codable, Sendable {
        package var callerToAgent: Double
        package var agentToCaller: Double
        /// How late the generator sent its own frames.
        package var own: Double
    }

    init(target: String, calls: Int) {
        self.target = target
        self.calls = calls
    }

    /// Takes over what was recorded, and what was counted since `before`.
    mutating func read(_ meter: LoadMeter, since before: LoadCounts) {
        callerToAgent = meter.callerToAgent.summary
        agentToCaller = meter.agentToCaller.summary
        pickupToAudio = meter.pickupToAudio.summary
        bargeInToClear = meter.bargeInToClear.summary
        webhook = meter.webhook.summary
        ownLateness = meter.ownLateness.summary
        counts = meter.counts - before
    }

    /// How the calls came up, for a level that was measured a second time.
    mutating func takeSetUp(from first: LevelResult) {
        setUpsPerSecond = first.setUpsPerSecond
        pickupToAudio = first.pickupToAudio
        webhook = first.webhook
        memoryKBPerCall = first.memoryKBPerCall
    }

    /// Past this p99 the generator's own frames were late, and nothing it says about others is to be believed.
    package static let ownLatenessMsMax = 2.0
    /// What the search for the capacity means by calls that are carried; nothing passes or fails by it.
    package static let addedMsMax = 5.0

    package var isBelievable: Bool { ownLateness.p99 <= Self.ownLatenessMsMax }

    /// What calls that are on lost, in a few words; nil for nothing.
    package var loss: String? {
        let lost = counts.callerFramesLost + counts.agentFramesLost
        if lost > 0 { return "\(lost) frames lost" }
        if counts.underruns > 0 { return "\(counts.underruns) underruns" }
        return counts.streamsLost > 0 ? "\(counts.streamsLost) streams lost" : nil
    }

    var worstP99: Double { max(callerToAgent.p99, agentToCaller.p99) }

    /// What calls that are on had to suffer, in a few words; nil for nothing.
    package var harm: String? {
        loss ?? (worstP99 > Self.addedMsMax ? "p99 added \(LoadTable.decimal(worstP99, 1)) ms" : nil)
    }

    /// Why the level is worth a second measurement, in a few words: the generator itself was late. Nil when it is not.
    ///
    /// - Parameter orLate: also when frames were late, but none lost: a host that stops everybody for a moment looks like that.
    func doubt(orLate: Bool) -> String? {
        if !isBelievable { return "the generator was late, p99 \(LoadTable.decimal(ownLateness.p99, 2)) ms" }
        let lost = counts.callerFramesLost + counts.agentFramesLost + counts.streamsLost
        return orLate && lost == 0 ? harm : nil
    }

    /// CPU a call-second over that of `yardstick`; nil where either was not read.
    package func cpu(over yardstick: LevelResult) -> Double? {
        guard let mine = cpuMsPerCallSecond, let theirs = yardstick.cpuMsPerCallSecond, theirs > 0 else { return nil }
        return mine / theirs
    }

    /// Why the level is past the target's capacity, in a few words; nil when it holds.
    package var overload: String? {
        if callsOpen < calls { return "\(calls - callsOpen) calls not up" }
        return harm
    }
}

/// One run of the benchmark, as it is written to `bench/results`.
package struct LoadResult: Codable, Sendable {
    package var date: String
    package var command: String
    package var machine: MachineDescription
    package var scenario: LoadScenario
    package var tls: Bool
    package var mediaThreads: Int
    package var levels: [LevelResult] = []
    /// From hang-up to the transaction that finalised the record.
    package var hangUpToRecord: DelaySummary?
    package var recordsMissing: Int?
    package var soak: [SoakSample]?
    package var allocations: AllocationResult?
    /// The most calls with p99 added ≤ 5 ms, no lost frame and no underrun, by target; empty when not looked for.
    package var capacityCalls: [String: Int] = [:]
    package var storm: StormResult?
    package var consults: ConsultsResult?
    package var strangers: StrangersResult?
    package var overload: OverloadResult?
    package var idle: IdleResult?
    package var threads: ThreadsResult?
    /// The gateway's CPU a call-second over the relay's, at equal calls, by level.
    package var cpuOverRelay: [String: Double] = [:]
    /// The same over the floor's.
    package var cpuOverFloor: [String: Double] = [:]

    /// What the gateway is to take at most of what any relay must.
    package static let cpuOverFloorAim = 1.4

    /// What the gateway's process held after so many calls.
    package struct SoakSample: Codable, Sendable {
        package var calls: Int
        package var residentKB: Int
        package var descriptors: Int
        package var threads: Int
    }

    /// Whether the generator kept up at every level.
    package var isBelievable: Bool {
        let measured = levels + (overload?.steps.map(\.level) ?? [])
        let turns = [storm?.turns, consults?.turns, strangers?.turns].compactMap(\.self)
        return measured.allSatisfy(\.isBelievable) && turns.allSatisfy(\.isBelievable)
    }

    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}
