import CPhoneNumbers
import Foundation
import Synchronization

/// Where it is what time in a country. Debian's libphonenumber has no time zones (only that for Java has), so a number says no
/// more than its country: a zone is known where all of the country keeps the same time.
package enum RegionZones {
    private static let namesBytesMax = 4_096
    private static let known = Mutex<[String: String?]>([:])

    /// The country's one zone: the first of those that tell the same time all year. Nil where there are several, as in the
    /// United States, and for what is no country.
    ///
    /// - Parameter region: ISO 3166, two capital letters.
    package static func zone(of region: String) -> String? {
        if let zone = known.withLock({ $0[region] }) { return zone }
        let zone = one(of: names(of: region), at: Date.now)
        known.withLock { $0[region] = .some(zone) }
        return zone
    }

    /// All names of a country's zones.
    static func names(of region: String) -> [String] {
        var names = [CChar](repeating: 0, count: namesBytesMax)
        let count = unsafe parley_region_zones(region, &names, names.count)
        return String(decoding: names.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: ",").map(String.init)
    }

    /// The first, when the others tell the same time in each of the next twelve months.
    static func one(of names: [String], at now: Date) -> String? {
        let months = (0..<12).map { now.addingTimeInterval(Double($0) * 30.4 * 86_400) }
        let clocks = names.map { name in
            TimeZone(identifier: name).map { zone in months.map { zone.secondsFromGMT(for: $0) } }
        }
        guard let first = clocks.first, first != nil, clocks.allSatisfy({ $0 == first }) else { return nil }
        return names.first
    }
}
