import CallModel
import Foundation
import Runtime
import Synchronization

/// People without a credential: each connects anew, with a full TLS handshake where there is TLS, asks for four things and
/// goes. On threads of their own, paced by the clock.
final class Strangers: Sendable {
    struct Counts: Sendable {
        var connections = 0
        var answers = 0
        var unanswered = 0
    }

    private static let threads = 4
    private static let requests = [
        ("GET", "/healthz", ""), ("GET", "/api/v1/calls", ""),
        ("POST", "/twilio/voice", "CallSid=CA0&From=%2B1&To=%2B1"),
        ("GET", "/nowhere", ""),
    ]
    static var requestsEach: Int { requests.count }

    private let counts = Mutex(Counts())
    private let stopping = Atomic<Bool>(false)
    private let left = Atomic<Int>(threads)

    /// - Parameter perSecond: connections, with four requests each.
    init(_ url: String, perSecond: Int) {
        let host = String(url.drop { $0 != "/" }.dropFirst(2))
        let requests = Self.requests.map { method, path, body in
            "\(method) \(path) HTTP/1.1\r\nhost: \(host)\r\n"
                + (body.isEmpty ? "\r\n" : "content-length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        let pause = Int64(Self.threads) * 1_000_000_000 / Int64(max(1, perSecond))
        for _ in 0..<Self.threads {
            NamedThread.start("strangers") { [self] in
                var due = MonotonicTime.now().nanoseconds
                while !stopping.load(ordering: .relaxed) {
                    visit(url, requests)
                    due += pause
                    let early = due - MonotonicTime.now().nanoseconds
                    if early > 0 { usleep(UInt32(early / 1_000)) }
                }
                left.subtract(1, ordering: .releasing)
            }
        }
    }

    private func visit(_ url: String, _ requests: [String]) {
        let connection = WebhookConnection(url)
        let answered = requests.count { request in connection?.exchange(request).answer.isEmpty == false }
        counts.withLock {
            $0.connections += 1
            $0.answers += answered
            $0.unanswered += requests.count - answered
        }
    }

    func stop() async -> Counts {
        stopping.store(true, ordering: .relaxed)
        while left.load(ordering: .acquiring) > 0 { try? await Task.sleep(for: .milliseconds(10)) }
        return counts.withLock { $0 }
    }
}

/// Calls under way, measured alone and beside strangers, in turns.
struct StrangersPhase {
    private static let rounds = 3
    /// Where the generator was mostly late, there are more.
    private static let roundsMax = 6
    private static let seconds = 5
    private static let leadSeconds = 1

    let runner: LevelRunner
    let scenario: LoadScenario

    func run(calls: Int, perSecond: Int) async -> StrangersResult {
        var result = StrangersResult(perSecondWanted: perSecond)
        await runner.generator.behave(.underWay, .init(scenario: scenario.lasting))
        _ = await runner.bring(to: calls)
        for round in 1...Self.roundsMax where round <= Self.rounds || !result.turns.isBelievable {
            runner.say("round \(round): nobody else")
            let without = await runner.measure(await runner.standing(), holdSeconds: Self.seconds)
            runner.say("round \(round): \(perSecond) strangers a second")
            let strangers = Strangers(runner.target.address.gatewayURL, perSecond: perSecond)
            let began = ContinuousClock.now
            try? await Task.sleep(for: .seconds(Self.leadSeconds))
            let with = await runner.measure(await runner.standing(), holdSeconds: Self.seconds)
            let counts = await strangers.stop()
            result.seconds += began.secondsSince
            result.connections += counts.connections
            result.answers += counts.answers
            result.unanswered += counts.unanswered
            result.turns.rounds.append(.init(without: without, with: with))
        }
        await runner.hangUpAll()
        await runner.generator.behave(.underWay, .init())
        return result
    }
}
