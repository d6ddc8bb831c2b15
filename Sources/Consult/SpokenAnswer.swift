/// A merged answer made fit for the ear: no markup, no addresses, short sentences, figures as words.
package struct SpokenAnswer: Hashable, Sendable, Codable {
    package static let wordsMax = 90
    static let restWordsMax = 400
    static let sentenceWordsMax = 22
    static let inputCharactersMax = 12_000

    /// At most ``wordsMax`` words; empty when the text had none.
    package let spoken: String
    /// What was left over, to be told when the caller wants it.
    package let rest: String?

    package init(_ text: String, language: String) {
        let figures = SpokenFigures(language: language)
        let plain = PlainText.strip(String(text.prefix(SpokenAnswer.inputCharactersMax)), language: language)
        let sentences = SpokenAnswer.sentences(plain).map(figures.spoken).flatMap(SpokenAnswer.shortened)
        var said: [String] = []
        var count = 0
        var left = sentences[...]
        while let next = left.first {
            let words = SpokenAnswer.words(next)
            if count + words > SpokenAnswer.wordsMax {
                guard said.isEmpty else { break }
                // One sentence that is too long for a breath and has no joint: cut.
                let parts = next.split(separator: " ")
                said = [parts.prefix(SpokenAnswer.wordsMax).joined(separator: " ")]
                left = [parts.dropFirst(SpokenAnswer.wordsMax).joined(separator: " ")] + left.dropFirst()
                break
            }
            said.append(next)
            count += words
            left = left.dropFirst()
        }
        spoken = said.joined(separator: " ")
        let remaining = left.joined(separator: " ").split(separator: " ").prefix(SpokenAnswer.restWordsMax)
        rest = remaining.isEmpty ? nil : remaining.joined(separator: " ")
    }

    static func words(_ text: String) -> Int { text.split(separator: " ").count }

    private static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        for line in text.split(separator: "\n") {
            var current: [Substring] = []
            for word in line.split(separator: " ") {
                current.append(word)
                let bare = word.last.map { ")\"”'".contains($0) } == true ? word.dropLast() : word
                if let end = bare.last, ".!?".contains(end), !isInitial(bare) {
                    sentences.append(current.joined(separator: " "))
                    current = []
                }
            }
            guard let last = current.last else { continue }
            // A line that ends without a stop, such as a heading or a list item, is a sentence of its own.
            let open = current.dropLast() + [trimmedEnd(last)]
            sentences.append(open.joined(separator: " ") + ".")
        }
        return sentences.filter { $0.contains(where: \.isLetter) || $0.contains(where: \.isNumber) }
    }

    private static func trimmedEnd(_ word: Substring) -> Substring {
        var word = word
        while let last = word.last, ":,;-–".contains(last) { word = word.dropLast() }
        return word
    }

    /// `J.` in a name, or `U.S.`, does not end a sentence.
    private static func isInitial(_ word: Substring) -> Bool {
        let letters = word.split(separator: ".")
        return word.last == "." && !letters.isEmpty
            && letters.allSatisfy { $0.count == 1 && $0.first?.isUppercase == true }
    }

    private static let joints = [
        "and", "but", "so", "because", "while", "which", "or", "y", "pero", "porque", "und", "aber", "weil", "oder",
    ]

    /// Cuts a long sentence in two at the joint nearest to its middle, again and again.
    private static func shortened(_ sentence: String) -> [String] {
        let parts = sentence.split(separator: " ")
        guard parts.count > sentenceWordsMax else { return [sentence] }
        let middle = parts.count / 2
        let cuts = parts.indices.dropFirst(5).dropLast(4).filter { at in
            guard let end = parts[at - 1].last else { return false }
            return end == ";" || end == ":" || ("–—".contains(end))
                || (end == "," && joints.contains(parts[at].lowercased()) && parts[at] != "which")
        }
        guard let cut = cuts.min(by: { abs($0 - middle) < abs($1 - middle) }) else { return [sentence] }
        let head = parts[..<cut].joined(separator: " ")
        let stem = head.reversed().drop { ";:,–— ".contains($0) }.reversed()
        let tail = parts[cut...].joined(separator: " ")
        return shortened(String(stem) + ".") + shortened(tail.prefix(1).uppercased() + tail.dropFirst())
    }
}
