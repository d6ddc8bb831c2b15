/// A merged answer made fit for the ear: no markup, no addresses, short sentences, figures as words.
package struct SpokenAnswer: Hashable, Sendable, Codable {
    package static let wordsMax = 90
    static let restWordsMax = 400
    static let sentenceWordsMax = 22
    static let inputCharactersMax = 12_000
    /// What an agent is told before ``rest``, which follows between quotation marks.
    package static let restLead = "The rest, to be told only when the caller wants it: "

    /// At most ``wordsMax`` words; empty when the text had none.
    package let spoken: String
    /// What was left over, to be told when the caller wants it.
    package let rest: String?

    package init(_ text: String, language: String) {
        let figures = SpokenFigures(language: language)
        let plain = PlainText.strip(text.cut(charactersMax: SpokenAnswer.inputCharactersMax), language: language)
        let sentences = SpokenAnswer.sentences(plain).map(figures.spoken).flatMap(SpokenAnswer.shortened)
        var said: [Substring] = []
        var left = sentences[...]
        while let next = left.first {
            if said.count + next.count > SpokenAnswer.wordsMax {
                guard said.isEmpty else { break }
                // One sentence that is too long for a breath and has no joint: cut.
                said = Array(next.prefix(SpokenAnswer.wordsMax))
                left[left.startIndex].removeFirst(SpokenAnswer.wordsMax)
                break
            }
            said += next
            left.removeFirst()
        }
        spoken = said.joined(separator: " ")
        let remaining = Array(left.joined().prefix(SpokenAnswer.restWordsMax))
        rest = remaining.isEmpty ? nil : remaining.joined(separator: " ")
    }

    /// The words of each sentence.
    private static func sentences(_ text: String) -> [[Substring]] {
        var sentences: [[Substring]] = []
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            var current: [Substring] = []
            for word in line.split(separator: UInt8(ascii: " ")) {
                let word = Substring(word)
                current.append(word)
                if endsSentence(word) {
                    sentences.append(current)
                    current = []
                }
            }
            guard let last = current.popLast() else { continue }
            // A line that ends without a stop, such as a heading or a list item, is a sentence of its own.
            current.append(trimmed(last, ":,;-–") + ".")
            sentences.append(current)
        }
        return sentences.filter { $0.contains(where: \.hasLetterOrNumber) }
    }

    private static func endsSentence(_ word: Substring) -> Bool {
        var bare = word.unicodeScalars
        if let last = bare.last, ")\"”'".unicodeScalars.contains(last) { bare.removeLast() }
        guard let end = bare.last, ".!?".unicodeScalars.contains(end) else { return false }
        return !isInitial(bare)
    }

    private static func trimmed(_ word: Substring, _ marks: String) -> Substring {
        var word = word.unicodeScalars
        while let last = word.last, marks.unicodeScalars.contains(last) { word.removeLast() }
        return Substring(word)
    }

    /// `J.` in a name, or `U.S.`, does not end a sentence.
    private static func isInitial(_ word: Substring.UnicodeScalarView) -> Bool {
        guard word.last == "." else { return false }
        let letters = word.split(separator: ".")
        return !letters.isEmpty && letters.allSatisfy { $0.count == 1 && $0.first?.isUpper == true }
    }

    private static let joints = [
        "and", "but", "so", "because", "while", "which", "or", "y", "pero", "porque", "und", "aber", "weil", "oder",
    ]

    /// Cuts a long sentence in two at the joint nearest to its middle, again and again.
    private static func shortened(_ words: [Substring]) -> [[Substring]] {
        guard words.count > sentenceWordsMax else { return [words] }
        let middle = words.count / 2
        let cuts = words.indices.dropFirst(5).dropLast(4).filter { at in
            guard let end = words[at - 1].unicodeScalars.last else { return false }
            return ";:–—".unicodeScalars.contains(end)
                || (end == "," && joints.contains(words[at].lowercased()) && words[at] != "which")
        }
        guard let cut = cuts.min(by: { abs($0 - middle) < abs($1 - middle) }) else { return [words] }
        var head = words[..<cut]
        var last: Substring = ""
        while last.isEmpty, let word = head.popLast() { last = trimmed(word, ";:,–—") }
        let tail = words[cut].prefix(1).uppercased() + words[cut].dropFirst()
        return shortened(head + [last + "."]) + shortened([tail[...]] + words[(cut + 1)...])
    }
}
