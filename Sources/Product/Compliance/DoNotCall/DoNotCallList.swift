import Encoding

/// A list of numbers that are not to be called, by its name: a country's registry (`us-national`), a state's (`us-tx`), or the
/// tenant's own (`internal`).
package struct DoNotCallList: Hashable, Sendable {
    package static let own = DoNotCallList(unchecked: "internal")
    private static let bytesMax = 40

    package let name: String

    private init(unchecked name: String) { self.name = name }

    /// Nil for what is no such name, by the same rule as the table's (`list_is_a_name`).
    package init?(_ name: String) {
        let parts = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isPlain = name.utf8.allSatisfy { $0.isLowercaseOrDigit || $0 == UInt8(ascii: "-") }
        let hasCountry = parts[0].count == 2 && !parts[0].contains(where: \.isASCIIDigit)
        let isOfCountry = isPlain && hasCountry && parts.count > 1 && !parts.contains(where: \.isEmpty)
        guard name.utf8.count <= Self.bytesMax, name == Self.own.name || isOfCountry else { return nil }
        self.name = name
    }

    /// ISO 3166-1; nil of the tenant's own.
    package var country: String? {
        guard self != Self.own else { return nil }
        let country = name.prefix(2).uppercased()
        return country == "UK" ? "GB" : country
    }
}

/// How the numbers of a country are written that do not begin with its code.
package struct NumberPlan: Sendable {
    private var code: [UInt8]
    /// Of a number without code and trunk zero.
    private var digits: ClosedRange<Int>
    private var hasTrunkZero: Bool
    /// An area code may have a column of its own.
    let splitsArea: Bool

    package static let countries = ["US", "CA", "GB", "IN"]

    /// Nil for a country whose numbers have to be whole.
    package init?(country: String) {
        switch country {
        case "US", "CA": (code, digits, hasTrunkZero, splitsArea) = ([1], 10...10, false, true)
        case "GB": (code, digits, hasTrunkZero, splitsArea) = ([4, 4], 9...10, true, false)
        case "IN": (code, digits, hasTrunkZero, splitsArea) = ([9, 1], 10...10, true, false)
        default: return nil
        }
    }

    /// - Parameter written: digits by their value, without a plus.
    /// - Returns: those of the number in E.164; nil for none of this country.
    func whole(_ written: ArraySlice<UInt8>) -> [UInt8]? {
        let own = withoutTrunkZero(written)
        guard !digits.contains(own.count), own.starts(with: code) else { return joined(own) }
        return joined(withoutTrunkZero(own.dropFirst(code.count)))
    }

    /// - Parameter whole: with its country's code, of whatever country.
    /// - Returns: nil where the country's plan is known here and has no such number.
    static func checked(_ whole: [UInt8]) -> [UInt8]? {
        guard let plan = known.first(where: { whole.starts(with: $0.code) }) else { return whole }
        return plan.joined(plan.withoutTrunkZero(whole.dropFirst(plan.code.count)))
    }

    private static let known = countries.compactMap { NumberPlan(country: $0) }

    private func withoutTrunkZero(_ own: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        hasTrunkZero && own.first == 0 ? own.dropFirst() : own
    }

    private func joined(_ own: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.contains(own.count), let first = own.first, first > (code == [1] ? 1 : 0) else { return nil }
        return code + own
    }
}

extension UInt8 {
    fileprivate var isLowercaseOrDigit: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
