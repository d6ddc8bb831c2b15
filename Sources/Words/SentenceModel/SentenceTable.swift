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

    /// The file that holds the vectors of `sentences`, as data/README.md describes it. Takes some 20 ms a sentence.
    package static func file(of sentences: Set<String>) -> [UInt8] {
        func hash(_ sentence: String) -> UInt64 {
            var hash = FNV1a()
            hash.add(sentence.utf8)
            return hash.value
        }
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
            (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        let entries = sentences.map { (hash: hash($0), values: SentenceModel.vector(of: $0).values) }
            .sorted { $0.hash < $1.hash }
        let scales = entries.map { max($0.values.reduce(0) { max($0, abs($1)) } / 127, .leastNormalMagnitude) }
        var file = Array("PSL1".utf8) + bytes(UInt32(entries.count))
        for entry in entries { file += bytes(entry.hash) }
        for scale in scales { file += bytes(scale.bitPattern) }
        for (entry, scale) in zip(entries, scales) {
            file += entry.values.map { UInt8(bitPattern: Int8(($0 / scale).rounded())) }
        }
        return file
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
