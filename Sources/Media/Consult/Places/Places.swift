import SpokenLanguage

/// Countries, states, provinces, regions and big cities by their names, by what is theirs (a law, an authority, a custom) and by
/// the beginnings of telephone numbers.
package struct Places: Sendable {
    /// A place that words speak of.
    struct Naming: Equatable {
        var place: Place
        var words: Range<Int>
        /// By its own name, which says nothing else: "Germany", and not "GDPR".
        var isName: Bool
        /// It is where whoever speaks belongs: "we are an American firm".
        var isOwn: Bool
    }

    package static let known: Places = {
        do { return try Places() } catch { preconditionFailure("\(error)") }
    }()

    private enum Kind: Sendable { case name(Place), mark(Place), own }

    private static let ownGapWordsMax = 2
    private static let numberDigitsMax = 6

    private let patterns: PatternIndex<Kind>
    private let bodies: Set<String>
    private let within: [String: Set<String>]
    private let numbers: [String: Place]

    private init() throws(LexiconError) {
        let file = try Lexicon.load("places", "en", as: PlacesFile.self)
        var patterns = PatternIndex<Kind>()
        for own in file.own { patterns.append(.own, Phrase(own)) }
        for (code, entry) in file.places.sorted(by: { $0.key < $1.key }) {
            for name in entry.names { patterns.append(.name(Place(code)), Phrase(name)) }
            for mark in entry.marks ?? [] { patterns.append(.mark(Place(code)), Phrase(mark)) }
        }
        self.patterns = patterns
        bodies = Set(file.bodies)
        within = file.places.reduce(into: [:]) { within, entry in
            var above = Set(entry.value.within ?? [])
            if let dash = entry.key.firstIndex(of: "-") { above.insert(String(entry.key[..<dash])) }
            within[entry.key] = above
        }
        numbers = file.numbers.reduce(into: [:]) { numbers, entry in
            for beginning in entry.value.split(separator: " ") { numbers[String(beginning)] = Place(entry.key) }
        }
    }

    package func isKnown(_ place: Place) -> Bool { within[place.code] != nil }

    /// Whether `part` is `whole` or lies in it.
    package func lies(_ part: Place, in whole: Place) -> Bool {
        part == whole || within[part.code]?.contains { lies(Place($0), in: whole) } == true
    }

    /// - Parameter number: in international form, with or without its plus.
    package func place(ofNumber number: String) -> Place? {
        let digits = number.filter { $0.isASCII && $0.isNumber }.prefix(Places.numberDigitsMax)
        return (1...Places.numberDigitsMax).reversed().lazy.compactMap { numbers[String(digits.prefix($0))] }.first
    }

    /// The places that are spoken of, in the order of the words, the longest name first.
    func named(in words: [String]) -> [Naming] {
        let words = CodedWords(words)
        var namings: [Naming] = []
        var ownUntil = -1
        var at = 0
        while at < words.count {
            guard let match = patterns.longest(in: words, at: at) else {
                at += 1
                continue
            }
            switch match.label {
            case .own:
                ownUntil = match.end + Places.ownGapWordsMax
                at = match.end
            case .name(let place):
                namings.append(
                    Naming(
                        place: place, words: at..<match.end, isName: true, isOwn: isOwn(words, at, match.end, ownUntil))
                )
                at = match.end
            case .mark(let place):
                namings.append(Naming(place: place, words: at..<match.end, isName: false, isOwn: false))
                at = match.end
            }
        }
        return namings
    }

    /// "we are in Austin", "as a Texan company": after the words of belonging, or before what one is.
    private func isOwn(_ words: CodedWords, _ start: Int, _ end: Int, _ ownUntil: Int) -> Bool {
        start <= ownUntil
            && (end < words.count && bodies.contains(words[end]) || start <= ownUntil - Places.ownGapWordsMax)
    }
}

/// `Lexicons/places-en.json`. Names are in every language that callers are heard in.
private struct PlacesFile: Decodable {
    struct Entry: Decodable {
        var within: [String]?
        var names: [String]
        var marks: [String]?
    }

    /// What says that the place named next is one's own.
    var own: [String]
    /// What somebody from there may be: "an American firm".
    var bodies: [String]
    var places: [String: Entry]
    /// Beginnings of telephone numbers, separated by spaces.
    var numbers: [String: String]
}
