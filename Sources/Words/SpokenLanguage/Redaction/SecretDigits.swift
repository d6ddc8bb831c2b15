/// Which rows of digits are secret: payment cards by their check digit, national ids, and the short numbers that were
/// asked for or named as what is printed on a card.
enum SecretDigits {
    /// What the conversation leads one to expect of the next digits.
    struct Expectation: Equatable, Sendable {
        /// The other side asked for a check number or a PIN.
        var check = false
        /// The other side asked for a social security number.
        var nationalID = false
        /// A card number was the last thing said.
        var isBehindCard = false
        /// A card number is said in the same words.
        var isWithCard = false
        /// Check numbers that were just given: they are read back.
        var known: Set<[UInt8]> = []
    }

    enum Kind: Equatable, Sendable { case card, nationalID, check }

    struct Found: Equatable, Sendable {
        var kind: Kind
        var digits: [UInt8]
        var range: Range<String.Index>
    }

    /// Digits of a check number, with which the shortest secret begins.
    static let checkDigits = 3...4

    static func find(in spoken: SpokenDigits, expecting: Expectation = Expectation()) -> [Found] {
        var expecting = expecting
        if spoken.rows.contains(where: { !CardNumber.parts(of: $0).isEmpty }) { expecting.isWithCard = true }
        return spoken.rows.flatMap { row -> [Found] in
            let cards = CardNumber.parts(of: row)
            if !cards.isEmpty { return cards.flatMap { found(.card, $0) } }
            if isNationalID(row, spoken, expecting) { return found(.nationalID, row.pieces) }
            return checks(row, spoken, expecting).flatMap { found(.check, $0) }
        }
    }

    private static func found(_ kind: Kind, _ pieces: [SpokenDigits.Piece]) -> [Found] {
        guard let first = pieces.first, let last = pieces.last else { return [] }
        return [
            Found(
                kind: kind, digits: pieces.flatMap(\.digits), range: first.range.lowerBound..<last.range.upperBound)
        ]
    }

    // MARK: National ids

    /// Nine digits written as 3-2-4, or named or asked for as what they are.
    private static func isNationalID(
        _ row: SpokenDigits.Row, _ spoken: SpokenDigits, _ expecting: Expectation
    ) -> Bool {
        let digits = row.digits
        guard digits.count == 9, digits[0] != 9, Array(digits[..<3]) != [0, 0, 0] else { return false }
        let isWritten = row.pieces.map(\.digits.count) == [3, 2, 4] && row.pieces.allSatisfy(\.isWritten)
        return isWritten || expecting.nationalID || asksForNationalID(spoken.words[..<row.words.lowerBound])
    }

    static func asksForNationalID(_ words: some Sequence<String>) -> Bool {
        words.contains { $0 == "social" || $0 == "ssn" }
    }

    // MARK: Check numbers

    private static func checks(
        _ row: SpokenDigits.Row, _ spoken: SpokenDigits, _ expecting: Expectation
    ) -> [[SpokenDigits.Piece]] {
        let isAlone = checkDigits.contains(row.digits.count)
        let isAllThatIsSaid = spoken.rows.count == 1 && spoken.opensWithRow && spoken.closesWithRow
        return (isAlone ? [row.pieces] : row.stretches).filter { pieces in
            let digits = pieces.flatMap(\.digits)
            guard checkDigits.contains(digits.count), let first = pieces.first, let last = pieces.last else {
                return false
            }
            return expecting.check || (expecting.isBehindCard && isAllThatIsSaid) || expecting.known.contains(digits)
                || isNamed(spoken.words, from: first.word, to: last.word)
                || ((expecting.isBehindCard || expecting.isWithCard)
                    && isCalledCode(spoken.words, from: first.word, to: last.word))
        }
    }

    /// Beside a card, a bare "code" is the card's; a zip code or a promo code is not.
    private static func isCalledCode(_ words: CodedWords, from: Int, to: Int) -> Bool {
        let near = max(0, from - codeWords)..<min(words.count, to + 1 + codeWords)
        return near.contains { place in
            guard words[place] == "code", !(from...to).contains(place) else { return false }
            return place == 0 || !otherCodes.contains(words[place - 1])
        }
    }

    private static let codeWords = 4
    private static let otherCodes: Set<String> = [
        "zip", "postal", "post", "area", "country", "dialing", "promo", "promotion", "discount", "voucher", "coupon",
        "order", "tracking", "product", "access", "booking", "sort", "bar", "dress", "source",
    ]

    /// How far from its name a number may stand, in words.
    private static let wordsBefore = 10
    private static let wordsBehind = 7

    private static func isNamed(_ words: CodedWords, from: Int, to: Int) -> Bool {
        let behind = CodedWords(words[(to + 1)...].prefix(wordsBehind))
        return asksForCheck(CodedWords(words[..<from].suffix(wordsBefore))) || asksForCheck(behind)
            || places.matches(behind)
    }

    static func asksForCheck(_ words: CodedWords) -> Bool { checkNames.matches(words) }

    /// Where a card shows its number, said right behind it.
    private static let places = Phrase.list("^ on|at|from the back|reverse|front", "^ is on|at the back|reverse|front")

    private static let checkNames = Phrase.list(
        "security|verification|validation code|codes|number|value|digits", "card verification",
        "check|control number|digit|digits|code|value", "cvv|cvc|cvv2|cvc2|csc|cvn|cid|pin|pincode", "c v v|c|n|2",
        "c s c", "cv number|code|2|two", "digits|digit|numbers|number|code ~ back|reverse|strip|panel",
        "three|four|3|4 ?digits|digit|numbers|number ?code|number on|at|from ~ back|front|card|reverse",
        "back of ?the|your|my|this card")
}

/// A payment card's number: 13 to 19 digits whose last one checks the others (Luhn).
enum CardNumber {
    /// A card has 13 digits or more.
    static let digits = 13...19
    /// Longer rows are nothing that people say to one another: they count as secret unseen.
    private static let digitsMax = 200
    /// Pieces with two meanings whose meanings are all tried with one another.
    private static let doubtsMax = 6
    /// What may follow a card number in one row: a check number, a date, both.
    private static let tails: Set<Int> = [0, 3, 4, 7, 8]

    /// What of a row is a card number with what belongs to it: the fewest stretches that hold it, and short ones behind them.
    /// A telephone number said before it is none of that.
    static func parts(of row: SpokenDigits.Row) -> [[SpokenDigits.Piece]] {
        guard isHeld(in: row.pieces) else { return [] }
        let stretches = row.stretches
        var secret: Set<Int> = []
        for end in stretches.indices {
            let start = (0...end).reversed().first { isHeld(in: Array(stretches[$0...end].joined())) }
            if let start { secret.formUnion(start...end) }
        }
        for place in stretches.indices where secret.contains(place - 1) && !secret.contains(place) {
            if SecretDigits.checkDigits.contains(stretches[place].reduce(0) { $0 + $1.digits.count }) {
                secret.insert(place)
            }
        }
        var parts: [[SpokenDigits.Piece]] = []
        for place in secret.sorted() {
            if secret.contains(place - 1), !parts.isEmpty {
                parts[parts.count - 1] += stretches[place]
            } else {
                parts.append(stretches[place])
            }
        }
        return parts
    }

    /// Whether a card number stands anywhere in a row, whatever is said or keyed before and after it.
    static func isHeld(in pieces: [SpokenDigits.Piece]) -> Bool {
        let digitsAtMost = pieces.reduce(0) { $0 + max($1.digits.count, $1.other?.count ?? 0) }
        guard digitsAtMost >= digits.lowerBound else { return false }
        guard digitsAtMost <= digitsMax else { return true }
        let stretches = SpokenDigits.Row(pieces: pieces).stretches.map { $0.flatMap(\.digits) }
        guard !areTelephones(stretches), !areTelephoneGroups(pieces) else { return false }
        let mayBeAnyNetwork = !stretches.contains(where: isTelephone)
        return readings(pieces).contains { reading in
            let all = reading.digits
            return windows(all.count).contains { window in
                guard passesLuhn(all[window]) else { return false }
                if isIssued(all[window]) { return true }
                guard mayBeAnyNetwork, (2...6).contains(all[window.lowerBound]) else { return false }
                return (window.lowerBound == 0 && tails.contains(all.count - window.upperBound))
                    || (reading.bounds.contains(window.lowerBound) && reading.bounds.contains(window.upperBound))
            }
        }
    }

    /// Whether rows of several utterances are one card number: it begins with the first and ends in the last of them.
    ///
    /// - Parameter isInterrupted: other words were said between two of the rows.
    static func isHeld(across rows: [[SpokenDigits.Piece]], isInterrupted: Bool) -> Bool {
        guard let last = rows.last, rows.count > 1 else { return false }
        let each = rows.map { $0.flatMap(\.digits) }
        guard !areTelephones(each) else { return false }
        let mayBeAnyNetwork = !isInterrupted && !each.contains(where: isTelephone)
        let lastCount = last.flatMap(\.digits).count
        return readings(rows.flatMap(\.self)).contains { reading in
            let all = reading.digits
            return digits.contains { count in
                let rest = all.count - count
                guard rest >= 0, rest < lastCount, tails.contains(rest), passesLuhn(all[..<count]) else { return false }
                return isIssued(all[..<count]) || (mayBeAnyNetwork && (2...6).contains(all[0]))
            }
        }
    }

    private static func windows(_ count: Int) -> some Sequence<Range<Int>> {
        (0...max(0, count - digits.lowerBound)).lazy.flatMap { start in
            digits.lazy.filter { start + $0 <= count }.map { start..<(start + $0) }
        }
    }

    private struct Reading {
        var digits: [UInt8] = []
        /// Where written groups begin and end.
        var bounds: Set<Int> = []
    }

    /// The digits in every way the pieces can be meant.
    private static func readings(_ pieces: [SpokenDigits.Piece]) -> some Sequence<Reading> {
        let doubts = pieces.indices.filter { pieces[$0].other != nil }.prefix(doubtsMax)
        return (0..<(1 << doubts.count)).lazy.map { choice in
            var reading = Reading()
            for (index, piece) in pieces.enumerated() {
                let doubt = doubts.firstIndex(of: index).map { $0 - doubts.startIndex }
                let isOther = doubt.map { choice & (1 << $0) != 0 } ?? false
                if piece.isWritten { reading.bounds.insert(reading.digits.count) }
                reading.digits += isOther ? piece.other ?? [] : piece.digits
                if piece.isWritten { reading.bounds.insert(reading.digits.count) }
            }
            return reading
        }
    }

    static func passesLuhn(_ digits: ArraySlice<UInt8>) -> Bool {
        guard let first = digits.first, digits.contains(where: { $0 != first }) else { return false }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let doubled = place % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    /// Whether a network issues numbers that begin so and are so long (ISO/IEC 7812 ranges as the networks publish them).
    static func isIssued(_ number: ArraySlice<UInt8>) -> Bool {
        func leading(_ count: Int) -> Int { number.prefix(count).reduce(0) { $0 * 10 + Int($1) } }
        let count = number.count
        guard digits.contains(count) else { return false }
        switch leading(2) {
        case 40...49: return [13, 16, 19].contains(count)
        case 51...55: return count == 16
        case 22...27:
            return count == 16 && ((2_221...2_720).contains(leading(4)) || (2_200...2_204).contains(leading(4)))
        case 34, 37: return count == 15
        case 30, 36, 38, 39:
            return (14...19).contains(count) && (leading(2) != 30 || leading(3) < 306 || leading(4) == 3_095)
        case 35: return (16...19).contains(count) && (3_528...3_589).contains(leading(4))
        case 50, 56...69: return true
        case 81, 82: return count == 16
        case 97: return count == 16 && leading(4) == 9_792
        default: return false
        }
    }

    // MARK: Telephone numbers are not cards

    private static func areTelephones(_ stretches: [[UInt8]]) -> Bool {
        stretches.allSatisfy(isTelephone)
            || (stretches.count > 1 && Set(stretches).count == 1 && stretches[0].count <= 12)
    }

    /// Ten digits of the North American plan, or eleven with its 1; nine of the Spanish plan; a trunk's 0, or 00 and a country.
    private static func isTelephone(_ digits: [UInt8]) -> Bool {
        switch (digits.first, digits.count) {
        case (0, 12...15) where digits[1] == 0: digits[2] != 0
        case (0, 10...12): digits[1] != 0
        case (6, 9), (7, 9), (8, 9), (9, 9): true
        case (1, 11): isTelephone(Array(digits.dropFirst()))
        case (_, 10): digits[0] >= 2 && digits[3] >= 2
        default: false
        }
    }

    /// `212 555 0177, 1 212 555 0178`: written in nothing but telephone groups.
    private static func areTelephoneGroups(_ pieces: [SpokenDigits.Piece]) -> Bool {
        var sizes = pieces.map(\.digits.count)[...]
        guard pieces.allSatisfy(\.isWritten) else { return false }
        while !sizes.isEmpty {
            guard
                let shape = [[1, 3, 3, 4], [3, 3, 4], [1, 10], [10], [11]].first(where: { sizes.starts(with: $0) })
            else { return false }
            sizes = sizes.dropFirst(shape.count)
        }
        return true
    }
}
