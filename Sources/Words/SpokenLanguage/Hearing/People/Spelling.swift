/// Words told letter by letter: "J O H N", "B as in boy, R Y A N", "double L", "juliet oscar november".
struct Spelling: Equatable {
    /// In lower case; a hyphen, an apostrophe or a blank where one was said.
    var text: String
    var words: Range<Int>

    /// The first word that is spelled, of at least so many letters.
    static func find(in spoken: SpokenText, atLeast letters: Int, from: Int = 0) -> Spelling? {
        var at = from
        while at < spoken.words.count {
            if let found = read(spoken, at: at) {
                if found.text.count(where: \.isLetter) >= letters { return found }
                at = found.words.upperBound
            } else {
                at += 1
            }
        }
        return nil
    }

    /// What is spelled from word `start` on.
    static func read(_ spoken: SpokenText, at start: Int) -> Spelling? {
        var text = ""
        var at = start
        var end = start
        func word(_ index: Int) -> String { spoken[index] ?? "" }
        while at < spoken.words.count {
            if let (letters, next) = letter(spoken, at) {
                text += letters
                at = next
                end = next
            } else if text.isEmpty {
                return nil
            } else if let sign = signs[word(at)], letter(spoken, at + 1) != nil {
                text += sign
                at += 1
            } else if fillers.contains(word(at)), letter(spoken, at + 1) != nil {
                at += 1
            } else {
                break
            }
        }
        return text.isEmpty ? nil : Spelling(text: text, words: start..<end)
    }

    /// One letter, and the word behind what was said of it.
    private static func letter(_ spoken: SpokenText, _ start: Int) -> (String, Int)? {
        func word(_ index: Int) -> String { spoken[index] ?? "" }
        var at = start
        while ["capital", "uppercase", "lowercase", "letter"].contains(word(at)) { at += 1 }
        let times = word(at) == "double" ? 2 : word(at) == "triple" ? 3 : 1
        if times > 1 { at += 1 }
        var text = word(at)
        if text.count != 1, times == 1, let spelled = alphabet[text],
            alphabet[word(at + 1)] != nil || at > 0 && alphabet[word(at - 1)] != nil
        {
            text = spelled
        }
        guard text.count == 1, let character = text.first, character.isLetter, !(spoken.written(at).hasSuffix("'m"))
        else { return nil }
        at += 1
        // "as in boy", "like sierra", "for Mary".
        if word(at) == "as", ["in", "for", "with"].contains(word(at + 1)), word(at + 2).first == character {
            at += 3
        } else if ["like", "for"].contains(word(at)), word(at + 1).first == character, word(at + 1).count > 2 {
            at += 2
        }
        return (String(repeating: text, count: times), at)
    }

    private static let signs: WordTable<String> = [
        "hyphen": "-", "dash": "-", "apostrophe": "'", "space": " ", "minus": "-",
    ]
    private static let fillers: WordSet = ["uh", "um", "and", "then", "uhm", "er", "again"]
    private static let alphabet: WordTable<String> = [
        "alpha": "a", "alfa": "a", "bravo": "b", "charlie": "c", "delta": "d", "echo": "e", "foxtrot": "f", "golf": "g",
        "hotel": "h", "india": "i", "juliet": "j", "juliett": "j", "kilo": "k", "lima": "l", "mike": "m",
        "november": "n",
        "oscar": "o", "papa": "p", "quebec": "q", "romeo": "r", "sierra": "s", "tango": "t", "uniform": "u",
        "victor": "v", "whiskey": "w", "xray": "x", "yankee": "y", "zulu": "z",
    ]
}
