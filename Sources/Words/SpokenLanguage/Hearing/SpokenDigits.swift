import Encoding

/// Rows of digits as people say, write and key them: `4111 1111`, `four one double one`, `forty one eleven`, `three ones`,
/// with what people say meanwhile: "uh let me see".
package struct SpokenDigits: Sendable {
    /// One word or written group, with the digits it stands for.
    package struct Piece: Equatable, Sendable {
        /// 0…9 each, as the piece is usually meant; may be empty for a word that only may be a digit.
        package var digits: [UInt8]
        /// Another thing it may mean: `sixty five` as 6 0 5, `oh` as a sigh, `for` as a four.
        package var other: [UInt8]?
        package var range: Range<String.Index>
        /// Its first word among ``SpokenDigits/words``.
        package var word: Int
        package var isWritten: Bool
        /// Words that are no digits stand between the piece before and this one.
        package var isApart: Bool

        package init(
            digits: [UInt8], other: [UInt8]? = nil, range: Range<String.Index>, word: Int, isWritten: Bool,
            isApart: Bool
        ) {
            self.digits = digits
            self.other = other
            self.range = range
            self.word = word
            self.isWritten = isWritten
            self.isApart = isApart
        }
    }

    /// Digits with nothing but fillers between them.
    package struct Row: Equatable, Sendable {
        package var pieces: [Piece]
        /// Where the row stands among ``SpokenDigits/words``.
        package var words: Range<Int>

        package init(pieces: [Piece], words: Range<Int> = 0..<0) {
            self.pieces = pieces
            self.words = words
        }

        package var digits: [UInt8] { pieces.flatMap(\.digits) }
        package var range: Range<String.Index>? {
            guard let first = pieces.first, let last = pieces.last else { return nil }
            return first.range.lowerBound..<last.range.upperBound
        }

        /// The row cut where words stand between its pieces: `212 555 0177 and 212 555 0178` are two.
        package var stretches: [[Piece]] {
            var found: [[Piece]] = []
            for piece in pieces {
                if found.isEmpty || piece.isApart { found.append([]) }
                found[found.count - 1].append(piece)
            }
            return found
        }
    }

    /// All words and written groups in lower case, for rules about what stands around a row.
    package let words: CodedWords
    package let rows: [Row]
    /// The first row is preceded by fillers only, if at all.
    package let opensWithRow: Bool
    /// The last row is followed by fillers only, if at all.
    package let closesWithRow: Bool

    /// Nothing but fillers: neither a digit nor a word that means something.
    package var isFiller: Bool { rows.isEmpty && words.allSatisfy(SpokenDigits.fillers.contains) }

    /// How many fillers may stand between two digits of a row.
    private static let fillersMax = 12

    /// Whether a text can hold a row of `count` digits at all: cheap to say of the many that cannot.
    package static func mayHold(_ count: Int, in text: String) -> Bool { SpokenNumber.digitsMax(in: text) >= count }

    package init(_ text: String) {
        let tokens = SpokenDigits.amountsJoined(SpokenDigits.tokens(of: text), in: text)
        let words = tokens.map { text[$0].lowercased() }
        var rows: [Row] = []
        var open = Row(pieces: [], words: 0..<0)
        func close() {
            // Words that only may be digits do not end a row.
            while open.pieces.last?.digits.isEmpty == true { open.pieces.removeLast() }
            if !open.pieces.isEmpty { rows.append(open) }
            open.pieces = []
        }
        var index = 0
        while index < words.count {
            if !open.pieces.isEmpty, SpokenDigits.isParted(text, tokens[index - 1], tokens[index]) { close() }
            let follows = !open.pieces.isEmpty
            if case (var piece, let count)? = SpokenDigits.piece(words, tokens, at: index, follows: follows) {
                piece.isApart = follows && index > open.words.upperBound
                if !follows { open.words = index..<index }
                if !piece.digits.isEmpty { open.words = open.words.lowerBound..<(index + count) }
                open.pieces.append(piece)
                index += count
            } else {
                let since = index - open.words.upperBound
                if since >= SpokenDigits.fillersMax || !SpokenDigits.fillers.contains(words[index]) { close() }
                index += 1
            }
        }
        close()
        self.words = CodedWords(words)
        self.rows = rows
        opensWithRow =
            rows.first.map { words[..<$0.words.lowerBound].allSatisfy(SpokenDigits.fillers.contains) } ?? false
        closesWithRow = rows.last.map { words[$0.words.upperBound...].allSatisfy(SpokenDigits.mayTrail) } ?? false
    }

    /// Whether what stands between two tokens ends a row: `14:30`, `"1", "2"`, `$5`, another number's `+`.
    private static func isParted(
        _ text: String, _ before: Range<String.Index>, _ after: Range<String.Index>
    ) -> Bool {
        let between = text[before.upperBound..<after.lowerBound]
        guard between.utf8.count > 1 || between.utf8.first != 0x20 else { return false }
        return between.contains { partings.contains($0) }
            || (between.contains(":") && (text[before].utf8.count < 3 || text[after].utf8.count < 3))
    }

    private static let partings: Set<Character> = [
        "\"", "“", "”", "[", "]", "{", "}", "=", "<", ">", "$", "€", "£", "%", "+", "@",
    ]

    /// `25,000`, `164.308` and `2.4.11` as one token each, which is no digits to be read out.
    private static func amountsJoined(
        _ tokens: [Range<String.Index>], in text: String
    ) -> [Range<String.Index>] {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") }) else { return tokens }
        func isDigits(_ token: Range<String.Index>) -> Bool {
            text[token].utf8.allSatisfy { $0.isASCIIDigit }
        }
        /// The end of the groups that begin at `start`, with nothing but `mark` between them.
        func chain(from start: Int, by mark: String) -> Int {
            var end = start + 1
            while end < tokens.count, isDigits(tokens[end]),
                text[tokens[end - 1].upperBound..<tokens[end].lowerBound] == mark
            {
                end += 1
            }
            return end
        }
        var joined: [Range<String.Index>] = []
        var index = 0
        while index < tokens.count {
            var end = index + 1
            if isDigits(tokens[index]) {
                for mark in [",", "."] {
                    let chained = chain(from: index, by: mark)
                    let sizes = tokens[index..<chained].map { text[$0].utf8.count }
                    if isAmount(sizes, hasCommas: mark == ",") { end = chained }
                    // `917.555.0149` is no amount, and neither is its end.
                    guard end == index + 1, chained > index + 2 else { continue }
                    joined.append(contentsOf: tokens[index..<(chained - 1)])
                    index = chained - 1
                    end = chained
                    break
                }
            }
            joined.append(tokens[index].lowerBound..<tokens[end - 1].upperBound)
            index = end
        }
        return joined
    }

    /// Thousands in threes; a fraction, or the numbers of a section. `4111.1111` and `415.555.2671` are neither.
    private static func isAmount(_ sizes: [Int], hasCommas: Bool) -> Bool {
        guard sizes.count > 1 else { return false }
        if hasCommas { return sizes[0] <= 3 && sizes.dropFirst().allSatisfy { $0 == 3 } }
        return sizes.count == 2 ? sizes.contains { $0 < 4 } : sizes.allSatisfy { $0 < 3 }
    }

    private static func mayTrail(_ word: String) -> Bool { fillers.contains(word) || maybeDigits[word] != nil }

    /// Words and groups of digits; what separates them is skipped.
    private static func tokens(of text: String) -> [Range<String.Index>] {
        // What recognisers write is ASCII, where bytes are characters.
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            return tokens(of: text.utf8) { byte in
                byte.isASCIIDigit
                    ? .digit : (0x61...0x7A).contains(byte | 0x20) ? .letter : byte == 0x27 ? .apostrophe : .other
            }
        }
        return tokens(of: text) { character in
            digit(character) != nil
                ? .digit
                : character.isLetter ? .letter : character == "'" || character == "\u{2019}" ? .apostrophe : .other
        }
    }

    private enum Unit { case digit, letter, apostrophe, other }

    private static func tokens<Units: Collection>(
        of units: Units, _ kind: (Units.Element) -> Unit
    ) -> [Range<String.Index>] where Units.Index == String.Index {
        var tokens: [Range<String.Index>] = []
        var start: (index: String.Index, isDigit: Bool)?
        var index = units.startIndex
        while index < units.endIndex {
            let unit = kind(units[index])
            if let open = start, open.isDigit ? unit != .digit : unit != .letter && unit != .apostrophe {
                tokens.append(open.index..<index)
                start = nil
            }
            if start == nil, unit == .digit || unit == .letter { start = (index, unit == .digit) }
            index = units.index(after: index)
        }
        if let open = start { tokens.append(open.index..<units.endIndex) }
        return tokens
    }

    /// The value of a decimal digit of any script.
    private static func digit(_ character: Character) -> UInt8? {
        if let ascii = character.asciiValue { return ascii.isASCIIDigit ? ascii - 0x30 : nil }
        guard let scalar = character.unicodeScalars.first, scalar.properties.generalCategory == .decimalNumber else {
            return nil
        }
        return character.wholeNumberValue.flatMap { UInt8(exactly: $0) }
    }

    /// The digits that begin at word `index`, and how many words they take.
    private static func piece(
        _ words: [String], _ tokens: [Range<String.Index>], at index: Int, follows: Bool
    ) -> (piece: Piece, words: Int)? {
        func word(_ offset: Int) -> String { index + offset < words.count ? words[index + offset] : "" }
        func made(_ digits: [UInt8], or other: [UInt8]? = nil, words count: Int = 1, written: Bool = false)
            -> (piece: Piece, words: Int)
        {
            let range = tokens[index].lowerBound..<tokens[index + count - 1].upperBound
            let piece = Piece(
                digits: digits, other: other, range: range, word: index, isWritten: written, isApart: false)
            return (piece, count)
        }
        let first = word(0)
        let mayBeWritten = first.utf8.first.map { !(0x61...0x7A).contains($0) } ?? false
        let written = mayBeWritten ? first.compactMap(digit) : []
        if !written.isEmpty, written.count == first.count {
            if written.count == 1, let repeated = plurals[word(1)] {
                return made(Array(repeating: repeated, count: Int(written[0])), words: 2)
            }
            return made(written, written: true)
        }
        if let times = multipliers[first] ?? CountedDigits.multipliers[first] {
            let count = CountedDigits.articles.contains(word(1)) ? 2 : 1
            guard let digit = single(word(count)) else { return nil }
            return made(Array(repeating: digit, count: times), words: count + 1)
        }
        if first == "one", passing.contains(word(1)) { return nil }
        if let unit = SpokenNumber.units[first] {
            if let repeated = plurals[word(1)], (2...9).contains(unit) {
                return made(Array(repeating: repeated, count: Int(unit)), words: 2)
            }
            return made(unit < 10 ? [UInt8(unit)] : [1, UInt8(unit) - 10])
        }
        if let tens = SpokenNumber.tens[first] {
            let ten = UInt8(tens) / 10
            guard let unit = SpokenNumber.units[word(1)], (1...9).contains(unit) else { return made([ten, 0]) }
            return made([ten, UInt8(unit)], or: [ten, 0, UInt8(unit)], words: 2)
        }
        if let counted = counted(first, word) { return made(counted.digits, or: counted.other, words: counted.words) }
        if let zero = zeros[first] { return made([0], or: zero ? [] : nil) }
        if first == CountedDigits.eleven,
            index > 0 && CountedDigits.isOne(words[index - 1]) || CountedDigits.isOne(word(1))
        {
            return made([1, 1])
        }
        guard follows else { return nil }
        if first == "hundred" { return made([0, 0], or: []) }
        return maybeDigits[first].map { made([], or: [$0]) }
    }

    /// Words of ``CountedDigits`` that begin with `first`, what else they may mean, and how many they are.
    private static func counted(
        _ first: String, _ word: (Int) -> String
    ) -> (digits: [UInt8], other: [UInt8]?, words: Int)? {
        if let both = CountedDigits.german(first, word(1), word(2)) {
            return (both, first == "ein" ? nil : [both[1], both[0], 0], 3)
        }
        guard let counted = CountedDigits.digits(of: first) else { return nil }
        if counted.count == 1, word(1) == CountedDigits.times {
            let count = CountedDigits.articles.contains(word(2)) ? 3 : 2
            if let digit = single(word(count)) {
                return (Array(repeating: digit, count: Int(counted[0])), nil, count + 1)
            }
        }
        guard counted.count == 2, counted[1] == 0, word(1) == CountedDigits.and, let unit = CountedDigits.unit(word(2))
        else { return (counted, nil, 1) }
        return ([counted[0], unit], counted + [unit], 3)
    }

    /// One digit, said or written.
    private static func single(_ word: String) -> UInt8? {
        if let unit = SpokenNumber.units[word], unit < 10 { return UInt8(unit) }
        if zeros[word] != nil { return 0 }
        if let counted = CountedDigits.digits(of: word), counted.count == 1 { return counted[0] }
        if let digit = maybeDigits[word] { return digit }
        return word.count == 1 ? word.first.flatMap(digit) : nil
    }

    private static let multipliers: WordTable<Int> = [
        "double": 2, "twice": 2, "triple": 3, "treble": 3, "thrice": 3, "quadruple": 4, "quad": 4,
    ]

    private static let plurals: WordTable<UInt8> = [
        "zeros": 0, "zeroes": 0, "ohs": 0, "ones": 1, "twos": 2, "threes": 3, "fours": 4, "fives": 5, "sixes": 6,
        "sevens": 7, "eights": 8, "nines": 9,
    ]

    /// True for those that may as well mean nothing.
    private static let zeros: WordTable<Bool> = ["oh": true, "o": true, "nought": false, "naught": false, "nil": false]

    /// What recognisers write for a digit that sounds like a word.
    private static let maybeDigits: WordTable<UInt8> = [
        "to": 2, "too": 2, "for": 4, "fore": 4, "ate": 8, "won": 1, "tree": 3,
    ]

    /// What follows the "one" that is no digit: "one moment".
    private static let passing: WordSet = ["moment", "second", "sec", "minute", "more"]

    /// Said while the next digits are looked for.
    package static let fillers: WordSet = [
        "uh", "um", "uhm", "er", "erm", "eh", "ah", "hm", "hmm", "mm", "mhm", "well", "like", "so", "and", "then",
        "next",
        "now", "okay", "ok", "right", "yes", "yeah", "yep", "sure", "please", "sorry", "wait", "hold", "on", "hang",
        "just",
        "a", "the", "one", "moment", "second", "sec", "minute", "more", "let", "me", "let's", "lets", "see", "look",
        "think",
        "i", "i'm", "i've", "got", "it's", "its", "it", "is", "that's", "that", "was", "where", "what", "you", "know",
        "bear", "with", "give", "after", "followed", "by", "again", "dash", "hyphen", "space", "double", "triple",
        "pause",
        "comma", "slash", "rest", "last", "finally", "actually", "can't", "can", "read", "this", "glasses", "my",
        "visa", "mastercard", "amex", "card", "number", "numbers", "digits", "block", "group", "part", "did", "get",
        "are",
        "ready", "there", "here", "comes", "goes", "go", "mean", "no", "nope", "oops", "tick", "pardon", "excuse",
        "check", "find", "need", "have", "grab", "still", "correction", "seconds", "alright", "all", "be", "bit",
        "und", "äh", "ähm", "öhm", "also", "dann", "danach", "jetzt", "ja", "nein", "bindestrich", "leerzeichen",
        "warte",
        "die", "der", "das", "ist", "nummer", "kartennummer", "karte", "meine", "y", "este", "pues", "bueno", "luego",
        "ahora", "sí", "si", "guion", "guión", "espacio", "espere", "espera", "momento", "el", "la", "número", "numero",
        "tarjeta", "mi", "de", "es", "después", "despues",
    ]
}
