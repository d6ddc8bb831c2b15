/// Whole numbers as words, in the languages that have them here; digits in any other.
package enum NumberWords {
    /// Larger ones stay digits.
    package static let max = 999_999_999_999

    package static func cardinal(_ number: Int, language: String) -> String {
        guard number.magnitude <= max.magnitude else { return String(number) }
        switch language {
        case "en": return number < 0 ? "minus \(english(-number))" : english(number)
        case "es": return number < 0 ? "menos \(spanish(-number))" : spanish(number)
        case "de": return number < 0 ? "minus \(german(-number))" : german(number)
        default: return String(number)
        }
    }

    /// A year as it is said: `1998` → nineteen ninety-eight, `2005` → two thousand five.
    static func year(_ year: Int, language: String) -> String {
        guard language == "en" else {
            guard language == "de", (1_100...1_999).contains(year) else { return cardinal(year, language: language) }
            return german(year / 100) + "hundert" + (year % 100 == 0 ? "" : german(year % 100))
        }
        let (century, rest) = (year / 100, year % 100)
        if (2_000...2_009).contains(year) || year % 1_000 == 0 { return english(year) }
        if rest == 0 { return "\(english(century)) hundred" }
        return "\(english(century)) \(rest < 10 ? "oh " : "")\(english(rest))"
    }

    /// Digits one by one, as after a decimal point.
    static func digits(_ digits: Substring, language: String) -> String {
        digits.compactMap(\.wholeNumberValue).map { cardinal($0, language: language) }.joined(separator: " ")
    }

    /// `1st` → first, `30th` → thirtieth; English only.
    static func ordinal(_ number: Int) -> String {
        let words = english(number)
        let cut = words.lastIndex { $0 == " " || $0 == "-" }.map { words.index(after: $0) } ?? words.startIndex
        let last = String(words[cut...])
        let irregular = [
            "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
            "twelve": "twelfth",
        ]
        let ending = irregular[last] ?? (last.hasSuffix("y") ? "\(last.dropLast())ieth" : "\(last)th")
        return words[..<cut] + ending
    }

    // MARK: English

    private static let englishUnits = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let englishTens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]

    private static func english(_ number: Int) -> String {
        switch number {
        case ..<20: return englishUnits[number]
        case ..<100:
            return englishTens[number / 10] + (number % 10 == 0 ? "" : "-\(englishUnits[number % 10])")
        default:
            for (scale, name) in [
                (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"),
            ]
            where number >= scale {
                let rest = number % scale == 0 ? "" : " \(english(number % scale))"
                return "\(english(number / scale)) \(name)\(rest)"
            }
            return String(number)
        }
    }

    // MARK: Spanish

    private static let spanishUnits = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
        "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
        "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
        "veintinueve",
    ]
    private static let spanishTens = [
        "", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ]
    private static let spanishHundreds = [
        "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
        "ochocientos", "novecientos",
    ]

    private static func spanish(_ number: Int) -> String {
        switch number {
        case ..<30: return spanishUnits[number]
        case ..<100:
            return spanishTens[number / 10] + (number % 10 == 0 ? "" : " y \(spanishUnits[number % 10])")
        case 100: return "cien"
        case ..<1_000: return join(spanishHundreds[number / 100], number % 100, spanish)
        case ..<1_000_000:
            let thousands = number / 1_000
            return join(thousands == 1 ? "mil" : "\(beforeNoun(spanish(thousands))) mil", number % 1_000, spanish)
        default:
            let millions = number / 1_000_000
            let head = millions == 1 ? "un millón" : "\(beforeNoun(spanish(millions))) millones"
            return join(head, number % 1_000_000, spanish)
        }
    }

    /// `uno` loses its end before a noun: `veintiún mil`, `treinta y un millones`.
    private static func beforeNoun(_ words: String) -> String {
        if words.hasSuffix("veintiuno") { return "\(words.dropLast(3))ún" }
        return words.hasSuffix("uno") ? String(words.dropLast()) : words
    }

    private static func join(_ head: String, _ rest: Int, _ words: (Int) -> String) -> String {
        rest == 0 ? head : "\(head) \(words(rest))"
    }

    // MARK: German

    private static let germanUnits = [
        "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
        "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
    ]
    private static let germanTens = [
        "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig",
    ]

    private static func german(_ number: Int) -> String {
        switch number {
        case ..<20: return germanUnits[number]
        case ..<100:
            let (tens, unit) = (germanTens[number / 10], number % 10)
            return unit == 0 ? tens : "\(unit == 1 ? "ein" : germanUnits[unit])und\(tens)"
        case ..<1_000: return compound(number, 100, "hundert")
        case ..<1_000_000: return compound(number, 1_000, "tausend")
        case ..<1_000_000_000: return large(number, 1_000_000, "Million", "Millionen")
        default: return large(number, 1_000_000_000, "Milliarde", "Milliarden")
        }
    }

    private static func compound(_ number: Int, _ scale: Int, _ name: String) -> String {
        let head = number / scale
        let many = head == 1 ? "ein" : german(head).hasSuffix("eins") ? String(german(head).dropLast()) : german(head)
        return many + name + (number % scale == 0 ? "" : german(number % scale))
    }

    private static func large(_ number: Int, _ scale: Int, _ one: String, _ many: String) -> String {
        let head = number / scale
        return join(head == 1 ? "eine \(one)" : "\(german(head)) \(many)", number % scale, german)
    }
}
