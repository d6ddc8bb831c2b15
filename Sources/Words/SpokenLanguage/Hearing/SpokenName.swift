/// A detail somebody gave of themselves, in the form to keep, with the words it was said in.
package struct SpokenDetail: Equatable, Sendable {
    package var value: String
    package var quote: String

    package init(value: String, quote: String) {
        self.value = value
        self.quote = quote
    }
}

/// Finds the name a person gives: "my name is john smith", "this is Sarah from Acme".
package enum SpokenName {
    /// - Parameter asked: the words answer "who am I speaking with?", so that a bare "john smith" is a name.
    package static func find(in text: String, asked: Bool = false) -> SpokenDetail? {
        find(in: SpokenText(text), asked: asked)
    }

    package static func find(in spoken: SpokenText, asked: Bool = false) -> SpokenDetail? {
        let words = spoken.texts
        for rule in rules {
            guard let found = rule.phrase.first(in: words) else { continue }
            guard let name = name(spoken, at: found.upperBound, isSure: rule.isSure || asked) else { continue }
            return detail(spoken, name)
        }
        for rule in trailing {
            var from = 0
            while let found = rule.first(in: words, from: from) {
                if found.lowerBound > 0, let name = nameEnding(spoken, at: found.lowerBound) {
                    return detail(spoken, name)
                }
                from = found.lowerBound + 1
            }
        }
        guard asked else { return nil }
        return bare(spoken)
    }

    private struct Rule: Sendable {
        let phrase: Phrase
        /// Whatever follows is a name; otherwise it must look like one.
        let isSure: Bool
    }

    private static let rules: [Rule] = [
        Rule(phrase: Phrase("my ?full|first name is ?actually|it|is"), isSure: true),
        Rule(phrase: Phrase("my ?full|first names"), isSure: true),
        Rule(phrase: Phrase("the name is"), isSure: true),
        Rule(phrase: Phrase("^ ?yes|sure|okay|hi|hello name is"), isSure: true),
        Rule(phrase: Phrase("you are speaking|talking with|to"), isSure: true),
        Rule(phrase: Phrase("you can call me"), isSure: true),
        Rule(phrase: Phrase("people|they|everyone call me"), isSure: true),
        Rule(phrase: Phrase("^ call me"), isSure: false),
        Rule(phrase: Phrase("this is"), isSure: false), Rule(phrase: Phrase("i am called"), isSure: true),
        Rule(phrase: Phrase("i am"), isSure: false), Rule(phrase: Phrase("it is"), isSure: false),
    ]
    private static let trailing = Phrase.list("speaking", "here from|at|with", "here $", "calling from|about|for")

    /// Words that end a name, or are none.
    static let notNames: WordSet = [
        "a", "an", "the", "and", "or", "but", "from", "with", "at", "of", "in", "on", "for", "to", "by", "about",
        "calling",
        "call", "called", "here", "speaking", "i", "we", "you", "he", "she", "it", "they", "my", "your", "our", "his",
        "her",
        "me", "us", "is", "am", "are", "was", "were", "be", "not", "no", "yes", "yeah", "yep", "sure", "okay", "please",
        "thanks", "thank", "sorry", "hello", "hi", "hey", "just", "so", "well", "um", "uh", "what", "who", "why", "how",
        "where", "when", "which", "that", "this", "there", "then", "than", "good", "great", "fine", "bad", "very",
        "really",
        "quite", "interested", "looking", "trying", "going", "wondering", "thinking", "working", "busy", "driving",
        "happy",
        "afraid", "glad", "able", "ready", "still", "also", "actually", "currently", "now", "new", "running", "owner",
        "manager", "director", "head", "founder", "ceo", "cto", "cfo", "coo", "president", "vice", "vp", "responsible",
        "right", "wrong", "correct", "important", "urgent", "crazy", "ridiculous", "all", "any", "some", "something",
        "nothing", "anything", "do", "does", "did", "done", "have", "has", "had", "can", "could", "will", "would",
        "should",
        "may", "might", "must", "get", "got", "let", "if", "because", "as", "up", "down", "out", "off", "over", "only",
        "more", "less", "most", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twenty",
        "thirty", "fifty", "hundred", "thousand", "million", "dollars", "today", "tomorrow", "monday", "tuesday",
        "wednesday",
        "thursday", "friday", "saturday", "sunday", "morning", "afternoon", "evening", "next", "last", "week", "month",
        "year", "company", "business", "customer", "client", "number", "phone", "email", "address", "price", "budget",
        "maybe", "perhaps", "probably", "never", "always", "too", "much", "many", "like", "want", "need", "know",
        "think",
        "stop", "kidding", "joking", "aware", "concerned", "tired", "sick", "fed", "being", "based", "located",
        "involved",
        "part", "team", "person", "guy", "man", "woman", "assistant", "secretary", "engineer", "it's", "already",
        "currently",
        "name", "names", "mister", "mr", "mrs", "ms", "dr", "rather", "better", "best", "nice", "unclear", "none",
        "nobody",
        "private", "long", "short", "time", "wait", "hold", "second", "moment", "minute", "question", "help", "support",
        "sales", "using", "doing", "having", "making", "getting", "asking", "paying", "hoping", "planning",
        "considering",
        "definitely", "absolutely", "certainly", "exactly", "basically", "honestly", "kind", "sort", "lot", "bit",
        "little",
        "buying", "selling", "located", "decision", "maker", "partner", "lead", "chief", "supervisor", "home", "work",
        "expensive", "cheap", "amazing", "terrible", "awful", "perfect", "okay", "pretty", "again", "back", "into",
        "after",
        "before", "until", "since", "through", "though", "everything", "everyone", "someone", "anyone", "somebody",
    ]
    /// Enough first names to tell "i'm sarah" from "i'm tired" in text without capitals.
    private static let firstNames = WordSet(
        """
        james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony \
        mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan \
        jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander \
        frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle \
        noah ethan jeremy walter christian keith roger terry austin sean gerald carl dylan harold jordan jesse \
        bryan lawrence arthur gabriel bruce logan billy joe alan juan elijah mary patricia jennifer linda \
        elizabeth barbara susan jessica sarah sara karen lisa nancy betty sandra margaret ashley kimberly emily \
        donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy kathleen \
        angela shirley emma brenda pamela nicole anna samantha katherine christine helen debra rachel carolyn \
        janet maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan \
        evelyn judith andrea hannah megan cheryl jacqueline martha madison teresa gloria janice ann kathryn \
        abigail sophia frances jean alice judy isabella julia grace amber denise danielle marilyn beverly \
        charlotte natalie theresa diana brittany doris kayla alexis mike steve tom bob bill jim tim dave dan \
        chris matt tony nick ben sam alex max oliver harry charlie leo oscar lucas liam mason omar ali ahmed \
        mohammed maya priya raj carlos luis miguel sofia elena clara kate katie jenny jane claire lucy ellen rose \
        simon martin neil ian colin graham stuart craig greg phil rick ted ed fred ray ron don jeff rob rich
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    private static let nameWordsMax = 3

    private static func name(_ spoken: SpokenText, at start: Int, isSure: Bool) -> Range<Int>? {
        if let spelled = spelled(spoken, at: start) { return spelled }
        var end = start
        while end < spoken.words.count, end - start < nameWordsMax, isNameWord(spoken.words[end], spoken) {
            end += 1
            if spoken.words[end - 1].pauses
                || (end < spoken.words.count && spoken.words[end].sentence != spoken.words[end - 1].sentence)
            {
                break
            }
        }
        guard end > start else { return nil }
        if !isSure {
            let first = spoken.words[start]
            let looksLikeOne = spoken.hasCapitals ? first.isCapitalised : firstNames.contains(first.text)
            let introduced = ["from", "with", "at", "calling", "speaking", "over"].contains(spoken[end] ?? "")
            let isKnown = firstNames.contains(first.text) || introduced
            guard looksLikeOne || (isKnown && !spoken.hasCapitals && spoken[start - 2] != "i") else { return nil }
        }
        return start..<end
    }

    private static func nameEnding(_ spoken: SpokenText, at end: Int) -> Range<Int>? {
        var start = end
        while start > 0, end - start < 2, isNameWord(spoken.words[start - 1], spoken) { start -= 1 }
        guard start < end, firstNames.contains(spoken.texts[start]) || spoken.words[start].isCapitalised && start > 0
        else {
            return nil
        }
        return start..<end
    }

    /// "j o h n": single letters, three or more.
    private static func spelled(_ spoken: SpokenText, at start: Int) -> Range<Int>? {
        var end = start
        while let word = spoken[end], word.count == 1, word.first?.isLetter == true { end += 1 }
        return end - start >= 3 ? start..<end : nil
    }

    private static let openers: WordSet = [
        "it", "is", "yes", "sure", "um", "uh", "hi", "hello", "well", "yeah", "okay", "oh", "the",
    ]

    private static func bare(_ spoken: SpokenText) -> SpokenDetail? {
        var start = 0
        while let word = spoken[start], openers.contains(word) { start += 1 }
        guard let name = name(spoken, at: start, isSure: true) else { return nil }
        let rest = spoken[name.upperBound]
        let endsThere = ["from", "with", "at", "here", "speaking", "and", "calling", "of", "i"].contains(rest ?? "")
        guard
            rest == nil || endsThere || spoken.words[name.upperBound - 1].pauses
                || spoken.words[name.upperBound].sentence > spoken.words[name.upperBound - 1].sentence
        else { return nil }
        return detail(spoken, name)
    }

    private static func isNameWord(_ word: SpokenText.Word, _ spoken: SpokenText) -> Bool {
        guard !notNames.contains(word.text), word.text.count >= 2, word.text.count <= 24,
            word.text.first?.isLetter == true,
            word.text.allSatisfy({ $0.isLetter || $0 == "'" || $0 == "." }), !word.text.hasSuffix("'s")
        else { return false }
        return true
    }

    private static func detail(_ spoken: SpokenText, _ range: Range<Int>) -> SpokenDetail {
        let words = spoken.texts[range]
        let value =
            words.allSatisfy { $0.count == 1 }
            ? TitleCase.word(words.joined())
            : spoken.words[range].map { word in
                let written = String(spoken.source[word.range])
                return written.contains(where: \.isUppercase) ? written : TitleCase.word(word.text)
            }.joined(separator: " ")
        return SpokenDetail(value: value, quote: spoken.quote(range))
    }
}

/// Capitals for what a recogniser writes without.
enum TitleCase {
    static func word(_ word: String) -> String {
        if word.hasPrefix("o'"), word.count > 3 { return "O'" + self.word(String(word.dropFirst(2))) }
        if word.hasPrefix("mc"), word.count > 4 { return "Mc" + self.word(String(word.dropFirst(2))) }
        return word.prefix(1).uppercased() + word.dropFirst()
    }
}
