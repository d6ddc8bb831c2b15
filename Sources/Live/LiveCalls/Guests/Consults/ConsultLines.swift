import SpeechAgent

/// What we had the agent say for a consult: which of it is what, what is still to be spoken, and what it refused to say.
struct ConsultLines {
    /// What we want to know heard.
    enum Line { case offer, delivery, declined }

    struct Told {
        var text: String
        var line: Line?
        var mode: SpeechAgentCommand.SayMode
        var triesLeft = ConsultLines.triesMax
        var isRefused = false
    }

    /// How often something refused is said again, and how long after the refusal.
    static let triesMax = 5
    static let againMs = 1_000
    private static let openMax = 16

    /// Said and not yet spoken, in order.
    private var open: [Told] = []
    private(set) var againAtMs = Int.max

    mutating func say(_ told: Told) {
        // A line said anew stands for the one before.
        if let line = told.line { open.removeAll { $0.line == line } }
        open.append(told)
        if open.count > ConsultLines.openMax { open.removeFirst() }
    }

    /// What of ours begins with `text`, which the agent speaks now; nil when it is the agent's own.
    mutating func spoken(_ text: String) -> Told? {
        guard let index = open.firstIndex(where: { $0.text.hasPrefix(text) }) else { return nil }
        return open.remove(at: index)
    }

    /// The agent refused to say something, most likely the latest: it is to be said again, a few times.
    mutating func refused(atMs nowMs: Int) {
        guard let index = open.lastIndex(where: { !$0.isRefused }) else { return }
        guard open[index].triesLeft > 0 else {
            open.remove(at: index)
            return
        }
        open[index].isRefused = true
        open[index].triesLeft -= 1
        againAtMs = min(againAtMs, nowMs + ConsultLines.againMs)
    }

    /// What is to be said again by now, in the order in which it was first said.
    mutating func due(atMs nowMs: Int) -> [Told] {
        guard nowMs >= againAtMs else { return [] }
        againAtMs = .max
        let due = open.filter(\.isRefused)
        open.removeAll(where: \.isRefused)
        return due.map { told in
            var told = told
            told.isRefused = false
            return told
        }
    }

    /// The caller cut in, or the agent leg is a new one: nothing of what was said before is to come.
    mutating func forget() {
        open = []
        againAtMs = .max
    }
}
