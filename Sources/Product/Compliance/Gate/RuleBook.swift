import FoundationEssentials

/// The rules of calling by set: those that ship with Parley, and a tenant's own beside them.
package struct RuleBook: Sendable {
    /// Rules that belong together, with the countries they are for.
    package struct RuleSet: Codable, Equatable, Sendable {
        package var id: String
        /// The day on which it was put together.
        package var version: String
        package var title: String
        /// ISO 3166-1; empty: wherever, as for a set that only others include.
        package var countries: [String]
        /// Sets whose rules hold as well.
        var includes: [String]?
        /// Its states or provinces have rules of their own: where it is not known which it is, nobody is called.
        var needsRegion: Bool?
        package var rules: [CallingRule]

        enum CodingKeys: String, CodingKey {
            case id, version, title, countries, includes
            case needsRegion = "needs_region"
            case rules
        }
    }

    package struct Mistake: Error, CustomStringConvertible {
        package let description: String
    }

    package static let shipped: RuleBook = {
        do { return try RuleBook(EmbeddedFiles.texts) } catch { preconditionFailure("\(error)") }
    }()

    private let sets: [String: RuleSet]

    /// - Parameter texts: JSON of one set each.
    init(_ texts: [String: String]) throws {
        var sets: [String: RuleSet] = [:]
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            let set: RuleSet
            do { set = try JSONDecoder().decode(RuleSet.self, from: Data(text.utf8)) } catch {
                throw Mistake(description: "\(name): \(error)")
            }
            for rule in set.rules {
                if let mistake = rule.mistake { throw Mistake(description: "\(name), rule \(rule.id): \(mistake)") }
            }
            sets[set.id] = set
        }
        for set in sets.values {
            for other in set.includes ?? [] where sets[other] == nil {
                throw Mistake(description: "\(set.id) includes \(other), which there is not")
            }
        }
        self.sets = sets
    }

    /// Those that a tenant can choose.
    package var choices: [RuleSet] { sets.values.filter { !$0.countries.isEmpty }.sorted { $0.id < $1.id } }

    package func set(_ id: String) -> RuleSet? { sets[id] }

    /// The sets named that are for a country, and those they include.
    func sets(_ names: [String], for country: String) -> [RuleSet] {
        let chosen = names.compactMap { sets[$0] }.filter { $0.countries.contains(country) }
        var (found, seen): ([RuleSet], Set<String>) = ([], [])
        var open = chosen.map(\.id)
        while let id = open.popLast() {
            guard seen.insert(id).inserted, let set = sets[id] else { continue }
            found.append(set)
            open += set.includes ?? []
        }
        return found
    }

    /// The least that the sets named, and those they include, allow a number to call from; nil where they say nothing of it.
    package func callerIDLimit(of names: [String]) -> (day: Int, minute: Int)? {
        let countries = Set(names.compactMap { sets[$0] }.flatMap(\.countries))
        let limits = countries.flatMap { sets(names, for: $0) }.flatMap(\.rules).compactMap(\.callerID)
        guard let day = limits.map(\.dayMax).min(), let minute = limits.map(\.minuteMax).min() else { return nil }
        return (day, minute)
    }
}
