import Foundation
import SpokenLanguage

/// The words of a text that carry its meaning, brought to a common form: lowercase, without accents, without the commonest
/// endings of English, without words that every question has.
package enum QuestionTerms {
    private static let charactersMax = 8_000
    private static let wordsMax = 400

    /// In the order of the text, with repetitions.
    package static func list(_ text: String) -> [String] { words(text, withFiller: false, stemmed: true) }

    /// The words that carry meaning as they stand, for a search that brings its own stemmer.
    package static func content(_ text: String) -> [String] { words(text, withFiller: false, stemmed: false) }

    package static func set(_ text: String) -> Set<String> { Set(list(text)) }

    /// All words, fillers included, in their common form: for finding phrases.
    package static func phrase(_ text: String) -> [String] { words(text, withFiller: true, stemmed: true) }

    /// All words as they stand, fillers included.
    static func plainWords(_ text: String) -> [String] { words(text, withFiller: true, stemmed: false) }

    static func stemmed(_ word: String) -> String {
        var bytes = Array(word.utf8)
        stem(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func isFiller(_ word: String) -> Bool { filler.contains(word) }

    /// Letters and digits of ASCII, lowered, and whatever is beyond it; a possessive `'s` is left off.
    private static func words(_ text: String, withFiller: Bool, stemmed: Bool) -> [String] {
        var words: [String] = []
        var count = 0
        var word: [UInt8] = []
        var isAfterApostrophe = false
        func close() {
            defer { word.removeAll(keepingCapacity: true) }
            guard !word.isEmpty, !(isAfterApostrophe && word == [UInt8(ascii: "s")]), count < wordsMax else { return }
            count += 1
            if !withFiller, filler.contains(String(decoding: word, as: UTF8.self)) { return }
            if stemmed { stem(&word) }
            words.append(String(decoding: word, as: UTF8.self))
        }
        for byte in plain(text).utf8 {
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

    /// Without accents and, where there were some, in lower case.
    private static func plain(_ text: String) -> String {
        let text = text.cut(charactersMax: charactersMax)
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        return text.folding(options: .diacriticInsensitive, locale: nil).replacing("’", with: "'").lowercased()
    }

    /// One form for singular and plural, for calling, called and calls.
    private static func stem(_ word: inout [UInt8]) {
        let count = word[...].characterCount
        guard count > 3, let last = word.last else { return }
        func takes(_ ending: String, leaving least: Int = 3) -> Bool {
            let length = ending.utf8.count
            guard count - length >= least, word.suffix(length).elementsEqual(ending.utf8) else { return false }
            word.removeLast(length)
            return true
        }
        switch last {
        case UInt8(ascii: "s"):
            if takes("ies") {
                word.append(UInt8(ascii: "y"))
            } else if takes("sses") {
                word += "ss".utf8
            } else if takes("ations") || takes("ates") {
                word += "at".utf8
            } else if !ends(word, before: 1, in: "sui") {
                if ends(word, before: 2, in: "xhzs"), takes("es") { return }
                word.removeLast()
                if count > 4, word.last == UInt8(ascii: "e") { word.removeLast() }
            }
        case UInt8(ascii: "n"): if takes("ation") { word += "at".utf8 }
        case UInt8(ascii: "g"): if takes("ating") { word += "at".utf8 } else if takes("ing") { halve(&word) }
        case UInt8(ascii: "d"): if takes("ated") { word += "at".utf8 } else if takes("ed") { halve(&word) }
        case UInt8(ascii: "e"): word.removeLast()
        default: break
        }
    }

    /// Whether the byte before the last `count` is one of `letters`.
    private static func ends(_ word: [UInt8], before count: Int, in letters: String) -> Bool {
        letters.utf8.contains(word[word.count - count - 1])
    }

    /// `shipp` → `ship`.
    private static func halve(_ word: inout [UInt8]) {
        guard word.count > 3, let last = word.last, last < 0x80, word[word.count - 2] == last,
            !"lsz".utf8.contains(last)
        else { return }
        word.removeLast()
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
