import CSentenceModel
import Encoding

/// Sentences whose vectors are part of the executable: computing some thousands takes a minute.
package struct SentenceTable: Sendable {
    package static let known = SentenceTable()

    private static let header = 8
    private let count: Int
    /// Ascending, of the sentences' bytes.
    private let hashes: [UInt64]

    private init() {
        let bytes = unsafe SentenceTable.bytes
        count = unsafe Int(bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        hashes = (0..<count).map {
            unsafe bytes.loadUnaligned(fromByteOffset: SentenceTable.header + 8 * $0, as: UInt64.self)
        }
    }

    private static var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: parley_sentence_lines(), count: parley_sentence_lines_bytes())
    }

    /// Where the vector of a sentence stands; nil when it is not there.
    package func place(of sentence: String) -> Int? {
        var hash = FNV1a()
        hash.add(sentence.utf8)
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < hash.value { low = middle + 1 } else { high = middle }
        }
        return low < count && hashes[low] == hash.value ? low : nil
    }

    /// How alike a sentence is to each that is there, by its place.
    package func likeness(to vector: SentenceVector) -> [Float] {
        var products = [Float](repeating: 0, count: count)
        guard let start = unsafe SentenceTable.bytes.baseAddress else { return products }
        let scales = unsafe (start + SentenceTable.header + 8 * count).assumingMemoryBound(to: Float.self)
        let others = unsafe (start + SentenceTable.header + 12 * count).assumingMemoryBound(to: Int8.self)
        unsafe parley_sentence_products(vector.values, others, scales, count, &products)
        return products
    }
}
