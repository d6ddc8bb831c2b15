/// Cuts what a caller asks into its questions: "what's your uptime, and what does it cost if we go over".
enum QuestionParts {
    static let partsMax = 3
    private static let partWordsMin = 3
    private static let joints: Set<String> = ["and", "also", "plus", "und", "y", "e"]
    private static let openers: Set<String> = [
        "what", "how", "who", "where", "which", "why", "when", "whose", "was", "wie", "wer", "wo", "wann", "qué",
        "cómo", "quién",
        "cuánto", "cuándo",
    ]
    private static let verbs: Set<String> = [
        "do", "does", "did", "is", "are", "was", "were", "can", "could", "may", "must", "should", "will", "would",
        "have", "has",
        "shall", "am", "kann", "können", "darf", "dürfen", "muss", "müssen", "ist", "sind", "puede", "podemos",
        "tenemos",
    ]
    /// After "and" these may as well go on with what was said.
    private static let statedVerbs: Set<String> = ["have", "has", "was", "were", "will", "would"]
    private static let subjects: Set<String> = [
        "i", "we", "you", "they", "he", "she", "it", "there", "this", "that", "these", "those", "the", "a", "an",
        "your", "our",
        "my", "their", "people", "callers", "customers", "somebody", "someone", "anybody", "wir", "sie", "ich", "es",
        "der", "die",
        "das", "man",
    ]

    /// The questions in it, at most ``partsMax``; the whole of it when there is one.
    static func split(_ text: String) -> [String] {
        var parts: [[Substring]] = [[]]
        for sentence in sentences(text) {
            let words = sentence.split(separator: " ")
            var part: [Substring] = []
            for (index, word) in words.enumerated() {
                let rest = words[(index + 1)...].map { bare($0) }
                if joints.contains(bare(word)), part.count >= partWordsMin, rest.count >= partWordsMin, opens(rest[...])
                {
                    parts.append(part)
                    part = []
                } else {
                    part.append(word)
                }
            }
            parts.append(part)
        }
        let whole = parts.filter { !$0.isEmpty }
        let asked = whole.filter { opens($0.map { bare($0) }[...]) || $0.contains { opensWithin($0) } }
        guard whole.count > 1, asked.count > 1 else { return [text] }
        return asked.prefix(partsMax).map { $0.joined(separator: " ") }
    }

    private static func sentences(_ text: String) -> [Substring] {
        text.split(whereSeparator: { "?!;".contains($0) })
    }

    private static func opensWithin(_ word: Substring) -> Bool { openers.contains(bare(word)) }

    /// Whether a question begins here: with a question word, or with a verb before its subject.
    private static func opens(_ words: ArraySlice<String>) -> Bool {
        var words = words
        while let first = words.first, joints.contains(first) || first == "then" || first == "so" {
            words.removeFirst()
        }
        guard let first = words.first else { return false }
        if openers.contains(where: { first == $0 || first == $0 + "'s" || first == $0 + "'re" }) { return true }
        guard verbs.contains(first), let second = words.dropFirst().first else { return false }
        return !statedVerbs.contains(first) || subjects.contains(second)
    }

    private static func bare(_ word: Substring) -> String {
        String(
            word.lowercased().drop { !$0.isLetter && !$0.isNumber }.reversed().drop { !$0.isLetter && !$0.isNumber }
                .reversed())
    }
}
