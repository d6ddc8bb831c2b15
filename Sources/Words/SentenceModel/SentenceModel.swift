import CSentenceModel
import Foundation

/// Sentences as vectors: the nearer two of them, the more alike is what they mean, whatever the words.
///
/// The model is all-MiniLM-L6-v2 (22 million parameters, English, Apache License 2.0) in eight bits, part of the executable.
/// A sentence of fifteen words takes some 20 ms of processor time and memory of its own: not for a media thread.
/// - SeeAlso: Wang et al., MiniLM (2020); Reimers and Gurevych, Sentence-BERT (2019).
package enum SentenceModel {
    /// The numbers of the word pieces of a text, as the model was trained with them.
    private static let vocabulary: [String: UInt32] = {
        let header = 12
        let bytes = unsafe UnsafeRawBufferPointer(
            start: parley_sentence_model(), count: parley_sentence_model_bytes())
        let length = unsafe Int(bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        let words = unsafe String(decoding: bytes[header..<(header + length)], as: UTF8.self)
        var vocabulary: [String: UInt32] = [:]
        for (number, word) in words.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            vocabulary[String(Substring(word))] = UInt32(number)
        }
        return vocabulary
    }()

    private static let wordCharactersMax = 100

    /// What `text` means; its first 46 word pieces count.
    package static func vector(of text: String) -> SentenceVector {
        var pieces = [vocabulary["[CLS]"] ?? 0]
        let most = Int(parley_sentence_pieces_max) - 1
        for word in words(text) where pieces.count < most { pieces += self.pieces(of: word) }
        pieces = pieces.prefix(most) + [vocabulary["[SEP]"] ?? 0]
        var scratch = [Float](repeating: 0, count: Int(parley_sentence_scratch))
        var vector = [Float](repeating: 0, count: SentenceVector.width)
        unsafe parley_sentence_embed(pieces, pieces.count, &scratch, &vector)
        return SentenceVector(vector)
    }

    /// In lower case without accents, each mark a word.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text.folding(options: .diacriticInsensitive, locale: nil).lowercased() {
            if character.isLetter || character.isNumber {
                word.append(character)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            if !character.isWhitespace { words.append(String(character)) }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// The longest known pieces from left to right; one for a word that has none.
    private static func pieces(of word: String) -> [UInt32] {
        let unknown = [vocabulary["[UNK]"] ?? 0]
        guard word.count <= wordCharactersMax else { return unknown }
        var pieces: [UInt32] = []
        var rest = word[...]
        while !rest.isEmpty {
            var end = rest.endIndex
            var found: UInt32?
            while found == nil, end > rest.startIndex {
                found = vocabulary[(pieces.isEmpty ? "" : "##") + rest[..<end]]
                if found == nil { end = rest.index(before: end) }
            }
            guard let found else { return unknown }
            pieces.append(found)
            rest = rest[end...]
        }
        return pieces
    }
}

/// What a sentence means, as a vector of length 1.
package struct SentenceVector: Equatable, Sendable {
    package static let width = Int(parley_sentence_width)

    package let values: [Float]

    init(_ values: [Float]) { self.values = values }

    /// −1 … 1: how alike two sentences are.
    package func likeness(_ other: SentenceVector) -> Float {
        zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
