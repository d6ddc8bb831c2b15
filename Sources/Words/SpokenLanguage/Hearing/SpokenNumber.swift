import Encoding

/// Numbers as people say and write them: `twenty five thousand`, `25,000`, `25k`, `half a million`, `two point five`.
package struct SpokenNumber: Equatable, Sendable {
    package var value: Double
    /// The words it takes, as indices into ``SpokenText/words``.
    package var words: Range<Int>
    /// The last scale said (`thousand` → 1,000), or 1.
    package var scale: Double
    /// The sign that stood with it, as ISO 4217.
    package var currency: String?
    /// `a couple`, `a few`: meant loosely.
    package var isLoose: Bool
    /// In digits: no words for it.
    package var isWritten: Bool
    /// What "ten to fifteen thousand" can lend to the ten: the products of its scales, the greatest first.
    var lends: [Double]

    /// The number that `text` is, when it is nothing else: `"twenty five"` → 25.
    package static func parse(_ text: String, in tongue: Tongue = .english) -> Double? {
        let spoken = SpokenText(text, in: tongue)
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
        var filter = WordFilter(["oh", "o", "hundred", CountedDigits.eleven])
        filter.formUnion(units.filter)
        filter.formUnion(tens.filter)
        filter.formUnion(CountedDigits.filter)
        return filter
    }()

    package static func find(in text: SpokenText) -> [SpokenNumber] {
        guard CountingWords.of(text.tongue).mayTell(text.plainTexts) else { return [] }
        var reader = NumberReader(text, text.words.indices)
        return reader.all()
    }

    /// The longest number that begins at word `start`; nil when none does.
    package static func parse(_ text: SpokenText, at start: Int) -> SpokenNumber? {
        guard text.words.indices.contains(start) else { return nil }
        var reader = NumberReader(text, start..<min(start + NumberReader.wordsMax, text.words.count))
        return reader.number(at: 0)
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
