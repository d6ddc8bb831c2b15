import Answering
import Foundation

/// What is printed, in Markdown.
struct Tables {
    var outcomes: [Outcome]

    func show(missesToo: Bool) {
        matrix()
        print("")
        targets()
        if missesToo { misses() }
    }

    private func matrix() {
        print(
            "| is \\ taken for | " + Answerer.allCases.map(\.rawValue).joined(separator: " | ")
                + " | known after p50 | p95 | settled p50 | p95 |")
        print("|---|" + String(repeating: "---:|", count: Answerer.allCases.count + 4))
        let rows: [(String, [Outcome])] =
            Answerer.allCases.filter { $0 != .unknown }.map { kind in
                (kind.rawValue, outcomes.filter { $0.recording.kind == kind && !$0.recording.isLong })
            } + [("person, long at once", outcomes.filter(\.recording.isLong))]
        for (name, row) in rows where !row.isEmpty {
            let counts = Answerer.allCases.map { kind in row.count { $0.kind == kind } }
            let times = row.compactMap(\.knownMs).sorted()
            let settled = row.compactMap(\.settledMs).sorted()
            print(
                "| \(name) (\(row.count)) | " + counts.map { $0 == 0 ? "" : "\($0)" }.joined(separator: " | ")
                    + " | \(percentile(times, 50)) | \(percentile(times, 95))"
                    + " | \(percentile(settled, 50)) | \(percentile(settled, 95)) |")
        }
    }

    private func percentile(_ sorted: [Int], _ percent: Int) -> String {
        guard !sorted.isEmpty else { return "–" }
        return String(format: "%.2f s", Double(sorted[min(sorted.count - 1, sorted.count * percent / 100)]) / 1_000)
    }

    private func targets() {
        let people = outcomes.filter { $0.recording.kind == .person && !$0.recording.isLong }
        share("people never taken for a machine, not for a moment", people.count { !$0.wasEverMachine }, people.count)
        share("people never treated as one", people.count { $0.settledMs == nil }, people.count)
        let long = outcomes.filter(\.recording.isLong)
        share("people who talk for long at once, never treated as one", long.count { $0.settledMs == nil }, long.count)
        let machines = outcomes.filter { $0.recording.kind.isMachine }
        let within = { (outcome: Outcome) in outcome.kind.isMachine && (outcome.knownMs ?? .max) <= 4_000 }
        share("machines known to be machines within 4 s", machines.count(where: within), machines.count)
        let longer = machines.filter { !$0.recording.isShort }
        share("those of them that are heard for that long", longer.count(where: within), longer.count)
        share("machines that something would be done about", machines.count { $0.settledMs != nil }, machines.count)
        share("machines known at all", machines.count { $0.kind.isMachine }, machines.count)
        let beeps = outcomes.filter { $0.recording.beepEndMs != nil }
        share(
            "beeps found within 300 ms of their end",
            beeps.count { ($0.beepFoundMs ?? .max) - ($0.recording.beepEndMs ?? 0) <= 300 }, beeps.count)
        let others = outcomes.filter { $0.recording.kind != .network }
        print("- false beeps: \(others.reduce(0) { $0 + $1.falseBeeps }) in \(others.count)")
    }

    private func share(_ name: String, _ count: Int, _ all: Int) {
        guard all > 0 else { return }
        print("- \(name): \(String(format: "%.1f", Double(count) * 100 / Double(all))) % (\(count) of \(all))")
    }

    private func misses() {
        for outcome in outcomes {
            let recording = outcome.recording
            let late = recording.kind.isMachine && (outcome.knownMs ?? .max) > 4_000
            let missed = recording.beepEndMs.map { (outcome.beepFoundMs ?? .max) - $0 > 300 } ?? false
            guard recording.kind.isMachine != outcome.kind.isMachine || late || missed || outcome.falseBeeps > 0 else {
                continue
            }
            print(
                "\(recording.voice) \(recording.name) [\(outcome.line.name)] \(recording.sound.ms) ms: \(outcome.kind.rawValue) "
                    + "after \(outcome.knownMs ?? -1), beep \(outcome.beepFoundMs ?? -1) of \(recording.beepEndMs ?? -1), "
                    + "false beeps \(outcome.falseBeeps)")
        }
    }
}
