/// The words of a text as patterns compare them: each with its code, worked out once.
///
/// A collection of the words themselves; a part of it, `CodedWords(words[2..<5])`, copies nothing.
package struct CodedWords: RandomAccessCollection, Sendable, Equatable, ExpressibleByArrayLiteral {
    private final class Storage: Sendable {
        let texts: [String]
        let codes: [WordCode]
        /// The place of each word in a ``WordFilter``.
        let places: [UInt16]
        /// Of all words.
        let filter: WordFilter

        init(_ texts: [String]) {
            self.texts = texts
            codes = texts.map { WordCode($0) }
            places = texts.map { UInt16(WordFilter.place($0)) }
            filter = WordFilter(places: places)
        }
    }

    private let storage: Storage
    private let first: Int
    package let endIndex: Int

    package init(_ words: [String]) {
        storage = Storage(words)
        (first, endIndex) = (0, words.count)
    }

    package init(_ words: some Sequence<String>) { self.init(Array(words)) }

    /// A part, counted from its own beginning.
    package init(_ part: Slice<CodedWords>) {
        storage = part.base.storage
        (first, endIndex) = (part.base.first + part.startIndex, part.count)
    }

    package init(arrayLiteral elements: String...) { self.init(elements) }

    package var startIndex: Int { 0 }
    package var count: Int { endIndex }

    package subscript(_ place: Int) -> String {
        precondition(place >= 0 && place < endIndex, "word \(place) of \(endIndex)")
        return storage.texts[first + place]
    }

    package static func == (some: CodedWords, others: CodedWords) -> Bool { some.elementsEqual(others) }

    package var texts: [String] { endIndex == storage.texts.count ? storage.texts : Array(self) }

    @inline(__always) func code(_ place: Int) -> WordCode { storage.codes[first + place] }

    /// False where the word is certainly none of those in `filter`.
    @inline(__always) func mayBe(in filter: WordFilter, _ place: Int) -> Bool {
        filter.mayHold(place: storage.places[first + place])
    }

    /// False where certainly no word is one of those in `filter`.
    @inline(__always) func mayMeet(_ filter: WordFilter) -> Bool { storage.filter.mayMeet(filter) }
}
