import CRM
import CallModel
import Consult
import Database
import Foundation

/// How long consults take with the embedded specialists: 100 callers agree at once, again and again, and their questions
/// are answered from the knowledge in a private cluster. Fails when the 95th percentile from the grant to the merged
/// answer is over 300 ms.
@main struct ConsultBenchmark {
    private static let concurrent = 100
    private static let rounds = 20
    private static let p95MsMax = 300.0

    private enum Failure: Error { case usage, noGrant }

    static func main() async throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: consult-benchmark <folder of specialists>")
            throw Failure.usage
        }
        let roster = try SpecialistRoster.load(folder: CommandLine.arguments[1])
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-consult-\(UUID().uuidString)")
        let cluster = try await PrivateCluster.start(
            dataDirectory: directory.path(percentEncoded: false), durable: false)
        let isFastEnough: Bool
        do {
            isFastEnough = try await run(cluster, roster)
        } catch {
            await cluster.stop()
            try? FileManager.default.removeItem(at: directory)
            throw error
        }
        await cluster.stop()
        try? FileManager.default.removeItem(at: directory)
        if !isFastEnough { exit(1) }
    }

    private static func run(_ cluster: PrivateCluster, _ roster: SpecialistRoster) async throws -> Bool {
        try await Migrator(ownerURL: cluster.ownerURL).up()
        let database = Database(url: cluster.appURL)
        let store = KnowledgeStore(database: database, roster: roster)
        try await store.prepare(.initial)
        let moderator = Moderator(roster)
        let titles = roster.specialists.flatMap { $0.sections.map(\.title) }
        let gate = ConsultGate(
            limits: ConsultLimits(), wording: try ConsultWording(language: "en"),
            classifier: try ConsentClassifier(language: "en"), detector: try ConsultDetector(language: "en"))

        var tookMs: [Double] = []
        var answered = 0
        var asked = 0
        let cpuBefore = cpuSeconds()
        for round in 0..<rounds {
            var granted: [(ConsultQuestion, ConsentGrant)] = []
            for index in 0..<concurrent {
                // Two questions in one, so that several specialists are asked.
                let at = round * concurrent + index
                let text = titles[at % titles.count] + " " + titles[(at * 7 + 3) % titles.count]
                var call = gate
                granted.append(try grant(text, &call))
            }
            await withTaskGroup(of: (Double, ConsultOutcome).self) { group in
                for (question, grant) in granted {
                    group.addTask {
                        let started = ContinuousClock.now
                        let outcome = await moderator.consult(
                            question, under: grant, limits: ConsultLimits(),
                            asking: KnowledgeAsker(store, tenant: .initial))
                        return (started.duration(to: .now) / .milliseconds(1), outcome)
                    }
                }
                for await (ms, outcome) in group {
                    tookMs.append(ms)
                    asked += outcome.picks.count
                    if outcome.verdict == .answered { answered += 1 }
                }
            }
        }
        let cpuMs = (cpuSeconds() - cpuBefore) * 1_000 / Double(tookMs.count)
        await database.close()

        tookMs.sort()
        func percentile(_ share: Double) -> Double { tookMs[min(tookMs.count - 1, Int(Double(tookMs.count) * share))] }
        let p95 = percentile(0.95)
        print(
            String(
                format: "%d consults, %d at a time, %.1f specialists each, %d answered: "
                    + "p50 %.1f ms, p95 %.1f ms, max %.1f ms (limit p95 %.0f ms); CPU %.2f ms each",
                tookMs.count, concurrent, Double(asked) / Double(tookMs.count), answered, percentile(0.5), p95,
                tookMs[tookMs.count - 1], p95MsMax, cpuMs))
        return p95 <= p95MsMax && answered == tookMs.count
    }

    /// A caller's yes, through the gate as in a call.
    private static func grant(_ text: String, _ gate: inout ConsultGate) throws -> (ConsultQuestion, ConsentGrant) {
        let question = ConsultQuestion(text: text, askedAtMs: 1_000, source: .tool)
        _ = gate.handle(.toolRequested(question, callID: "1"), at: 1_000)
        _ = gate.handle(.offerHeard, at: 3_000)
        for case .begin(let question, let grant) in gate.handle(
            .callerSaid("yes please", audioPositionMs: 4_000), at: 4_000)
        {
            return (question, grant)
        }
        throw Failure.noGrant
    }

    /// Of this process; the database's own is not in it.
    private static func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
