/// Words to be found again fast: most words of an utterance are in none of the many tables that rules consult, and are
/// told apart by length and outer letters alone, without hashing them.
struct WordFilter: Sendable {
    private var bits = SIMD16<UInt64>(repeating: 0)
    private var isOpen = false

    /// Lets every word through.
    static let open: WordFilter = {
        var filter = WordFilter()
        filter.isOpen = true
        return filter
    }()

    init() {}

    init(_ words: some Sequence<String>) { for word in words { insert(word) } }

    init(places: some Sequence<UInt16>) { for place in places { bits[Int(place >> 6)] |= 1 << UInt64(place & 63) } }

    mutating func insert(_ word: String) {
        let place = WordFilter.place(word)
        bits[place >> 6] |= 1 << UInt64(place & 63)
    }

    mutating func formUnion(_ other: WordFilter) {
        bits |= other.bits
        isOpen = isOpen || other.isOpen
    }

    /// False only for words that are certainly not among those inserted.
    @inline(__always) func mayHold(_ word: String) -> Bool { mayHold(WordFilter.place(word)) }

    /// False only when certainly no word is among both.
    @inline(__always) func mayMeet(_ other: WordFilter) -> Bool {
        isOpen || other.isOpen || bits & other.bits != SIMD16(repeating: 0)
    }

    /// The same of a word whose place is known.
    @inline(__always) func mayHold(place: UInt16) -> Bool { mayHold(Int(place)) }

    /// The same of a word of which only the outer bytes and their number are at hand.
    @inline(__always) func mayHold(first: UInt8, last: UInt8, _ count: Int) -> Bool {
        mayHold(WordFilter.place(first, last, count))
    }

    @inline(__always) private func mayHold(_ place: Int) -> Bool {
        isOpen || bits[place >> 6] & (1 << UInt64(place & 63)) != 0
    }

    /// 0…1,023.
    @inline(__always) static func place(_ word: String) -> Int {
        // A fourth of the time that `first` and `last` of its view take.
        word.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.isEmpty ? 0 : place(bytes[0], bytes[bytes.count - 1], bytes.count)
        } ?? place(bridged: word.utf8)
    }

    private static func place(bridged bytes: String.UTF8View) -> Int {
        guard let first = bytes.first, let last = bytes.last else { return 0 }
        return place(first, last, bytes.count)
    }

    @inline(__always) private static func place(_ first: UInt8, _ last: UInt8, _ count: Int) -> Int {
        let mixed =
            UInt32(first) &* 0x9E37_79B1 ^ UInt32(last) &* 0x85EB_CA77
            ^ UInt32(truncatingIfNeeded: count) &* 0xC2B2_AE3D
        return Int(mixed >> 22)
    }
}

/// A set of words in a rule.
package struct WordSet: Sendable, ExpressibleByArrayLiteral {
    private let words: CodeTable<Void>
    private let filter: WordFilter

    package init(_ words: some Sequence<String>) {
        let words = Set(words)
        self.words = CodeTable(words.map { ($0, ()) })
        filter = WordFilter(words)
    }

    package init(arrayLiteral elements: String...) { self.init(elements) }

    package func contains(_ word: String) -> Bool { filter.mayHold(word) && words[WordCode(word)] != nil }
}

/// What words mean to a rule.
package struct WordTable<Value: Sendable>: Sendable, ExpressibleByDictionaryLiteral {
    private let meanings: CodeTable<Value>
    let filter: WordFilter

    package init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }

    init(_ elements: [(String, Value)]) {
        meanings = CodeTable(elements)
        filter = WordFilter(elements.map(\.0))
    }

    package subscript(_ word: String) -> Value? { filter.mayHold(word) ? meanings[WordCode(word)] : nil }
}
