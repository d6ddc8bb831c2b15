import FoundationEssentials

/// The oldest few of many files that are looked at once, in any order; holds at most twice as many.
struct OldestFiles {
    private let count: Int
    private var found: [(name: String, at: Date)] = []

    init(count: Int) { self.count = max(0, count) }

    mutating func consider(_ name: String, at: Date) {
        found.append((name, at))
        if found.count >= 2 * count { cut() }
    }

    /// Oldest first.
    var names: [String] {
        var all = self
        all.cut()
        return all.found.map(\.name)
    }

    var heldCount: Int { found.count }

    private mutating func cut() {
        found.sort { $0.at < $1.at }
        found.removeLast(max(0, found.count - count))
    }
}
