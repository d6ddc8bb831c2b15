import API
import CallModel
import Consult
import Database
import Events
import Foundation
import Gateway
import LiveCalls
import SimulatedCarrier
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

/// A call in which a recorded caller asks something for specialists. The words go as audio over the carrier's stream to
/// the local agent, which recognises them; what it says is synthesised.
struct ConsultCall {
    static let mayWeCall = "rms/allowed-to-call.ulaw"
    static let yes = "rms/yes-please.ulaw"
    static let number = "+15550100888"
    /// Until the agent has said what it has to say.
    static let listen = CallerScript.Step.waitForAgent(silenceMs: 800, timeoutMs: 25_000)
    /// Up to the end of the hold phrase, and of the answer where it follows at once.
    static let agreed = agreed(to: mayWeCall)

    static func agreed(to question: String) -> [CallerScript.Step] {
        [listen, .say(question), listen, .say(yes), listen]
    }

    /// What the caller does before hanging up.
    var steps: [CallerScript.Step]
    var asker: (any Asker)?
    /// Of the profile; short, so that calls are.
    var limits = #"{"expectedSeconds": 5, "specialistsMax": 1}"#
    var settings: [String: String] = [:]
    var agentURL: String?
    var overheard = Overheard()

    func play() async throws -> ConsultScene.Record {
        let stage = try await Stage.build(agentURL: agentURL, settings: settings) { config in
            config.consults.asker = asker
        } carrier: {
            $0.callee = { _ in .answers(afterMs: 200, script: nil) }
        }
        try await arrange(stage)
        overheard.listen(to: stage.gateway)
        let report = try await stage.carrier.placeCall(
            from: "+14155550188", to: ConsultCall.number, script: try Stage.caller("asks", steps + [.hangUp]))
        let record = try await ConsultScene.record(of: report, on: stage)
        #expect(report.violations.isEmpty, "\(report.violations)")
        await stage.strike()
        return record
    }

    /// A profile of its own, whose wording is short.
    private func arrange(_ stage: Stage) async throws {
        let id = UUID()
        let consult = """
            {"limits": \(limits), "signStyle": "spoken", "wording": {"offer": "It takes {seconds} seconds. Shall I?",
            "askAgain": "Sorry, yes or no?", "hold": ["Asking them now."], "bargeIn": ["I am here, please wait."],
            "signs": ["One moment more."], "declined": "The quick answer then.", "cancelled": "I have called that off.",
            "failed": "Somebody calls you back.", "answerIntro": "Here it is."}}
            """
        _ = try await stage.database.rows(
            """
            insert into profiles (id, tenant_id, name, prompt, greeting, greeting_known, human_number, consult)
            values ($1, $2, 'Consults', 'You are a test.', 'Hello, this is Clara.', 'Hello, this is Clara.',
                '+15550990001', $3::jsonb)
            """, [.uuid(id), .uuid(TenantID.initial.uuid), .text(consult)])
        _ = try await stage.database.rows(
            "insert into phone_numbers (tenant_id, number, profile_id) values ($1, $2, $3)",
            [.uuid(TenantID.initial.uuid), .text(ConsultCall.number), .uuid(id)])
    }
}

/// What is said in a stage's calls, as its live feed tells.
final class Overheard: Sendable {
    private let texts = Mutex<[String]>([])

    func listen(to gateway: Gateway) {
        guard let events = gateway.live.subscribe(tenant: .initial) else { return }
        Task {
            for await event in events {
                guard let text = event.text else { continue }
                texts.withLock { $0.append(text) }
            }
        }
    }

    /// Waits until somebody has said `words`, or nobody has for half a minute.
    func until(_ words: String) async throws {
        for _ in 0..<600 where !texts.withLock({ $0.contains { $0.contains(words) } }) {
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension StagedSpecialists {
    /// Shares words with the question of the recordings.
    static let inTheEvening = "You may call customers in the evening until nine."

    static let answering = StagedSpecialists { _, _, _ in inTheEvening }
    static let stalling = StagedSpecialists { _, _, _ in
        try await Task.sleep(for: .seconds(60))
        return ""
    }

    /// One of the specialists asked does `work`, the others answer.
    static func one(_ work: @escaping @Sendable () async throws -> Void) -> StagedSpecialists {
        let chosen = Mutex<SpecialistID?>(nil)
        return StagedSpecialists { specialist, _, _ in
            let isChosen = chosen.withLock { chosen in
                if chosen == nil { chosen = specialist.id }
                return chosen == specialist.id
            }
            if isChosen { try await work() }
            return inTheEvening
        }
    }
}

/// A chat endpoint that does what no endpoint should.
final class ChatStub: Sendable {
    enum Fault: Sendable { case stalls, talksNonsense }

    let url: String
    private let loops: LoopGroup
    private let server: TransportServer
    private let requests = Counter()

    final class Counter: Sendable {
        let count = Mutex(0)
    }

    init(_ fault: Fault) throws {
        loops = try LoopGroup(threads: 1)
        let requests = requests
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { request in
                    // Only consults tell it so; the summary after the call is left to the rules.
                    guard String(decoding: request.body, as: UTF8.self).contains("A caller on the phone") else {
                        return .empty(400)
                    }
                    let number = requests.count.withLock {
                        $0 += 1
                        return $0
                    }
                    switch fault {
                    case .stalls:
                        try? await Task.sleep(for: .seconds(60))
                        return .empty(200)
                    case .talksNonsense:
                        let bodies = [
                            "<html>Gateway Time-out</html>", #"{"choices": [{"message": 7}]}"#, "data: {\"ch\n\n",
                        ]
                        return .json(bodies[number % bodies.count])
                    }
                }, upgrade: { _, _ in .refuse(.empty(404)) }))
        url = "http://127.0.0.1:\(server.boundPort)/v1"
    }

    var requestCount: Int { requests.count.withLock { $0 } }

    func stop() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }
}
