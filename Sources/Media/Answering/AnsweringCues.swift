import SpokenLanguage

/// What words say of who speaks them.
struct AnsweringCue: Equatable, Sendable {
    var kind: Answerer
    /// A menu that also takes messages is a menu: what says more of a machine outweighs what says less.
    var weight: Int

    /// Nobody but such a machine says so. Less than that counts where there is more that speaks for one.
    var isEnough: Bool { weight >= 4 }
}

/// Turns of phrase by which machines of a language are known.
package struct AnsweringCues: Sendable {
    struct Heard: Equatable {
        var cue: AnsweringCue?
        /// Words of one's own: none where there was a cue.
        var words: Int
    }

    private let phrases: [(cue: AnsweringCue, phrases: PhraseList)]

    init(_ rows: [(kind: Answerer, weight: Int, patterns: [String])]) {
        phrases = rows.map { row in
            (AnsweringCue(kind: row.kind, weight: row.weight), PhraseList(row.patterns.map { Phrase($0) }))
        }
    }

    /// - Parameter language: a BCP 47 tag; nil where nobody has written down what machines say in it.
    package static func of(_ language: String) -> AnsweringCues? {
        known[String(language.prefix { $0 != "-" && $0 != "_" }).lowercased()]
    }

    private static let known = languages.mapValues { AnsweringCues($0) }
    package static var languagesKnown: [String] { known.keys.sorted() }

    /// Whether only a machine would say so.
    package func isMachine(_ text: String) -> Bool { read(text).cue != nil }

    func read(_ text: String) -> Heard {
        let words = SpokenWords(text, contractions: Self.contractions).texts
        var best: AnsweringCue?
        for (cue, list) in phrases where cue.weight > best?.weight ?? 0 && list.matches(words) { best = cue }
        return Heard(cue: best, words: best == nil ? words.count : 0)
    }

    private static let contractions: [String: [String]] = [
        "you've": ["you", "have"], "can't": ["can", "not"], "cannot": ["can", "not"], "isn't": ["is", "not"],
        "we're": ["we", "are"], "i'm": ["i", "am"], "you're": ["you", "are"], "i'll": ["i", "will"],
        "we'll": ["we", "will"], "it's": ["it", "is"],
    ]
}
