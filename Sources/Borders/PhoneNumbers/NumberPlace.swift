package import CallModel
import Foundation
import Synchronization

/// Where whoever has a number may be, by how it begins. Numbers move with people, within their area at the least: an area whose
/// exchanges keep different times has all of their zones.
package struct NumberPlace: Equatable, Sendable {
    /// Of more zones than these, it is not known which it is.
    private static let zonesMax = 4

    /// IANA names; empty where nothing is known.
    package var zones: [String]
    /// States and provinces of North America, by ISO 3166-2 (`US-FL`); several share a code.
    package var regions: [String]

    package init(of number: E164) { self = Self.table.place(of: number.text.utf8.dropFirst()) }

    init(zones: [String], regions: [String]) {
        self.zones = zones.count > Self.zonesMax ? [] : zones
        self.regions = regions
    }

    /// The one zone: the first of those that tell the same time all year. Nil where there are several times, and none.
    package var zone: String? {
        guard zones.count > 1 else { return zones.first }
        if let known = Self.alike.withLock({ $0[zones] }) { return known }
        let found = Self.one(of: zones, at: Date.now)
        Self.alike.withLock { $0[zones] = .some(found) }
        return found
    }

    private static let alike = Mutex<[[String]: String?]>([:])

    /// The first, when the others tell the same time in each of the next twelve months.
    static func one(of names: [String], at now: Date) -> String? {
        let months = (0..<12).map { now.addingTimeInterval(Double($0) * 30.4 * 86_400) }
        let clocks = names.map { name in
            TimeZone(identifier: name).map { zone in months.map { zone.secondsFromGMT(for: $0) } }
        }
        guard let first = clocks.first, first != nil, clocks.allSatisfy({ $0 == first }) else { return nil }
        return names.first
    }

    static let table = Table(EmbeddedFiles.texts["Places/prefixes.txt"] ?? "")

    /// Lines of a prefix, its regions with a slash between them or a dash, and its zones.
    struct Table: Sendable {
        private var places: [UInt64: NumberPlace] = [:]
        private var digitsMax = 0

        init(_ text: String) {
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                let parts = line.split(separator: " ")
                guard parts.count == 3, let prefix = UInt64(parts[0]) else { continue }
                let regions = parts[1] == "-" ? [] : parts[1].split(separator: "/").map(String.init)
                places[prefix] = NumberPlace(zones: parts[2].split(separator: ",").map(String.init), regions: regions)
                digitsMax = max(digitsMax, parts[0].utf8.count)
            }
        }

        var count: Int { places.count }

        var all: some Collection<NumberPlace> { places.values }

        /// - Parameter digits: from the country code on. The longest prefix that is known counts.
        func place(of digits: some Sequence<UInt8>) -> NumberPlace {
            var (prefix, found): (UInt64, NumberPlace?) = (0, nil)
            for digit in digits.prefix(digitsMax) {
                prefix = prefix * 10 + UInt64(digit & 0x0F)
                if let place = places[prefix] { found = place }
            }
            return found ?? NumberPlace(zones: [], regions: [])
        }
    }
}
