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

    /// Said twice by these: `doble cero`, `doppel eins`.
    static let doubles: WordSet = ["doble", "doppel", "doppelt"]

    /// In Spanish; an English word as well, and so a number behind another only.
    static let eleven = "once"

    static func isOne(_ word: String) -> Bool { word == eleven || digits(of: word) != nil }

    /// Between ten and unit: `cuarenta y uno`.
    static let and = "y"

    private static let table: WordTable<[UInt8]> = {
        var found: [(String, [UInt8])] = []
        for (language, words) in [(CountingWords.spanish, spanish), (.german, german + germanCompounds)] {
            for word in words {
                if let digits = digits(language.parts(of: word)) { found.append((word, digits)) }
            }
        }
        return WordTable(found)
    }()

    private static func digits(_ parts: [CountingWords.Part]) -> [UInt8]? {
        switch (parts.first, parts.last, parts.count) {
        case (.unit(let unit), _, 1): UInt8(unit) < 10 ? [UInt8(unit)] : [1, UInt8(unit) - 10]
        case (.tens(let tens, _), _, 1): [UInt8(tens) / 10, UInt8(tens) % 10]
        case (.unit(let unit), .tens(let tens, _), 3): [UInt8(tens) / 10, UInt8(unit)]
        default: nil
        }
    }

    private static let spanish = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "doce", "trece",
        "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidos",
        "veintitres", "veinticuatro", "veinticinco", "veintiseis", "veintisiete", "veintiocho", "veintinueve",
        "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ]

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
