/// Figures in a written text turned into words: `$1,250`, `25%`, `2.5`, `2018`, `5-10`, `1st`.
///
/// What is part of a name stays as it is: `B2B`, `HL7`.
struct SpokenFigures {
    private struct Names {
        var percent: String
        var point: String
        var to: String
        /// Singular and plural, whole and hundredth.
        var money: [Character: (one: String, many: String)]
        var and: String
        var cents: String
    }

    private let language: String
    private let names: Names
    private let decimalMark: Character
    private let groupMark: Character

    init(language: String) {
        self.language = language
        decimalMark = language == "en" ? "." : ","
        groupMark = language == "en" ? "," : "."
        switch language {
        case "es":
            names = Names(
                percent: "por ciento", point: "coma", to: "a",
                money: ["$": ("dólar", "dólares"), "€": ("euro", "euros"), "£": ("libra", "libras")], and: "con",
                cents: "centavos")
        case "de":
            names = Names(
                percent: "Prozent", point: "Komma", to: "bis",
                money: ["$": ("Dollar", "Dollar"), "€": ("Euro", "Euro"), "£": ("Pfund", "Pfund")], and: "und",
                cents: "Cent")
        default:
            names = Names(
                percent: "percent", point: "point", to: "to",
                money: ["$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds")], and: "and",
                cents: "cents")
        }
    }

    /// The same words with figures written out: one figure may become several.
    func spoken(_ words: [Substring]) -> [Substring] {
        guard ["en", "es", "de"].contains(language), words.contains(where: SpokenFigures.hasNumber) else {
            return words
        }
        return joined(words).flatMap { word -> [Substring] in
            guard SpokenFigures.hasNumber(word) else { return [word] }
            let opening = word.prefix { "(\"'“".contains($0) }
            let closing = String(word.reversed().prefix { ".,;:!?)\"'”".contains($0) }.reversed())
            let core = word.dropFirst(opening.count).dropLast(closing.count)
            guard core.contains(where: \.isNumber), let said = read(core) else { return [word] }
            return (opening + said + closing).split(separator: " ")
        }
    }

    /// `1.250 €` and `25 %` are one figure each.
    private func joined(_ words: [Substring]) -> [Substring] {
        words.reduce(into: []) { joined, word in
            if let mark = word.unicodeScalars.first, "€$£%".unicodeScalars.contains(mark),
                let last = joined.last, last.unicodeScalars.last?.isNumber == true
            {
                joined[joined.count - 1] = last + word
            } else {
                joined.append(word)
            }
        }
    }

    private static func hasNumber(_ word: Substring) -> Bool { word.unicodeScalars.contains(where: \.isNumber) }

    private func read(_ core: Substring) -> String? {
        let dashes = core.split(whereSeparator: { "-–—".contains($0) })
        if dashes.count == 2, core.first != "-", let low = quantity(bare(dashes[0])), let high = quantity(dashes[1]) {
            return "\(low) \(names.to) \(high)"
        }
        let slashes = core.split(separator: "/")
        if slashes.count == 2, let one = quantity(slashes[0]), let other = quantity(slashes[1]) {
            return "\(one) \(other)"
        }
        return quantity(core)
    }

    /// The lower end of `$5-$10` or `5%-10%` takes its unit from the upper one.
    private func bare(_ text: Substring) -> Substring {
        var text = text
        if let first = text.first, names.money[first] != nil { text = text.dropFirst() }
        return text.last == "%" ? text.dropLast() : text
    }

    private func quantity(_ text: Substring) -> String? {
        var text = text
        var money: (one: String, many: String)?
        if let first = text.first, let name = names.money[first] {
            money = name
            text = text.dropFirst()
        } else if let last = text.last, let name = names.money[last] {
            money = name
            text = text.dropLast()
        }
        if text.last == "%" { return number(text.dropLast(), isCount: true).map { "\($0) \(names.percent)" } }
        var scale = ""
        if money != nil || language == "en", let last = text.last?.lowercased(), let name = scales[last],
            text.dropLast().last?.isNumber == true
        {
            scale = " \(name)"
            text = text.dropLast()
        }
        if language == "en", scale.isEmpty, money == nil, let ordinal = ordinal(text) { return ordinal }
        guard let words = number(text, isCount: money != nil || !scale.isEmpty) else { return nil }
        guard let money else { return words + scale }
        let parts = text.split(separator: decimalMark)
        if scale.isEmpty, parts.count == 2, parts[1].count == 2, let whole = number(parts[0], isCount: true),
            let cents = Int(parts[1])
        {
            let coins =
                cents == 0 ? "" : " \(names.and) \(NumberWords.cardinal(cents, language: language)) \(names.cents)"
            return "\(whole) \(text.hasPrefix("1\(decimalMark)") ? money.one : money.many)\(coins)"
        }
        return "\(words)\(scale) \(text == "1" && scale.isEmpty ? money.one : money.many)"
    }

    private var scales: [String: String] {
        switch language {
        case "en": ["k": "thousand", "m": "million", "b": "billion"]
        default: [:]
        }
    }

    private func ordinal(_ text: Substring) -> String? {
        guard text.count > 2, ["st", "nd", "rd", "th"].contains(text.suffix(2).lowercased()),
            let number = Int(text.dropLast(2)), (1...9_999).contains(number)
        else { return nil }
        return NumberWords.ordinal(number)
    }

    /// - Parameter isCount: it is no year, whatever it looks like.
    private func number(_ text: Substring, isCount: Bool) -> String? {
        let parts = text.split(separator: decimalMark, omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = whole(parts[0]) else { return nil }
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].count <= 9, parts[1].allSatisfy(\.isASCIIDigit) else { return nil }
            let head = NumberWords.cardinal(whole, language: language)
            return "\(head) \(names.point) \(NumberWords.digits(parts[1], language: language))"
        }
        if !isCount, text.count == 4, (1_900...2_099).contains(whole) {
            return NumberWords.year(whole, language: language)
        }
        return NumberWords.cardinal(whole, language: language)
    }

    private func whole(_ text: Substring) -> Int? {
        let groups = text.split(separator: groupMark, omittingEmptySubsequences: false)
        guard let first = groups.first, (1...12).contains(first.count), groups.count == 1 || first.count <= 3,
            groups.dropFirst().allSatisfy({ $0.count == 3 }), groups.joined().allSatisfy(\.isASCIIDigit),
            let number = Int(groups.joined()), number <= NumberWords.max
        else { return nil }
        return number
    }
}
