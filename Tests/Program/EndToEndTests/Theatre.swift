import CallModel
import Database
import Foundation
import Gateway
import SimulatedCarrier
import SpeechAgent
import Synchronization
import TestSupport
import Testing

/// One stage for many short calls, each to a number with a profile and an agent of its own. Stays up until the test run
/// ends: what one call does must not reach another, so they may as well all be on at once.
final class Theatre: Sendable {
    let stage: Stage
    let agent: ScriptedAgent
    private let board: Board

    private final class Board: Sendable {
        let scenes = Mutex<[String: Scene]>([:])
    }

    /// Numbers that pick up when the gateway dials them end in 1, busy ones in 2.
    static let colleague = "+15550990001"
    static let busyColleague = "+15550990002"
    static let streamSilenceMs = 3_000 * Sanitizer.slowness

    private static let opened = Task<Theatre, any Error>.detached { try await Theatre() }

    static func open() async throws -> Theatre { try await opened.value }

    private init() async throws {
        let board = Board()
        let agent = try ScriptedAgent { settings in
            board.scenes.withLock { scenes in
                scenes.first { settings.prompt.hasPrefix("[\($0.key)]") }?.value
            }
        }
        self.board = board
        self.agent = agent
        stage = try await Stage.build(agentURL: agent.url) {
            $0.streamSilenceMs = Self.streamSilenceMs
        } carrier: {
            $0.inboundStatusEvents = ["ringing", "answered", "completed"]
            $0.callee = { number in
                number.hasSuffix("2") ? .busy : .answers(afterMs: 200, script: nil)
            }
        }
    }

    /// - Parameters:
    ///   - profile: columns of its profile that are not as usual, with SQL literals.
    ///   - parts: what the first, second, … agent connection does.
    func scene(
        profile: [String: String] = [:], _ parts: [ScriptedAgent.Part]
    ) async throws -> Scene {
        var parts = parts
        for index in parts.indices { parts[index].speaksInjected = true }
        let played = parts
        let (scene, id) = board.scenes.withLock { scenes in
            let name = "scene \(scenes.count + 1)"
            let scene = Scene(name, number: "+1555020\(String(format: "%04d", scenes.count))", played)
            scenes[name] = scene
            return (scene, UUID())
        }
        var columns = [
            "id": "'\(id.uuidString)'", "tenant_id": "'\(TenantID.initial)'", "name": "'\(scene.name)'",
            "prompt": "'[\(scene.name)] You are a test.'", "greeting": "'Hello, this is a test.'",
            "greeting_known": "'Hello {{first_name}}, this is a test.'",
        ]
        columns.merge(profile) { $1 }
        let names = columns.keys.sorted()
        _ = try await stage.database.rows(
            "insert into profiles (\(names.joined(separator: ", "))) values "
                + "(\(names.map { columns[$0] ?? "" }.joined(separator: ", ")))")
        _ = try await stage.database.rows(
            "insert into phone_numbers (tenant_id, number, profile_id) values ($1, $2, $3)",
            [.uuid(TenantID.initial.uuid), .text(scene.number), .uuid(id)])
        return scene
    }

    typealias Condition = @Sendable ([SimulatedCallEvent]) -> Bool

    /// The caller has heard the agent speak and fall silent.
    static let greeted: Condition = { events in events.contains { $0.kind == .agentFellSilent } }

    /// Plays a scene with one call.
    ///
    /// - Parameters:
    ///   - steps: what the caller does; two minutes of silence when not given.
    ///   - done: when it holds of the events so far the caller hangs up, ``thenMs`` later: on any machine, however slow.
    func call(
        _ scene: Scene, from: String? = nil, _ steps: [CallerScript.Step] = [.staySilent(ms: 120_000), .hangUp],
        options: CallOptions = CallOptions(), until done: Condition? = nil, thenMs: Int = 300
    ) async throws -> SimulatedCallReport {
        let script = try Stage.caller(scene.name, steps)
        let events = Events()
        let carrier = stage.carrier
        let watch = Task {
            guard let done else { return }
            while !done(events.all) { try await Task.sleep(for: .milliseconds(20)) }
            try await Task.sleep(for: .milliseconds(thenMs))
            if let sid = events.callSid { await carrier.callerHangsUp(sid) }
        }
        defer { watch.cancel() }
        return try await carrier.placeCall(
            from: from, to: scene.number, script: script, options: options, onEvent: { events.note($0) })
    }

    private final class Events: Sendable {
        private let seen = Mutex<[SimulatedCallEvent]>([])
        var all: [SimulatedCallEvent] { seen.withLock { $0 } }
        var callSid: String? { all.first { $0.kind == .placed }?.detail }
        func note(_ event: SimulatedCallEvent) { seen.withLock { $0.append(event) } }
    }

    /// What every call must leave: exactly one record, and one usage entry.
    func record(of report: SimulatedCallReport) async throws -> Row {
        let row = try #require(try await stage.finalizedCall(report.callSid), "no record of \(report.script)")
        #expect(try await stage.count("calls where carrier_call_sid = $1", [.text(report.callSid)]) == 1)
        #expect(report.violations.isEmpty, "\(report.violations)")
        return row
    }
}

/// Lets a few in at once, in the order in which they come.
actor Turnstile {
    static let stages = Turnstile(places: 6)
    private var free: Int
    private var waiting: [(places: Int, go: CheckedContinuation<Void, Never>)] = []

    init(places: Int) { free = places }

    nonisolated func pass<Result>(_ places: Int, _ work: () async throws -> Result) async throws -> Result {
        await enter(places)
        do {
            let result = try await work()
            await leave(places)
            return result
        } catch {
            await leave(places)
            throw error
        }
    }

    private func enter(_ places: Int) async {
        if waiting.isEmpty, free >= places {
            free -= places
        } else {
            await withCheckedContinuation { waiting.append((places, $0)) }
        }
    }

    private func leave(_ places: Int) {
        free += places
        while let next = waiting.first, next.places <= free {
            waiting.removeFirst()
            free -= next.places
            next.go.resume()
        }
    }
}

/// The delays and counts of a call's record.
struct Ear: Decodable {
    struct BargeIn: Decodable {
        var detected_ms: Int
        var clear_sent_ms: Int
    }
    struct Response: Decodable {
        var caller_ended_ms: Int
        var first_audio_ms: Int
        var filler_ms: Int?
        var answer_ms: Int?
    }
    var pickup_to_first_audio_ms: Int?
    var responses: [Response]
    var longest_silence_ms: Int
    var barge_ins: [BargeIn]
    var frames_lost: Int
    var overrun_bytes: Int
    var underrun_bytes: Int

    init(of call: Row) throws {
        self = try JSONDecoder().decode(Ear.self, from: Data(try call.text("ear").utf8))
    }
}
