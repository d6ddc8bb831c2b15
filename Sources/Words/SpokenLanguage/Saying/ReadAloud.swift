/// Written text as a person would read it out: amounts, numbers, times and e-mail addresses become words, because the
/// synthesiser spells them badly. Everything else is left as it is.
package enum ReadAloud {
    package static func spoken(_ text: String) -> String {
        let tokens = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var out: [String] = []
        var index = 0
        while index < tokens.count {
            let (head, core, tail) = peel(tokens[index])
            let next = index + 1 < tokens.count ? peel(tokens[index + 1]) : nil
            if let scale = next.map({ $0.core.lowercased() }), scales.contains(scale), tail.isEmpty,
                let amount = money(core)
            {
                out.append(head + amount + " \(scale) dollars" + (next?.tail ?? ""))
                index += 2
                continue
            }
            out.append(head + word(core) + tail)
            index += 1
        }
        return out.joined(separator: " ")
    }

    /// `text` cut after each sentence, so that the first can be heard while the next is being made.
    package static func sentences(_ text: String) -> [String] {
        var out: [String] = []
        var current = ""
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            current.append(character)
            let ends = character == "." || character == "?" || character == "!"
            let followed = index + 1 == characters.count || characters[index + 1].isWhitespace
            guard ends, followed else { continue }
            let last = current.split(separator: " ").last.map { $0.lowercased() } ?? ""
            if !abbreviations.contains(last) {
                out.append(trimmed(current))
                current = ""
            }
        }
        out.append(trimmed(current))
        return out.filter { $0.contains { $0.isLetter || $0.isNumber } }
    }

    /// 0 … 999 999 999 999 in words, American style without "and"; larger numbers digit by digit.
    package static func cardinal(_ number: Int) -> String {
        guard number.magnitude <= NumberWords.max.magnitude else { return digits(String(number)) }
        // The synthesiser stumbles over a hyphen.
        return NumberWords.cardinal(number, language: "en").replacing("-", with: " ")
    }

    private static let scales: Set<String> = ["thousand", "million", "billion"]
    private static let abbreviations: Set<String> = [
        "mr.", "mrs.", "ms.", "dr.", "st.", "a.m.", "p.m.", "e.g.", "i.e.",
    ]

    private static func peel(_ token: String) -> (head: String, core: String, tail: String) {
        let opening = token.prefix { "\"'([".contains($0) }
        let rest = token.dropFirst(opening.count)
        let closing = rest.reversed().prefix { "\"').,;:!?]".contains($0) }.count
        return (String(opening), String(rest.dropLast(closing)), String(rest.suffix(closing)))
    }

    private static func word(_ core: String) -> String {
        if let amount = money(core) { return amount + (amount == "one" ? " dollar" : " dollars") }
        if core.contains("@") { return email(core) }
        if let time = clock(core) { return time }
        if core.hasSuffix("%"), let share = decimal(String(core.dropLast())) { return share + " percent" }
        let plain = core.filter { $0 != "," && $0 != "-" && $0 != "+" }
        if core.hasPrefix("+") || plain.count > 6, plain.allSatisfy(\.isASCIIDigit), !core.contains(","), !plain.isEmpty
        {
            return digits(plain)
        }
        if core.first?.isASCIIDigit == true, let number = decimal(core) { return number }
        return core
    }

    /// `$25,000`, `$1.5M`, `$40k`: the amount without the word "dollars".
    private static func money(_ core: String) -> String? {
        guard core.hasPrefix("$") else { return nil }
        var rest = core.dropFirst()
        var scale = ""
        if let last = rest.last?.lowercased() {
            if last == "k" { scale = " thousand" }
            if last == "m" { scale = " million" }
            if !scale.isEmpty { rest = rest.dropLast() }
        }
        if scale.isEmpty, rest.hasSuffix(".00") { rest = rest.dropLast(3) }
        guard let amount = decimal(String(rest)) else { return nil }
        return amount + scale
    }

    private static func decimal(_ written: String) -> String? {
        let parts = written.filter { $0 != "," }.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, let number = Int(whole), whole.count <= 12 else { return nil }
        guard parts.count == 2 else { return cardinal(number) }
        guard !parts[1].isEmpty, parts[1].allSatisfy(\.isASCIIDigit) else { return nil }
        return cardinal(number) + " point " + digits(String(parts[1]))
    }

    /// `15:30`, `3:30`, `3pm`: as hours and minutes.
    private static func clock(_ core: String) -> String? {
        var written = core.lowercased()
        var suffix = ""
        for (ending, spoken) in [("pm", " p m"), ("am", " a m")] where written.hasSuffix(ending) {
            suffix = spoken
            written = String(written.dropLast(2))
        }
        let parts = written.split(separator: ":", omittingEmptySubsequences: false)
        guard let hour = parts.first.flatMap({ Int($0) }), (0...24).contains(hour) else { return nil }
        if parts.count == 1 { return suffix.isEmpty ? nil : cardinal(hour) + suffix }
        guard parts.count == 2, parts[1].count == 2, let minute = Int(parts[1]), (0..<60).contains(minute) else {
            return nil
        }
        let minutes =
            switch minute {
            case 0: suffix.isEmpty ? " o'clock" : ""
            case 1..<10: " oh " + cardinal(minute)
            default: " " + cardinal(minute)
            }
        return cardinal(hour) + minutes + suffix
    }

    private static func email(_ core: String) -> String {
        var out = ""
        for character in core {
            switch character {
            case "@": out += " at "
            case ".": out += " dot "
            case "-": out += " dash "
            case "_": out += " underscore "
            case "+": out += " plus "
            case _ where character.isASCIIDigit: out += " " + digits(String(character)) + " "
            default: out.append(character)
            }
        }
        return out.split(separator: " ").joined(separator: " ")
    }

    private static func digits(_ written: String) -> String {
        NumberWords.digits(written[...], language: "en")
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
