import Testing

@testable import SpokenLanguage

@Suite struct CodedWordsTests {
    @Test func `words of any length are told apart by their codes, and by nothing but their letters`() {
        let words = [
            "", "a", "b", "ab", "ba", "decision", "decisions", "responsibility", "responsibilities",
            "telecommunications",
            "telecommunication", "fünf", "funf", "sí", "si", "abcdefghijklmno", "abcdefghijklmnop",
        ]
        for one in words {
            for other in words {
                #expect((WordCode(one) == WordCode(other)) == (one == other), "\(one), \(other)")
            }
        }
    }

    @Test func `an accent is the same however it is spelled`() {
        #expect(WordCode("caf\u{E9}") == WordCode("cafe\u{301}"))
        #expect(Phrase("un café", accented: ["café"]).matches(["un", "cafe\u{301}"]))
    }

    @Test(arguments: ["r", "regul", "regulati", "regulatio", "regulation", "telecommunicat", "telecommunication"])
    func `a stem begins the words that begin so, and no others`(_ stem: String) {
        let words = [
            "r", "regulate", "regulation", "regulations", "telecommunication", "telecommunications", "unregulated",
            "régulation",
            "regul", "",
        ]
        let begins = WordCode.Stem(stem)
        for word in words {
            #expect(begins.begins(WordCode(word), word) == word.hasPrefix(stem), "\(stem)*, \(word)")
        }
    }

    @Test func `a part of a text is counted from its own beginning and ends where it ends`() {
        let words: CodedWords = ["no", "please", "call", "me", "back", "later"]
        let part = CodedWords(words[2..<5])

        #expect(part == ["call", "me", "back"])
        #expect(CodedWords(part[1...]) == ["me", "back"])
        #expect(Phrase.list("^ call me back $").first(in: part) == 0..<3)
        #expect(!Phrase.list("back later", "please call").matches(part))
        #expect(Phrase.list("back later", "please call").lastStart(in: words) == 4)
    }

    @Test func `a table holds what was put in, however many words fall into one place`() {
        let words = (0..<500).map { "word\($0)" }
        let table = CodeTable(words.enumerated().map { ($1, $0) })

        #expect(words.map { table[WordCode($0)] } == Array(0..<500))
        #expect(table[WordCode("word500")] == nil)
    }
}
