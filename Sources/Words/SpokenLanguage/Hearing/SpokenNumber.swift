import Encoding

/// Numbers as people say and write them: `twenty five thousand`, `25,000`, `25k`, `half a million`, `two point five`.
package struct SpokenNumber: Equatable, Sendable {
    package var value: Double
    /// The words it takes, as indices into ``SpokenText/words``.
    package var words: Range<Int>
    /// The last scale said (`thousand` → 1,000), or 1: what "ten to fifteen thousand" lends to the ten.
    package var scale: Double
    /// `$`, `€` or `£` stood before it.
    package var currency: String?
    /// `a couple`, `a few`: meant loosely.
    package var isLoose: Bool

    /// The number that `text` is, when it is nothing else: `"twenty five"` → 25.
    package static func parse(_ text: String) -> Double? {
        let spoken = SpokenText(text)
        guard let number = parse(spoken, at: 0), number.words.upperBound == spoken.words.count else { return nil }
        return number.value
    }

    /// How many digits are written or said in `text` at most: cheap to say of the many texts that hold few.
    package static func digitsMax(in text: String) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            var digits = 0
            var start = 0
            for at in 0...bytes.count {
                let byte = at < bytes.count ? bytes[at] | 0x20 : 0x20
                guard byte < 0x80 else { return .max }
                if (0x61...0x7A).contains(byte) { continue }
                if at > start, digitWords.mayHold(first: bytes[start] | 0x20, last: bytes[at - 1] | 0x20, at - start) {
                    digits += 2
                }
                if byte.isASCIIDigit { digits += 1 }
                start = at + 1
            }
            return digits
        }
    }

    private static let digitWords: WordFilter = {
        var filter = WordFilter(["oh", "o", "hundred"])
        filter.formUnion(units.filter)
        filter.formUnion(tens.filter)
        return filter
    }()

    package static func find(in text: SpokenText) -> [SpokenNumber] {
        var found: [SpokenNumber] = []
        var index = 0
        while index < text.words.count {
            if let number = parse(text, at: index) {
                found.append(number)
                index = number.words.upperBound
            } else {
                index += 1
            }
        }
        return found
    }

    /// The longest number that begins at word `start`; nil when none does.
    package static func parse(_ text: SpokenText, at start: Int) -> SpokenNumber? {
        var reading = Reading(text: text, at: start)
        return reading.number()
    }

    package static let units: WordTable<Double> = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19,
    ]
    package static let tens: WordTable<Double> = [
        "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90,
    ]
    package static let scales: WordTable<Double> = [
        "hundred": 100, "thousand": 1_000, "k": 1_000, "grand": 1_000, "million": 1_000_000, "mil": 1_000_000,
        "billion": 1_000_000_000,
    ]
}

/// One attempt to read a number from a fixed place on.
private struct Reading {
    private enum Last { case nothing, digits, unit, tens, hundred, scale }

    let text: SpokenText
    let start: Int
    private var index: Int
    private var total = 0.0
    private var current = 0.0
    private var last = Last.nothing
    private var scale = 1.0
    private var currency: String?
    private var isLoose = false
    /// The smallest scale so far above a hundred, and where the words after it began.
    private var closed: (scale: Double, index: Int, total: Double)?

    init(text: SpokenText, at start: Int) {
        self.text = text
        self.start = start
        index = start
    }

    mutating func number() -> SpokenNumber? {
        opening()
        while let word = text[index], take(word) { index += 1 }
        guard last != .nothing else { return nil }
        let value = total + current
        guard value.isFinite, value < 1e12 else { return nil }
        return SpokenNumber(value: value, words: start..<index, scale: scale, currency: currency, isLoose: isLoose)
    }

    /// `a hundred`, `half a million`, `a couple of thousand`, `three quarters of a million`.
    private mutating func opening() {
        if text[index] == "a" || text[index] == "an", let next = text[index + 1] {
            if SpokenNumber.scales[next] != nil || next == "quarter" || next == "half" || next == "couple"
                || next == "few" || next == "dozen"
            {
                index += 1
            }
        }
        switch text[index] {
        case "half", "quarter":
            let fraction = text[index] == "half" ? 0.5 : 0.25
            var next = index + 1
            if text[next] == "of" { next += 1 }
            if text[next] == "a" { next += 1 }
            guard let word = text[next], word != "hundred", SpokenNumber.scales[word] != nil else {
                return index = start
            }
            index = next
            current = fraction
            last = .unit
        case "couple", "few":
            let next = text[index + 1] == "of" ? index + 2 : index + 1
            guard index > start, let word = text[next] else { return index = start }
            guard SpokenNumber.scales[word] != nil || text[index] == "couple" else { return index = start }
            current = text[index] == "couple" ? 2 : 3
            isLoose = true
            last = .unit
            index = SpokenNumber.scales[word] != nil ? next : index + 1
        case "dozen":
            guard index > start else { return index = start }
            current = 12
            last = .tens
            index += 1
        default: break
        }
    }

    private mutating func take(_ word: String) -> Bool {
        if let value = SpokenNumber.units[word] { return unit(value) }
        if let value = SpokenNumber.tens[word] {
            guard [.nothing, .hundred, .scale].contains(last) else { return false }
            current += value
            last = .tens
            return true
        }
        if let value = SpokenNumber.scales[word] { return take(scale: value, word) }
        switch word {
        case "and": return joining()
        case "point": return point()
        default: return digits(word)
        }
    }

    private mutating func unit(_ value: Double) -> Bool {
        switch last {
        case .nothing, .hundred, .scale: break
        case .tens where (1...9).contains(value) && current.truncatingRemainder(dividingBy: 10) == 0: break
        default: return false
        }
        current += value
        last = .unit
        return true
    }

    private mutating func take(scale value: Double, _ word: String) -> Bool {
        if last == .nothing {
            guard word != "k", word != "grand" || index > start, word != "mil" else { return false }
            current = 1
        }
        if value == 100 {
            guard last != .scale || current == 0, current < 100, last != .hundred else { return false }
            current = max(current, 1) * 100
            last = .hundred
        } else {
            if let closed, value >= closed.scale, last != .scale {  // `fifty thousand fifteen thousand` are two.
                (index, total, current, scale) = (closed.index, closed.total, 0, closed.scale)
                last = .scale
                return false
            }
            guard last != .scale || value > scale else { return false }
            if current == 0 {  // `a hundred thousand million`: the larger scale multiplies what was said.
                total *= value
            } else {
                total += current * value
            }
            current = 0
            last = .scale
            closed = (value, index + 1, total)
        }
        scale = value
        return true
    }

    /// `two hundred and fifty`, `two and a half million`.
    private mutating func joining() -> Bool {
        guard last != .nothing, let next = text[index + 1] else { return false }
        if next == "a", text[index + 2] == "half" {
            if last == .scale, current == 0 {
                total += scale / 2
            } else {
                current += 0.5
            }
            index += 2
            return true
        }
        guard last == .hundred || (last == .scale && current == 0) else { return false }
        guard let value = SpokenNumber.units[next] ?? SpokenNumber.tens[next], value > 0 else { return false }
        // `between one hundred and two hundred` are two numbers, `one hundred and two` is one.
        if let after = text[index + 2], let afterScale = SpokenNumber.scales[after],
            last == .hundred || afterScale >= scale
        {
            return after != "hundred" && last == .hundred && text[start - 1] != "between"
        }
        return text[start - 1] != "between"
    }

    private mutating func point() -> Bool {
        guard [.unit, .tens, .digits].contains(last), let next = text[index + 1],
            SpokenNumber.units[next].map({ $0 < 10 }) ?? false
        else { return false }
        var place = 0.1
        while let word = text[index + 1], let digit = SpokenNumber.units[word], digit < 10 {
            current += digit * place
            place /= 10
            index += 1
        }
        return true
    }

    private mutating func digits(_ word: String) -> Bool {
        if last == .digits {  // `25 000`
            guard word == "000", current >= 1, current < 1_000, currency != nil || total == 0 else { return false }
            current *= 1_000
            return true
        }
        guard last == .nothing, let read = Digits(word) else { return false }
        current = read.value
        currency = read.currency
        scale = read.scale
        last = .digits
        if read.scale > 1 {
            total = current
            current = 0
            last = .scale
        }
        return true
    }
}

/// A number in digits: an optional currency sign, digits with commas and a point, an optional `k`, `m`, `bn`.
private struct Digits {
    let value: Double
    let scale: Double
    let currency: String?

    init?(_ word: String) {
        var rest = Substring(word)
        // Most words are no number at all: `$`, `€`, `£` or a digit comes first.
        guard rest.utf8.count <= 24, let first = rest.utf8.first,
            first.isASCIIDigit || first == 0x24 || first >= 0x80
        else { return nil }
        currency = ["$": "USD", "€": "EUR", "£": "GBP"][rest.prefix(1)]
        if currency != nil { rest = rest.dropFirst() }
        var scale = 1.0
        for (suffix, meaning) in [("bn", 1e9), ("mm", 1e6), ("k", 1e3), ("m", 1e6), ("b", 1e9)]
        where rest.hasSuffix(suffix) {
            scale = meaning
            rest = rest.dropLast(suffix.count)
            break
        }
        guard rest.first?.isNumber == true, rest.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "," || $0 == ".") }),
            let number = Double(rest.filter { $0 != "," })
        else { return nil }
        value = number * scale
        self.scale = scale
    }
}
