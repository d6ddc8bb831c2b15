import SpokenLanguage
import Testing

@Suite struct PhraseTests {
    private func words(_ text: String) -> CodedWords { CodedWords(text.split(separator: " ").map(String.init)) }

    @Test func `of several phrases the one that begins first is found, and of those the longest`() {
        let list = Phrase.list("call me", "call me back ?please", "_ back", "me $")

        #expect(list.first(in: words("please call me back please now")) == 1..<5)
        #expect(list.first(in: words("call me")) == 0..<2)
        #expect(list.first(in: words("call me back please"), from: 1) == 1..<3)
        #expect(list.first(in: words("nothing of it")) == nil)
        #expect(list.first(in: []) == nil)
    }

    @Test func `a list finds what its phrases find one by one`() {
        let patterns = [
            "stop|quit calling ?me|us", "^ no", "yes $", "~ thank you", "?very good", "$", "do not ~ call", "a _ of",
        ]
        let utterances = [
            "", "no", "yes", "please stop calling", "do not ever call me again", "a couple of weeks", "very good",
            "well thank you", "no yes", "stop", "do not you dare to even call",
        ]
        for utterance in utterances {
            let words = words(utterance)
            for count in 1...patterns.count {
                let phrases = patterns.prefix(count).map { Phrase($0) }
                let expected = (0...words.count).lazy.compactMap { start -> Range<Int>? in
                    phrases.compactMap { $0.end(in: words, from: start) }.max().map { start..<$0 }
                }.first

                #expect(PhraseList(phrases).first(in: words) == expected, "\(utterance), \(count)")
            }
        }
    }

    @Test func `the last match begins where a list says it does`() {
        let list = Phrase.list("how much", "how many ?people")

        #expect(list.lastStart(in: words("how much and how many")) == 3)
        #expect(list.lastStart(in: words("how come")) == nil)
    }

    @Test func `a set of words holds those words and no other of their length and letters`() {
        let set: WordSet = ["tuesday", "two", "café"]

        #expect(set.contains("tuesday"))
        #expect(set.contains("café"))
        #expect(!set.contains("thirsty"))
        #expect(!set.contains("too"))
        #expect(!set.contains(""))
    }

    @Test(arguments: [
        ("my card is four one one one one one one one one one one one one one one one", 16), ("call at 3:30", 3),
        ("nothing here", 0), ("Forty TWO", 2),
    ])
    func `digits written and said are never counted too low`(_ text: String, _ atLeast: Int) {
        #expect(SpokenNumber.digitsMax(in: text) >= atLeast)
        #expect(SpokenNumber.digitsMax(in: text + " ٤") == .max)
    }

    @Test func `a text that holds nothing like a number is told at a glance`() {
        #expect(SpokenNumber.digitsMax(in: "we are losing customers because nobody answers the phone") < 9)
    }
}
