import Runtime

/// Which function calls wait for their answer: each id is run once and answered once, a cancelled one never.
struct ToolLedger: Sendable {
    struct Open: Sendable {
        var call: AgentToolCall
        /// False when the server gave no id: the answer then carries none.
        var hasID: Bool
        var deadline: MonotonicTime
    }

    enum Admission: Equatable { case run(AgentToolCall), duplicate, tooMany }

    static let answerMs: Int64 = 8_000
    static let openMax = 16
    static let rememberedMax = 512

    private(set) var open: [Open] = []
    /// Ids answered, cancelled or open, oldest first.
    private var known: [String] = []
    private var unnamed = 0

    var deadline: MonotonicTime { open.isEmpty ? .distantFuture : open.map(\.deadline).min() ?? .distantFuture }

    /// - Parameter id: nil when the server gave none.
    mutating func admit(id given: String?, name: String, arguments: String, at now: MonotonicTime) -> Admission {
        if given == nil { unnamed += 1 }
        let id = given ?? "unnamed-\(unnamed)"
        guard !known.contains(id) else { return .duplicate }
        remember(id)
        guard open.count < Self.openMax else { return .tooMany }
        let run = AgentToolCall(id: id, name: name, arguments: arguments.isEmpty ? "{}" : arguments)
        open.append(Open(call: run, hasID: given != nil, deadline: now.adding(milliseconds: Self.answerMs)))
        return .run(run)
    }

    /// Returns the ids that were open; the others are remembered, so that a request that comes late is ignored.
    mutating func cancel(_ ids: [String]) -> [String] {
        for id in ids where !known.contains(id) { remember(id) }
        let void = open.filter { ids.contains($0.call.id) }.map(\.call.id)
        open.removeAll { ids.contains($0.call.id) }
        return void
    }

    /// Nil when `id` is not open: unknown, answered, or cancelled.
    mutating func answer(_ id: String) -> Open? {
        guard let index = open.firstIndex(where: { $0.call.id == id }) else { return nil }
        return open.remove(at: index)
    }

    mutating func overdue(at now: MonotonicTime) -> [Open] {
        let late = open.filter { $0.deadline <= now }
        open.removeAll { $0.deadline <= now }
        return late
    }

    mutating func clear() { open.removeAll() }

    private mutating func remember(_ id: String) {
        known.append(id)
        if known.count > Self.rememberedMax { known.removeFirst() }
    }
}

/// What we asked the agent to say, or to take as said, and have not seen come back.
struct InjectionLedger: Sendable {
    static let openMax = 16
    /// A refusal and its warning are one thing when they come this close together.
    static let twinMs: Int64 = 1_000

    private var said: [String] = []
    private var typed: [String] = []
    private var lastRefusal: (kind: String, at: MonotonicTime)?

    mutating func say(_ text: String) {
        said.append(text)
        if said.count > Self.openMax { said.removeFirst() }
    }
    mutating func type(_ text: String) {
        typed.append(text)
        if typed.count > Self.openMax { typed.removeFirst() }
    }

    /// Whether `chunk` begins something we asked the agent to say.
    mutating func spoke(_ chunk: String) -> Bool {
        let chunk = chunk.trimmed
        guard !chunk.isEmpty, let index = said.firstIndex(where: { $0.trimmed.hasPrefix(chunk) }) else { return false }
        said.remove(at: index)
        return true
    }

    /// Whether `text` is the echo of what we typed for the caller.
    mutating func echoed(_ text: String) -> Bool {
        guard let index = typed.firstIndex(where: { $0.trimmed == text.trimmed }) else { return false }
        typed.remove(at: index)
        return true
    }

    /// False when this is the second notice of one refusal.
    mutating func refused(_ kind: String, at now: MonotonicTime) -> Bool {
        if let last = lastRefusal, last.kind != kind, now.milliseconds(since: last.at) < Self.twinMs {
            lastRefusal = nil
            return false
        }
        lastRefusal = (kind, now)
        if !said.isEmpty { said.removeFirst() }
        return true
    }
}

extension String {
    fileprivate var trimmed: Substring {
        let tail = drop(while: \.isWhitespace)
        guard let last = tail.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return tail[...last]
    }
}
