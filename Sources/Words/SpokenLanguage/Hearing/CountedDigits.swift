/// Digits in the words of the languages besides English that calls are held in. A transcript does not say which of them it is
/// in, and a card number that is read out in any of them has to leave it. Articles, and words that are English as well, are
/// none of these.
enum CountedDigits {
    /// What a word stands for, its accents taken off: `cuatro` 4, `dieciseis` 1 6, `veinticinco` 2 5, `einundvierzig` 4 1.
    static func digits(of word: String) -> [UInt8]? {
        if word.utf8.allSatisfy({ $0 < 0x80 }) { return table[word] }
        return table[SpokenWords.folded(word[...], accented: [])]
    }

    static let filter = table.filter

    /// Said so many times by these: `doble cero`, `doppel eins`, `dreimal die eins`.
    static let multipliers: WordTable<Int> = [
        "doble": 2, "doppel": 2, "doppelt": 2, "zweimal": 2, "dreimal": 3, "viermal": 4,
    ]
    /// Behind a number, that many times: `tres veces el uno`.
    static let times = "veces"
    /// Between how often and what.
    static let articles: WordSet = ["el", "la", "die", "der", "das"]

    /// In Spanish; an English word as well, and so a number behind another only.
    static let eleven = "once"

    static func isOne(_ word: String) -> Bool { word == eleven || digits(of: word) != nil }

    /// Between ten and unit: `cuarenta y uno`, `treinta y un`.
    static let and = "y"

    /// The tens and the unit of `ein und vierzig`, said as three words.
    static func german(_ unit: String, _ and: String, _ tens: String) -> [UInt8]? {
        guard and == "und", let tens = digits(of: tens), tens.count == 2, tens[0] > 1, tens[1] == 0 else { return nil }
        if unit == "ein" { return [tens[0], 1] }
        guard let unit = digits(of: unit), unit.count == 1, unit != [0] else { return nil }
        return [tens[0]] + unit
    }

    /// What stands behind `cuarenta y`.
    static func unit(_ word: String) -> UInt8? {
        if word == "un" { return 1 }
        guard let unit = digits(of: word), unit.count == 1, unit != [0] else { return nil }
        return unit[0]
    }

    private static let table: WordTable<[UInt8]> = {
        var found: [(String, [UInt8])] = []
        for (language, words) in [(CountingWords.spanish, spanish), (.german, german + germanCompounds)] {
            for word in words {
                if let digits = digits(language.parts(of: word)) { found.append((word, digits)) }
            }
        }
        return WordTable(found + spanishCompounds)
    }()

    private static func digits(_ parts: [CountingWords.Part]) -> [UInt8]? {
        switch (parts.first, parts.last, parts.count) {
        case (.unit(let unit), _, 1): UInt8(unit) < 10 ? [UInt8(unit)] : [1, UInt8(unit) - 10]
        case (.tens(let tens, _), _, 1): [UInt8(tens) / 10, UInt8(tens) % 10]
        case (.unit(let unit), .tens(let tens, _), 3): [UInt8(tens) / 10, UInt8(unit)]
        default: nil
        }
    }

    private static let spanish =
        [
            "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "doce", "trece",
            "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
            "veintidos",
            "veintitres", "veinticuatro", "veinticinco", "veintiseis", "veintisiete", "veintiocho", "veintinueve",
        ] + spanishTens

    private static let spanishTens = [
        "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ]

    /// As they are written by ear: `cuarentaicinco`.
    private static let spanishCompounds: [(String, [UInt8])] = spanishTens.flatMap { tens in
        ["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"].enumerated().compactMap {
            (place, unit) in
            guard let ten = spanishTens.firstIndex(of: tens) else { return nil }
            return ("\(tens)i\(unit)", [UInt8(ten + 3), UInt8(place + 1)])
        }
    }

    private static let germanTens = [
        "zwanzig", "dreissig", "vierzig", "fuenfzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig",
    ]

    private static let german =
        [
            "null", "eins", "zwei", "zwo", "drei", "vier", "fuenf", "funf", "sechs", "sieben", "acht", "neun", "zehn",
            "elf", "zwoelf", "zwolf", "dreizehn", "vierzehn", "fuenfzehn", "funfzehn", "sechzehn", "siebzehn",
            "achtzehn",
            "neunzehn",
        ] + germanTens

    private static let germanCompounds = germanTens.flatMap { tens in
        ["ein", "zwei", "drei", "vier", "fuenf", "funf", "sechs", "sieben", "acht", "neun"].map { "\($0)und\(tens)" }
    }
}
