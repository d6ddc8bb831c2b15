/// Finds the name a person gives of themselves: "my name is john smith", "this is Sarah from Acme", "it's spelled J O N".
///
/// A name is what follows an introduction, precedes "speaking", or answers the question for it, up to the first word that
/// cannot be part of one. Words that are names as well (`Will`, `Long`, `Grace`) are names where something says so. Whose name
/// it is counts: "my boss is Peter" and "I'm looking for Sandra" are nobody's here.
package enum SpokenName {
    /// What the words answer.
    package enum Asked: Sendable { case nothing, name, lastName, somethingElse }

    package struct Mention: Equatable, Sendable {
        package enum Part: Sendable { case whole, first, last }

        package var value: String
        package var quote: String
        package var part = Part.whole
        /// Told letter by letter, which corrects what was heard before.
        package var isSpelled = false

        /// The name that is known after this, when `known` was before.
        package func over(_ known: String?) -> String {
            guard let known, !known.isEmpty else { return value }
            var words = known.split(separator: " ").map(String.init)
            switch part {
            case .last:
                if words.count == 1, value.caseInsensitiveEquals(words[0]) { return known }
                return words.count > 1 ? (words.dropLast() + [value]).joined(separator: " ") : known + " " + value
            case .first: return words.count > 1 ? ([value] + words.dropFirst()).joined(separator: " ") : value
            case .whole:
                guard isSpelled || !value.contains(" "), words.count > 1,
                    let like = Likeness.nearest(to: value, among: words)
                else { return value }
                words[like] = value
                return words.joined(separator: " ")
            }
        }
    }

    package static func find(in text: String, asked: Asked = .nothing) -> Mention? {
        find(in: SpokenText(text), asked: asked)
    }

    package static func find(in spoken: SpokenText, asked: Asked = .nothing) -> Mention? {
        NameReading(spoken, asked).mention()
    }

    /// The name that an agent takes somebody for: "am I speaking with Howard Lane?", "so it's Rita Sandoval?".
    package static func find(in spoken: SpokenText, proposed: Void) -> Mention? {
        NameReading(spoken, .nothing).proposed()
    }
}

extension String {
    fileprivate func caseInsensitiveEquals(_ other: String) -> Bool { lowercased() == other.lowercased() }
}

/// How near two spellings of a name are.
enum Likeness {
    /// The word of `words` that `value` is another spelling of.
    static func nearest(to value: String, among words: [String]) -> Int? {
        let wanted = Array(value.lowercased().utf8)
        let near = words.indices.map { (index: $0, distance: distance(wanted, Array(words[$0].lowercased().utf8))) }
        guard let best = near.min(by: { $0.distance < $1.distance }) else { return nil }
        let length = max(wanted.count, words[best.index].utf8.count)
        return best.distance * 2 <= length ? best.index : nil
    }

    /// Levenshtein's distance, of words of up to 40 bytes.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count <= 40, b.count <= 40 else { return .max / 4 }
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}

/// A detail somebody gave of themselves, in the form to keep, with the words it was said in.
package struct SpokenDetail: Equatable, Sendable {
    package var value: String
    package var quote: String

    package init(value: String, quote: String) {
        self.value = value
        self.quote = quote
    }
}

/// Capitals for what a recogniser writes without.
enum TitleCase {
    static func word(_ word: String) -> String {
        if word.hasPrefix("o'") || word.hasPrefix("d'"), word.count > 3 {
            return word.prefix(1).uppercased() + "'" + self.word(String(word.dropFirst(2)))
        }
        if word.hasPrefix("mc"), word.count > 4 { return "Mc" + self.word(String(word.dropFirst(2))) }
        return word.prefix(1).uppercased() + word.dropFirst()
    }
}
