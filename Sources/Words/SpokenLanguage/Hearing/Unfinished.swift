/// Whether words are part of a sentence only: whoever says them has not come to its end, or goes on with one begun before.
package enum Unfinished {
    /// They end where another word has to come: "our budget is about", "my name is", "i think um". Short answers that end
    /// so ("yes we do") and questions ("what do you do") are whole.
    package static func breaksOff(_ words: CodedWords) -> Bool {
        guard let last = words.last else { return false }
        if hesitations.contains(last) || openEnds.matches(words) { return true }
        if verbs.contains(last) { return !wholeEnds.matches(words) }
        return joints.contains(last)
    }

    /// They begin as only the rest of a sentence does: "about recording calls in France", "and in Spain".
    package static func goesOn(_ words: CodedWords) -> Bool { words.first.map(openings.contains) ?? false }

    private static let wholeEnds = Phrase.list(
        "^ yes|yeah|yep|sure|no ?well i|we|it|that|they|he|she do|does|did|are|was|am|have|has|had|will|would|can|could $",
        "^ yes|yeah ?well it|that|he|she is $", "^ i|we do|have|can|will|did|would $",
        "what|how|where|which|who ~ i|we|you|it|they|he|she ?all do|does|did|are|have|is $")
    private static let openEnds = Phrase.list(
        "^ ?yes|and|so|well could|can|would|will you|i|we ?also|just|please $", "can|could|would|let|us ~ make it $",
        "can|could call me $", "i|he|she|they|we said|meant|mean|thought $", "one|two|some more $", "the|within next $",
        "time after|before|from|until $", "also|just $", "the|a ?very first|last|second $")
    private static let hesitations: WordSet = ["um", "uh", "er", "erm", "hmm", "äh", "ähm", "eh", "este", "pues"]
    /// Articles, prepositions, conjunctions, and what measures or owns something.
    private static let joints: WordSet = [
        "a", "an", "the", "my", "our", "your", "his", "their", "its", "of", "to", "from", "for", "with", "in", "on",
        "at",
        "by", "about", "around", "between", "into", "per", "than", "and", "or", "but", "because", "if", "while",
        "which",
        "until", "unless", "i", "we", "very", "approximately", "roughly", "maybe", "whether", "called", "like", "as",
        "el", "la", "los", "las", "un", "una", "de", "del", "en", "con", "para", "por", "y", "o", "pero", "porque",
        "mi",
        "nuestro", "nuestra", "der", "die", "das", "ein", "eine", "einen", "den", "dem", "von", "mit", "für", "im",
        "und", "oder", "aber", "weil", "wenn", "dass", "mein", "meine", "unser", "unsere", "ungefähr", "etwa",
    ]
    private static let verbs: WordSet = [
        "is", "am", "are", "was", "were", "be", "will", "would", "can", "could", "should", "may", "might", "must", "do",
        "does",
        "did", "has", "have", "had", "es", "son", "tiene", "tenemos", "ist", "sind", "haben", "hat", "wird", "können",
    ]
    private static let openings: WordSet = [
        "about", "and", "or", "in", "on", "at", "for", "from", "with", "without", "of", "to", "by", "because", "if",
        "when",
        "while", "where", "that", "which", "who", "but", "though", "unless", "until", "before", "after", "especially",
        "y", "o", "en", "con", "sin", "para", "por", "de", "si", "cuando", "que", "pero", "sobre", "und", "oder", "mit",
        "ohne", "für", "in", "bei", "wenn", "weil", "dass", "aber", "über", "von",
    ]
}
