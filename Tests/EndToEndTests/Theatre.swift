import CallModel
import Carrier
import Database
import Foundation
import Gateway
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
    static let streamSilenceMs = 3_000

    private static let opened = Task<Theatre, any Error> { try await Theatre() }

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

    /// Plays a scene with one call.
    func call(
        _ scene: Scene, from: String? = nil, _ steps: [CallerScript.Step],
        options: CallOptions = CallOptions()
    ) async throws -> SimulatedCallReport {
        let script = try Stage.caller(scene.name, steps)
        return try await Turnstile.shared.pass {
            try await stage.carrier.placeCall(from: from, to: scene.number, script: script, options: options)
        }
    }

    /// What every call must leave: exactly one record, and one usage entry.
    func record(of report: SimulatedCallReport) async throws -> Row {
        let row = try #require(try await stage.finalizedCall(report.callSid), "no record of \(report.script)")
        #expect(try await stage.count("calls where carrier_call_sid = $1", [.text(report.callSid)]) == 1)
        #expect(report.violations.isEmpty, "\(report.violations)")
        return row
    }
}

/// Lets a few calls be on at once: more would measure the machine and not the gateway.
actor Turnstile {
    static let shared = Turnstile(places: 6)
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { free = places }

    nonisolated func pass<Result>(_ work: () async throws -> Result) async throws -> Result {
        await enter()
        do {
            let result = try await work()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// The delays and counts of a call's record.
struct Ear: Decodable {
    struct BargeIn: Decodable {
        var detected_ms: Int
        var clear_sent_ms: Int
    }
    var barge_ins: [BargeIn]
    var frames_lost: Int
    var overrun_bytes: Int
    var underrun_bytes: Int

    init(of call: Row) throws {
        self = try JSONDecoder().decode(Ear.self, from: Data(try call.text("ear").utf8))
    }
}
