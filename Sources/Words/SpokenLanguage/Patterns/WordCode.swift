/// A word as a number of sixteen bytes, so that patterns compare words without looking at letters.
///
/// Words of up to fifteen ASCII letters are their letters, first one lowest, and their count in the highest byte: equal
/// codes are equal words, and what a word begins with is told by a mask. For others a hash stands, whatever way their
/// accents are spelled in.
struct WordCode: Hashable, Sendable {
    private static let lettersMax = 15
    /// In the place of the count, where a hash stands.
    private static let hashed: UInt64 = 0xFF << 56

    private let low: UInt64
    private let high: UInt64

    init(_ word: String) {
        let letters = word.utf8.withContiguousStorageIfAvailable { WordCode(letters: $0) } ?? nil
        self = letters ?? WordCode(hashOf: word)
    }

    private init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    private init(hashOf word: String) {
        self.init(low: UInt64(truncatingIfNeeded: word.hashValue), high: WordCode.hashed)
    }

    /// Nil when they are too many, or not ASCII.
    private init?(letters: UnsafeBufferPointer<UInt8>) {
        guard letters.count <= WordCode.lettersMax else { return nil }
        var (low, high) = (UInt64(0), UInt64(letters.count) << 56)
        for place in 0..<letters.count {
            let letter = UInt64(letters[place])
            guard letter < 0x80 else { return nil }
            if place < 8 { low |= letter << UInt64(8 * place) } else { high |= letter << UInt64(8 * (place - 8)) }
        }
        self.init(low: low, high: high)
    }

    /// The letters are there to be compared.
    var isLetters: Bool { high >> 56 != 0xFF }

    /// Where it is looked for first in a table of 2ⁿ places.
    @inline(__always) func place(_ mask: Int) -> Int {
        Int(truncatingIfNeeded: (low &* 0x9E37_79B9_7F4A_7C15 ^ high &* 0xC2B2_AE3D_27D4_EB4F) >> 32) & mask
    }

    /// What words begin with: `regulat*`.
    struct Stem: Sendable {
        private let letters: WordCode
        private let mask: WordCode
        private let text: String

        init(_ text: String) {
            self.text = text
            letters = WordCode(text)
            let count = letters.isLetters ? text.utf8.count : 0
            mask = WordCode(
                low: count >= 8 ? .max : (1 << UInt64(8 * count)) - 1,
                high: count <= 8 ? 0 : (1 << UInt64(8 * (count - 8))) - 1)
        }

        /// - Parameter word: the word whose code it is, looked at where a hash stands.
        @inline(__always) func begins(_ code: WordCode, _ word: @autoclosure () -> String) -> Bool {
            guard letters.isLetters, code.isLetters else { return word().hasPrefix(text) }
            return (code.low ^ letters.low) & mask.low == 0 && (code.high ^ letters.high) & mask.high == 0
        }
    }
}

/// What words stand for, by their codes: open addressing, at most half full.
struct CodeTable<Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var code: WordCode
        var value: Value
    }

    private var slots: [Slot?]
    private let mask: Int

    init(_ entries: some Collection<(String, Value)>) {
        var size = 2
        while size < entries.count * 2 { size *= 2 }
        slots = Array(repeating: nil, count: size)
        mask = size - 1
        for (word, value) in entries { insert(WordCode(word), value) }
    }

    private mutating func insert(_ code: WordCode, _ value: Value) {
        var place = code.place(mask)
        while let slot = slots[place] {
            if slot.code == code { return }
            place = (place + 1) & mask
        }
        slots[place] = Slot(code: code, value: value)
    }

    subscript(_ code: WordCode) -> Value? {
        var place = code.place(mask)
        while let slot = slots[place] {
            if slot.code == code { return slot.value }
            place = (place + 1) & mask
        }
        return nil
    }
}
