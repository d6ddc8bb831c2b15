/// The words that a language counts with, without accents.
struct CountingWords: Sendable {
    /// What a word is in a number.
    enum Part: Sendable, Equatable {
        /// 0…19.
        case unit(Double)
        /// 20, 30, … 90; whole ones such as `veinticinco` take no unit.
        case tens(Double, isWhole: Bool = false)
        /// 100, or a whole hundred in one word: `doscientos`.
        case hundreds(Double)
        case hundred
        /// 1,000 and more.
        case scale(Double)
        /// `grand`, `k`: a scale that cannot open a number.
        case slang(Double)
        case fraction(Double)
        /// `a couple of`, `a few`; 12 for a dozen.
        case handful(Double)
        /// `anderthalb`, `zweieinhalb`: what comes with its own half.
        case mixed(Double)
        case and, point, article, of, oh

        /// Only between the parts of a number.
        var isGlue: Bool {
            switch self {
            case .and, .point, .article, .of, .oh: true
            default: false
            }
        }
    }

    let parts: WordTable<Part>
    /// What a written-together number is made of, longest first; empty where numbers are not written together.
    let pieces: [(text: String, part: Part)]
    /// `fünf und zwanzig`.
    let unitComesFirst: Bool

    /// Whether a number may be in the words: most utterances hold none.
    func mayTell(_ words: CodedWords) -> Bool {
        words.contains { word in
            if let part = parts[word] { return !part.isGlue }
            return !pieces.isEmpty || word.utf8.first.map { !(0x61...0x7A).contains($0) } ?? false
        }
    }

    static func of(_ tongue: Tongue) -> CountingWords {
        switch tongue {
        case .english: english
        case .spanish: spanish
        case .german: german
        }
    }

    static let english = CountingWords(
        parts: [
            "zero": .unit(0), "one": .unit(1), "two": .unit(2), "three": .unit(3), "four": .unit(4), "five": .unit(5),
            "six": .unit(6), "seven": .unit(7), "eight": .unit(8), "nine": .unit(9), "ten": .unit(10),
            "eleven": .unit(11), "twelve": .unit(12), "thirteen": .unit(13), "fourteen": .unit(14),
            "fifteen": .unit(15), "sixteen": .unit(16), "seventeen": .unit(17), "eighteen": .unit(18),
            "nineteen": .unit(19), "twenty": .tens(20), "thirty": .tens(30), "forty": .tens(40), "fourty": .tens(40),
            "fifty": .tens(50), "sixty": .tens(60), "seventy": .tens(70), "eighty": .tens(80), "ninety": .tens(90),
            "hundred": .hundred, "thousand": .scale(1e3), "lakh": .scale(1e5), "lakhs": .scale(1e5),
            "lac": .scale(1e5), "lacs": .scale(1e5), "million": .scale(1e6), "millions": .scale(1e6),
            "crore": .scale(1e7), "crores": .scale(1e7), "billion": .scale(1e9), "k": .slang(1e3), "thou": .slang(1e3),
            "grand": .slang(1e3),
            "mil": .slang(1e6), "mill": .slang(1e6), "cr": .slang(1e7), "bn": .slang(1e9),
            "half": .fraction(0.5), "quarter": .fraction(0.25), "quarters": .fraction(0.25),
            "third": .fraction(1 / 3.0),
            "thirds": .fraction(1 / 3.0), "½": .fraction(0.5), "¼": .fraction(0.25), "¾": .fraction(0.75),
            "couple": .handful(2), "few": .handful(3), "dozen": .handful(12), "and": .and, "point": .point,
            "a": .article, "an": .article, "of": .of, "oh": .oh, "o": .oh,
        ], pieces: [], unitComesFirst: false)

    static let spanish = CountingWords(
        parts: [
            "cero": .unit(0), "uno": .unit(1), "un": .unit(1), "una": .unit(1), "dos": .unit(2), "tres": .unit(3),
            "cuatro": .unit(4), "cinco": .unit(5), "seis": .unit(6), "siete": .unit(7), "ocho": .unit(8),
            "nueve": .unit(9), "diez": .unit(10), "once": .unit(11), "doce": .unit(12), "trece": .unit(13),
            "catorce": .unit(14), "quince": .unit(15), "dieciseis": .unit(16), "diecisiete": .unit(17),
            "dieciocho": .unit(18), "diecinueve": .unit(19), "veinte": .tens(20),
            "veintiuno": .tens(21, isWhole: true), "veintiun": .tens(21, isWhole: true),
            "veintiuna": .tens(21, isWhole: true), "veintidos": .tens(22, isWhole: true),
            "veintitres": .tens(23, isWhole: true), "veinticuatro": .tens(24, isWhole: true),
            "veinticinco": .tens(25, isWhole: true), "veintiseis": .tens(26, isWhole: true),
            "veintisiete": .tens(27, isWhole: true), "veintiocho": .tens(28, isWhole: true),
            "veintinueve": .tens(29, isWhole: true), "treinta": .tens(30), "cuarenta": .tens(40),
            "cincuenta": .tens(50), "sesenta": .tens(60), "setenta": .tens(70), "ochenta": .tens(80),
            "noventa": .tens(90), "cien": .hundreds(100), "ciento": .hundreds(100), "doscientos": .hundreds(200),
            "doscientas": .hundreds(200), "trescientos": .hundreds(300), "trescientas": .hundreds(300),
            "cuatrocientos": .hundreds(400), "cuatrocientas": .hundreds(400), "quinientos": .hundreds(500),
            "quinientas": .hundreds(500), "seiscientos": .hundreds(600), "seiscientas": .hundreds(600),
            "setecientos": .hundreds(700), "setecientas": .hundreds(700), "ochocientos": .hundreds(800),
            "ochocientas": .hundreds(800), "novecientos": .hundreds(900), "novecientas": .hundreds(900),
            "mil": .scale(1e3), "millon": .scale(1e6), "millones": .scale(1e6), "k": .slang(1e3),
            "medio": .fraction(0.5),
            "media": .fraction(0.5), "cuarto": .fraction(0.25), "cuartos": .fraction(0.25),
            "tercio": .fraction(1 / 3.0),
            "tercios": .fraction(1 / 3.0), "par": .handful(2), "docena": .handful(12), "y": .and, "coma": .point,
            "punto": .point, "de": .of,
        ], pieces: [], unitComesFirst: false)

    static let german = CountingWords(
        parts: [
            "k": .slang(1e3), "tsd": .slang(1e3), "mio": .slang(1e6), "mrd": .slang(1e9), "und": .and, "komma": .point,
            "ein": .unit(1), "eine": .unit(1), "einen": .unit(1), "einer": .unit(1), "paar": .handful(3),
            "dutzend": .handful(12), "halbe": .fraction(0.5), "halben": .fraction(0.5), "halb": .fraction(0.5),
            "viertel": .fraction(0.25), "dreiviertel": .fraction(0.75), "anderthalb": .mixed(1.5),
            "eineinhalb": .mixed(1.5),
        ],
        pieces: [
            ("siebzehn", .unit(17)), ("sechzehn", .unit(16)), ("dreizehn", .unit(13)), ("vierzehn", .unit(14)),
            ("funfzehn", .unit(15)), ("fuenfzehn", .unit(15)), ("achtzehn", .unit(18)), ("neunzehn", .unit(19)),
            ("millionen", .scale(1e6)), ("milliarden", .scale(1e9)), ("milliarde", .scale(1e9)),
            ("million", .scale(1e6)), ("tausend", .scale(1e3)), ("hundert", .hundred), ("dreissig", .tens(30)),
            ("zwanzig", .tens(20)), ("vierzig", .tens(40)), ("fuenfzig", .tens(50)), ("funfzig", .tens(50)),
            ("sechzig", .tens(60)), ("siebzig", .tens(70)), ("achtzig", .tens(80)), ("neunzig", .tens(90)),
            ("viertel", .fraction(0.25)), ("sieben", .unit(7)), ("zwoelf", .unit(12)), ("zwolf", .unit(12)),
            ("sechs", .unit(6)), ("fuenf", .unit(5)), ("funf", .unit(5)), ("zehn", .unit(10)), ("null", .unit(0)),
            ("eins", .unit(1)), ("zwei", .unit(2)), ("drei", .unit(3)), ("vier", .unit(4)), ("acht", .unit(8)),
            ("neun", .unit(9)), ("halb", .fraction(0.5)), ("zwo", .unit(2)), ("und", .and), ("ein", .unit(1)),
            ("elf", .unit(11)),
        ], unitComesFirst: true)

    /// What `word` is in a number; several parts when it is written together, none when it is no number.
    func parts(of word: String) -> [Part] {
        if let part = parts[word] { return [part] }
        guard !pieces.isEmpty, (3...60).contains(word.utf8.count) else { return [] }
        var rest = word[...]
        var found: [Part] = []
        while !rest.isEmpty {
            guard let piece = pieces.first(where: { rest.hasPrefix($0.text) }) else { return [] }
            found.append(piece.part)
            rest = rest.dropFirst(piece.text.count)
        }
        // `zweieinhalb`, `zweieinhalbtausend`
        if found.count >= 3, case .unit(let whole) = found[0], found[1] == .unit(1), found[2] == .fraction(0.5) {
            return [.mixed(whole + 0.5)] + found.dropFirst(3)
        }
        return found == [.and] ? [] : found
    }
}
