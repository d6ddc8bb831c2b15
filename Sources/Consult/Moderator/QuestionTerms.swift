import Foundation

/// The words of a text that carry its meaning, brought to a common form: lowercase, without accents, without the commonest
/// endings of English, without words that every question has.
package enum QuestionTerms {
    private static let wordsMax = 400

    /// In the order of the text, with repetitions.
    package static func list(_ text: String) -> [String] { words(text).filter { !filler.contains($0) }.map(stem) }

    /// The words that carry meaning as they stand, for a search that brings its own stemmer.
    package static func content(_ text: String) -> [String] { words(text).filter { !filler.contains($0) } }

    package static func set(_ text: String) -> Set<String> { Set(list(text)) }

    /// All words, fillers included, in their common form: for finding phrases.
    package static func phrase(_ text: String) -> [String] { words(text).map(stem) }

    private static func words(_ text: String) -> [String] {
        let bytes = Array(text.prefix(8_000).utf8)
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            let plain = text.prefix(8_000).folding(options: .diacriticInsensitive, locale: nil)
                .replacing("’", with: "'")
            return words(Array(plain.lowercased().utf8))
        }
        return words(bytes)
    }

    /// Letters and digits of ASCII, lowered, and whatever is beyond it; a possessive `'s` is left off.
    private static func words(_ bytes: [UInt8]) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var isAfterApostrophe = false
        func close() {
            if !word.isEmpty, !(isAfterApostrophe && word == [UInt8(ascii: "s")]), words.count < wordsMax {
                words.append(String(decoding: word, as: UTF8.self))
            }
            word.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                word.append(byte)
            default:
                close()
                isAfterApostrophe = byte == UInt8(ascii: "'")
            }
        }
        close()
        return words
    }

    /// One form for singular and plural, for calling, called and calls.
    private static func stem(_ word: String) -> String {
        guard word.count > 3, word.contains(where: \.isLetter) else { return word }
        func without(_ ending: String, leaving least: Int = 3) -> String? {
            word.hasSuffix(ending) && word.count - ending.count >= least ? String(word.dropLast(ending.count)) : nil
        }
        if let base = without("ies") { return base + "y" }
        if let base = without("sses") { return base + "ss" }
        if let base = without("ations") ?? without("ation") ?? without("ating") ?? without("ated") ?? without("ates") {
            return base + "at"
        }
        if let base = without("ing") ?? without("ed") { return single(base) }
        if word.hasSuffix("ss") || word.hasSuffix("us") || word.hasSuffix("is") { return word }
        if let base = without("es"), ["x", "h", "z", "s"].contains(base.suffix(1)) { return base }
        if let base = without("s") { return base.hasSuffix("e") && base.count > 3 ? String(base.dropLast()) : base }
        return word.hasSuffix("ate") ? String(word.dropLast()) : word.hasSuffix("e") ? String(word.dropLast()) : word
    }

    /// `shipp` → `ship`.
    private static func single(_ base: String) -> String {
        guard base.count > 3, let last = base.last, base.dropLast().last == last, !"lsz".contains(last) else {
            return base
        }
        return String(base.dropLast())
    }

    private static let filler: Set<String> = Set(
        """
        a about all also am an and any anybody anyone are as ask asking at be because been before being but by can could
        d did do does doing done else for from get gets getting give go going got had has have having he hello help her
        here hey hi him his how i if in into is it its just kind know let like ll look m make makes many may maybe me
        might more much must my need needs no not now of off ok okay on one only or other our out over own please quick
        question re really right s say see shall she should so some something sort sure t tell than thank thanks that
        the their them then there these they thing things think this those to too two up us ve very want wanted wants
        was way we well were what when where whether which while who whom why will with without wonder wondering would
        yeah yes you your yours exactly actually basically currently specialist expert check find explain understand
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
