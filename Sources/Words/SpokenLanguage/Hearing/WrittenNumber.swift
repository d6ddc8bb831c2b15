import Encoding

/// A number in digits, in any usual notation: `25,000`, `5.000,00`, `1,00,000`, `1'200'000`, `1/2`, with an optional sign
/// of a currency before or behind it and an optional `k`, `m`, `bn`, `lakh`, `cr`.
struct WrittenNumber: Equatable {
    var value: Double
    /// What a letter behind the digits stands for, or 1.
    var scale: Double
    /// ISO 4217.
    var currency: String?
    /// One dot and three digits behind it: a thousand's, or a decimal one before a scale (`1.250 million`).
    var isDotted = false
    var isFraction = false
    /// Digits and nothing else.
    var isPlain = false

    private static let lengthMax = 24

    init?(_ word: String) {
        var rest = Substring(word)
        // Most words are no number at all: a sign or a digit comes first.
        guard rest.utf8.count <= WrittenNumber.lengthMax, let first = rest.utf8.first,
            first.isASCIIDigit || first == 0x24 || first >= 0x80
        else { return nil }
        currency = WrittenNumber.currency(rest.prefix(1))
        if currency != nil { rest = rest.dropFirst() }
        if let behind = WrittenNumber.currency(rest.suffix(1)) {
            currency = currency ?? behind
            rest = rest.dropLast()
        }
        let digits = rest.prefix { $0.isNumber || [".", ",", "'", "/"].contains($0) }
        guard digits.utf8.first?.isASCIIDigit == true, let scale = WrittenNumber.scale(rest[digits.endIndex...]) else {
            return nil
        }
        self.scale = scale
        // `₹12L`; `5l` is five litres.
        guard !rest.hasSuffix("l") || currency == "INR" else { return nil }
        guard let read = WrittenNumber.value(digits) else { return nil }
        isDotted = read.isDotted && scale == 1
        isFraction = digits.contains("/")
        isPlain = digits.endIndex == word.endIndex && digits.utf8.allSatisfy(\.isASCIIDigit)
        value = (read.isDotted && scale > 1 ? read.value / 1_000 : read.value) * scale
    }

    static func currency(_ sign: Substring) -> String? {
        switch sign {
        case "$": "USD"
        case "€": "EUR"
        case "£": "GBP"
        case "¥": "JPY"
        case "₹": "INR"
        default: nil
        }
    }

    private static func scale(_ letters: Substring) -> Double? {
        switch letters {
        case "": 1
        case "k": 1e3
        case "lakh", "lakhs", "lac", "l": 1e5
        case "m", "mm", "mn", "mio": 1e6
        case "cr": 1e7
        case "bn", "b": 1e9
        default: nil
        }
    }

    private static func value(_ digits: Substring) -> (value: Double, isDotted: Bool)? {
        if let slash = digits.firstIndex(of: "/") {
            guard let above = Double(digits[..<slash]), let below = Double(digits[digits.index(after: slash)...]),
                above > 0, above < below, below <= 10
            else { return nil }
            return (above / below, false)
        }
        if digits.utf8.allSatisfy(\.isASCIIDigit) { return Double(digits).map { ($0, false) } }
        if let half = ["½": 0.5, "¼": 0.25, "¾": 0.75][digits.suffix(1)], let whole = Double(digits.dropLast()) {
            return (whole + half, false)
        }
        guard digits.utf8.allSatisfy({ $0 < 0x80 }), let last = digits.last(where: { !$0.isNumber }) else { return nil }
        let groups = digits.split(omittingEmptySubsequences: false) { $0 == last }
        let others = Set(digits.filter { !$0.isNumber && $0 != last })
        if others.isEmpty, areThousands(groups) {
            let isDotted = last == "." && groups.count == 2
            return Double(groups.joined()).map { ($0, isDotted) }
        }
        // The last sign is the decimal one: it stands once, and what is before it is grouped by the other.
        guard groups.count == 2, last != "'", others.count <= 1, (1...2).contains(groups[1].count) || others.isEmpty
        else { return nil }
        let whole = groups[0].split(omittingEmptySubsequences: false) { !$0.isNumber }
        guard whole.count == 1 || areThousands(whole) else { return nil }
        return Double(whole.joined() + "." + groups[1]).map { ($0, false) }
    }

    /// `25 000`, `1 200 000`, and as India groups them `12 00 000`.
    private static func areThousands(_ groups: [Substring]) -> Bool {
        guard groups.count > 1, let first = groups.first, (1...3).contains(first.count), first.first != "0",
            groups.last?.count == 3
        else { return false }
        let inner = groups.dropFirst().dropLast()
        return inner.allSatisfy { $0.count == 3 } || (first.count <= 2 && inner.allSatisfy { $0.count == 2 })
    }
}
