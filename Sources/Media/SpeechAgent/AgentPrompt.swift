/// A system prompt in the order in which it is written: the profile's instructions, what holds for this call, and what was
/// added since. Where the whole is too long, the profile's text is what is cut.
package struct AgentPrompt: Equatable, Sendable {
    /// Instructions for every call.
    package var profile: String
    /// Of this call: what time it is, who calls.
    package var call: String
    /// Given in the course of the call, oldest first.
    package private(set) var added: [String] = []

    package init(profile: String, call: String = "") {
        self.profile = profile
        self.call = call
    }

    package mutating func add(_ instructions: String) {
        added.append(instructions)
        if added.count > Self.addedMax { added.removeFirst() }
    }

    /// The whole of it, however long.
    package var text: String { Self.joined([profile, call] + added) }

    private static let addedMax = 64
    private static let separator = "\n\n"

    private static func joined(_ parts: [String]) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: separator)
    }

    /// At most `charactersMax` Unicode scalars of it. What was added last has the first claim, up to half of the room; then
    /// comes what holds for this call, up to a quarter; the profile has the rest, from its beginning.
    func text(charactersMax: Int) -> String {
        let whole = text
        guard whole.unicodeScalars.count > charactersMax else { return whole }
        var latest: [String] = []
        var room = charactersMax / 2
        for instructions in added.reversed() {
            let length = instructions.unicodeScalars.count + Self.separator.count
            guard length <= room else { break }
            room -= length
            latest.append(instructions)
        }
        let rest = Self.joined([call.first(charactersMax / 4)] + latest.reversed())
        let left = charactersMax - rest.unicodeScalars.count - Self.separator.count
        return Self.joined([profile.first(max(0, left)), rest])
    }
}

extension String {
    fileprivate func first(_ scalars: Int) -> String { String(unicodeScalars.prefix(scalars)) }
}
