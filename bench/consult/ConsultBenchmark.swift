import CallModel
import Consult
import Database
import Foundation
import Specialists
import Telemetry

/// How long consults take, 100 callers agreeing at one moment:
///
/// - `files`: from the yes to the merged answer, the specialists answering from the knowledge in a private cluster, twenty
///   times over; moderator and what makes its answer fit for the ear, with the processor time of one consult.
/// - `calls`: from the yes to the first of the answer in the caller's ear, in live calls through gateway, gate and agent, the
///   hold phrase included.
/// - `stalled`: the same with a language model that takes every request and answers none. Fails when one consult is not
///   answered within the limits that it was given.
///
/// How long is long depends on the machine and who else is on it: `files` and `calls` are measured for one caller alone in the
/// same run, and fail when the 95th percentile of all is too many times that.
@main struct ConsultBenchmark {
    private static let rounds = 20
    private static let alone = 20
    /// 95th percentile of all over the one caller's, with what all of them say in real time.
    private static let spokenRatioMax = 1.5
    /// 95th percentile of all at once over what they take one after the other.
    private static let mergedRatioMax = 1.0
    private static let stalledLimits = ConsultLimits(specialistMs: 6_000, wholeMs: 12_000)
    /// What is being said when an answer comes is said to its end.
    private static let lastWordsMs = 4_000.0

    private enum Failure: Error { case usage, noGrant }

    private struct Plan {
        var folder = ""
        var callers = 100
        var parts = ["files", "calls", "stalled"]

        init(_ arguments: [String]) throws {
            var rest = arguments[...]
            guard let first = rest.popFirst() else { throw Failure.usage }
            folder = first
            while let option = rest.popFirst() {
                guard let value = rest.popFirst() else { throw Failure.usage }
                switch option {
                case "--callers":
                    guard let count = Int(value), (1...1_000).contains(count) else { throw Failure.usage }
                    callers = count
                case "--only":
                    guard parts.contains(value) else { throw Failure.usage }
                    parts = [value]
                default: throw Failure.usage
                }
            }
        }
    }

    static func main() async throws {
        Log.level = .error
        let plan: Plan
        do { plan = try Plan(Array(CommandLine.arguments.dropFirst())) } catch {
            print("usage: consult-benchmark FOLDER_OF_SPECIALISTS [--callers N] [--only files|calls|stalled]")
            exit(2)
        }
        let roster = try SpecialistRoster.load(folder: plan.folder)
        let titles = roster.specialists.flatMap { $0.sections.map(\.title) }
        // Two questions in one, so that several specialists are asked.
        let questions = titles.indices.map { titles[$0] + " " + titles[($0 * 7 + 3) % titles.count] }
        print("\(plan.callers) callers agree at one moment; ms from the yes\n")
        print(line("", "consults", "p50", "p95", "max", "limit"))
        var isWell = true
        if plan.parts.contains("files") { isWell = try await files(roster, questions, plan.callers) && isWell }
        if plan.parts.contains("calls") {
            let live = try await LiveConsults(callers: plan.callers, specialists: plan.folder, questions: questions)
                .run()
            let one = try await LiveConsults(callers: 1, specialists: plan.folder, questions: questions).run()
            row("calls: merged answer", live.answeredMs)
            row("calls: one alone, in the ear", one.spokenMs)
            let p95 = row("calls: answer in the ear", live.spokenMs)
            isWell =
                holds("one caller's", p95 / percentile(0.5, one.spokenMs), spokenRatioMax)
                && allDelivered(one, 1) && allDelivered(live, plan.callers) && isWell
        }
        if plan.parts.contains("stalled") {
            let endpoint = try StalledEndpoint()
            var scene = LiveConsults(callers: plan.callers, specialists: plan.folder, questions: questions)
            (scene.languageModel, scene.limits) = (endpoint.url, stalledLimits)
            let live = try await scene.run()
            await endpoint.stop()
            let limit = Double(stalledLimits.wholeMs)
            row("stalled: merged answer", live.answeredMs, limit: "max \(Int(limit))")
            row("stalled: answer in the ear", live.spokenMs, limit: "max \(Int(limit + lastWordsMs))")
            isWell =
                (live.answeredMs.max() ?? .infinity) <= limit
                && (live.spokenMs.max() ?? .infinity) <= limit + lastWordsMs && allDelivered(live, plan.callers)
                && isWell
        }
        if !isWell {
            print("\na limit is exceeded, or a consult was not delivered")
            exit(1)
        }
    }

    private static func allDelivered(_ live: LiveConsults.Result, _ callers: Int) -> Bool {
        let others = live.endings.filter { $0.key != "delivered" }
        if !others.isEmpty { print("not delivered: \(others.map { "\($0.value) \($0.key)" }.joined(separator: ", "))") }
        return others.isEmpty && live.spokenMs.count == callers
    }

    // MARK: The moderator alone

    private static func files(_ roster: SpecialistRoster, _ questions: [String], _ callers: Int) async throws -> Bool {
        try await PrivateCluster.temporary(for: "consult", durable: false) { cluster, _ in
            try await moderate(cluster, roster, questions, callers)
        }
    }

    private static func moderate(
        _ cluster: PrivateCluster, _ roster: SpecialistRoster, _ questions: [String], _ callers: Int
    ) async throws -> Bool {
        try await Migrator(ownerURL: cluster.ownerURL).up()
        let database = Database(url: cluster.appURL)
        let store = KnowledgeStore(database: database, roster: roster)
        try await store.prepare(.initial)
        let moderator = Moderator(roster)
        let gate = ConsultGate(
            limits: ConsultLimits(), wording: try ConsultWording(language: "en"),
            classifier: try ConsentClassifier(language: "en"), detector: try ConsultDetector(language: "en"))
        var tookMs: [Double] = []
        var answered = 0
        var asked = 0
        let asker = KnowledgeAsker(store, tenant: .initial)
        var aloneMs: [Double] = []
        for index in 0..<alone {
            var call = gate
            let (question, grant) = try grant(questions[index % questions.count], &call)
            aloneMs.append(await consult(question, under: grant, moderator, asker).ms)
        }
        let cpuBefore = cpuSeconds()
        for round in 0..<rounds {
            var granted: [(ConsultQuestion, ConsentGrant)] = []
            for index in 0..<callers {
                var call = gate
                granted.append(try grant(questions[(round * callers + index) % questions.count], &call))
            }
            await withTaskGroup(of: (ms: Double, outcome: ConsultOutcome).self) { group in
                for (question, grant) in granted {
                    group.addTask { await consult(question, under: grant, moderator, asker) }
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
        row("files: one alone", aloneMs)
        let p95 = row("files: merged answer", tookMs)
        print(
            String(
                format: "       %.1f specialists each, %d answered, %.2f ms of processor time each",
                Double(asked) / Double(tookMs.count), answered, cpuMs))
        let oneByOne = percentile(0.5, aloneMs) * Double(callers)
        return holds("all one after the other", p95 / oneByOne, mergedRatioMax) && answered == tookMs.count
    }

    private static func consult(
        _ question: ConsultQuestion, under grant: ConsentGrant, _ moderator: Moderator<ContinuousClock>,
        _ asker: KnowledgeAsker
    ) async -> (ms: Double, outcome: ConsultOutcome) {
        let started = ContinuousClock.now
        let outcome = await moderator.consult(question, under: grant, limits: ConsultLimits(), asking: asker)
        _ = outcome.answer()?.prepared(language: "en")
        return (started.duration(to: .now) / .milliseconds(1), outcome)
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

    // MARK: The table

    /// Prints a row, and returns its 95th percentile.
    @discardableResult
    private static func row(_ name: String, _ ms: [Double], limit: String = "") -> Double {
        func text(_ share: Double) -> String {
            let ms = percentile(share, ms)
            return ms.isFinite ? String(format: "%.0f", ms) : "none"
        }
        print(line(name, "\(ms.count)", text(0.5), text(0.95), text(1), limit))
        return percentile(0.95, ms)
    }

    /// Infinite for none.
    private static func percentile(_ share: Double, _ ms: [Double]) -> Double {
        let sorted = ms.sorted()
        return sorted.isEmpty ? .infinity : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    private static func holds(_ what: String, _ ratio: Double, _ most: Double) -> Bool {
        print(String(format: "       p95 over %@: %.2f, at most %.1f", what, ratio, most))
        return ratio <= most
    }

    private static func line(_ name: String, _ columns: String...) -> String {
        name.padding(toLength: 30, withPad: " ", startingAt: 0)
            + columns.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
    }
}
