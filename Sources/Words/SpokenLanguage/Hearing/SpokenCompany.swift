/// Finds the company a person speaks for: "sarah from acme", "i work for Blue Sky Logistics", "we're called Acme".
package enum SpokenCompany {
    /// - Parameter asked: the words answer "what company are you with?", so that a bare "acme corp" is one.
    package static func find(in text: String, asked: Bool = false) -> SpokenDetail? {
        find(in: SpokenText(text), asked: asked)
    }

    package static func find(in spoken: SpokenText, asked: Bool = false) -> SpokenDetail? {
        for rule in rules {
            var from = 0
            while let found = rule.phrase.first(in: spoken.texts, from: from) {
                from = found.lowerBound + 1
                if rule.needsName, !introduces(spoken, found.lowerBound), !asked { continue }
                if let company = company(spoken, at: found.upperBound) { return detail(spoken, company) }
            }
        }
        guard asked else { return nil }
        var start = 0
        while let word = spoken[start], openers.contains(word) { start += 1 }
        guard let company = company(spoken, at: start), let end = Optional(company.upperBound) else { return nil }
        let isAnswer =
            end == spoken.words.count || spoken.words[end].sentence > spoken.words[end - 1].sentence
            || spoken.words[end - 1].pauses || ["we", "and", "in", "i", "it"].contains(spoken.texts[end])
        return isAnswer ? detail(spoken, company) : nil
    }

    private static let openers: WordSet = [
        "it", "is", "yes", "sure", "um", "uh", "well", "yeah", "okay", "oh", "we", "are", "the", "i", "am", "with",
        "from", "at", "that", "would", "be", "called", "of", "a",
    ]

    private struct Rule: Sendable {
        let phrase: Phrase
        /// "from" and "at" count only after a name or "calling".
        var needsName = false
        init(_ pattern: String, needsName: Bool = false) {
            phrase = Phrase(pattern)
            self.needsName = needsName
        }
    }

    private static let rules: [Rule] = [
        Rule("company ?name is ?called"), Rule("company ?is ?that called|named"), Rule("company names"),
        Rule("business ?name is ?called"), Rule("business ?is called|named"),
        Rule("firm|agency|startup|store|shop ?is called|named"), Rule("we are called"),
        Rule("name of ?my|our|the company|business|firm is"),
        Rule("on behalf of"), Rule("i ?am|do|currently|also work|working for|at|with"), Rule("i|we represent"),
        Rule("calling ?you|in from|for"), Rule("i|we am|are from|with"),
        Rule("i|we run|own|founded|started|manage ?a ?company ?called"),
        Rule("speaking from"), Rule("here from|at|with"), Rule("from", needsName: true),
        Rule("with|at", needsName: true),
        Rule("head|director|manager|owner|founder|ceo|cto|cfo|president|vp ~ at|of"),
    ]

    private static let wordsMax = 4
    private static let notCompany: WordSet = [
        "home", "here", "there", "work", "car", "office", "germany", "france", "england", "london", "paris", "berlin",
        "boston",
        "chicago", "texas", "california", "york", "angeles", "francisco", "america", "canada", "europe", "usa", "uk",
        "finance", "marketing", "operations", "engineering", "it", "hr", "procurement", "logistics", "purchasing",
        "product",
        "information", "technology", "development", "production", "accounting", "legal", "dot", "em",
        "them", "him", "noon", "least", "most", "once", "first", "all", "people", "scratch", "what", "you're", "house",
        "miami", "seattle", "denver", "dallas", "houston", "austin", "florida", "los", "san", "large", "small",
        "problem",
        "problems", "issues", "trouble", "colleagues", "friend", "friends", "several", "different", "another", "other",
    ]
    /// "am", "are" and the like end a company's name; "and" and "of" may stand inside one.
    private static let inside: WordSet = ["and", "of"]
    private static let surely: WordSet = [
        "corp", "corporation", "inc", "incorporated", "llc", "ltd", "limited", "gmbh", "group", "company", "co",
        "industries",
        "solutions", "systems", "logistics", "technologies", "software", "consulting", "partners", "services", "media",
        "labs",
        "foods", "bank", "insurance", "energy", "retail", "trading", "holdings", "associates", "brothers", "sons",
        "studio",
        "marketing", "engineering", "sales", "support", "design", "health", "dental", "realty", "construction",
        "motors",
    ]

    private static let introductions = Phrase.list("my name is", "this is", "i am", "name is")

    private static func introduces(_ spoken: SpokenText, _ at: Int) -> Bool {
        guard let last = spoken[at - 1] else { return false }
        if ["here", "speaking", "calling"].contains(last) { return true }
        let before = Array(spoken.texts[..<at])
        return introductions.contains { phrase in
            var from = 0
            while let found = phrase.first(in: before, from: from) {
                if (1...3).contains(at - found.upperBound),
                    !spoken.texts[found.upperBound..<at].contains(where: SpokenName.notNames.contains)
                {
                    return true
                }
                from = found.lowerBound + 1
            }
            return false
        }
    }

    private static func company(_ spoken: SpokenText, at begin: Int) -> Range<Int>? {
        var start = begin
        while ["a", "an", "the", "called", "company", "um", "uh"].contains(spoken[start] ?? "") { start += 1 }
        var end = start
        while end < spoken.words.count, end - start < wordsMax {
            let word = spoken.words[end]
            if end > start, spoken.words[end - 1].pauses || spoken.words[end - 1].sentence != word.sentence { break }
            if end > start, inside.contains(word.text) {
                guard let next = spoken[end + 1], isPart(next) || surely.contains(next),
                    !spoken.hasCapitals || spoken.words[end + 1].isCapitalised,
                    surely.contains(next) || spoken.hasCapitals
                else { break }
                end += 1
                continue
            }
            if spoken.hasCapitals, end > start, !word.isCapitalised, !surely.contains(word.text) { break }
            guard isPart(word.text) || (end > start && surely.contains(word.text)) else { break }
            end += 1
        }
        guard end > start, !notCompany.contains(spoken.texts[start]), spoken.words[start].text.count >= 2 else {
            return nil
        }
        if start > begin, begin < start, spoken.texts[begin] == "a" || spoken.texts[begin] == "an" {
            // "a small company" is a description; "a company called acme" is not.
            guard spoken.texts[begin..<start].contains("called") || spoken.words[start].isCapitalised else {
                return nil
            }
        }
        return start..<end
    }

    private static func isPart(_ word: String) -> Bool {
        !SpokenName.notNames.contains(word) && word.count <= 32 && word.first.map { $0.isLetter || $0.isNumber } == true
            && !word.contains("@") && SpokenNumber.scales[word] == nil && !notInside.contains(word)
    }

    private static let notInside: WordSet = [
        "dot", "street", "which", "who", "whose", "based", "located", "makes", "sells", "does",
    ]

    private static func detail(_ spoken: SpokenText, _ range: Range<Int>) -> SpokenDetail {
        let value = spoken.words[range].map { word in
            let written = String(spoken.source[word.range])
            let keeps = written.contains(where: \.isUppercase) || inside.contains(word.text) || written.contains(".")
            return keeps ? written : TitleCase.word(written)
        }.joined(separator: " ")
        return SpokenDetail(value: value, quote: spoken.quote(range))
    }
}

/// Finds what a person does: "i'm the head of operations", "i am the owner".
package enum SpokenPosition {
    package static func find(in text: String, asked: Bool = false) -> SpokenDetail? {
        find(in: SpokenText(text), asked: asked)
    }

    package static func find(in spoken: SpokenText, asked: Bool = false) -> SpokenDetail? {
        for lead in leads {
            var from = 0
            while let found = lead.first(in: spoken.texts, from: from) {
                from = found.lowerBound + 1
                if let title = title(spoken, at: found.upperBound) {
                    return SpokenDetail(value: written(spoken, title), quote: spoken.quote(title))
                }
            }
        }
        guard asked, let title = title(spoken, at: 0) ?? title(spoken, at: 1) else { return nil }
        return SpokenDetail(value: written(spoken, title), quote: spoken.quote(title))
    }

    private static let leads = Phrase.list(
        "i am ?actually|also|just|currently ?the|a|an|their|our", "my ?job role|title|position|job is ?the|a|an",
        "as ?the|a|an",
        "i work|serve as ?the|a|an", "we are ?the", "speaking ?i ?am ?the")
    private static let titles: WordSet = [
        "head", "director", "manager", "owner", "founder", "cofounder", "co-founder", "ceo", "cto", "cfo", "coo", "cmo",
        "cio",
        "president", "vp", "partner", "supervisor", "engineer", "assistant", "secretary", "receptionist", "intern",
        "buyer",
        "consultant", "analyst", "coordinator", "administrator", "principal", "lead", "officer", "developer",
        "accountant",
        "controller", "superintendent", "dispatcher", "representative", "executive", "contractor", "student",
    ]
    private static let modifiers: WordSet = [
        "managing", "general", "office", "sales", "marketing", "operations", "operation", "it", "technical", "regional",
        "project", "product", "account", "senior", "junior", "chief", "executive", "vice", "assistant", "deputy",
        "store",
        "purchasing", "procurement", "logistics", "finance", "financial", "human", "resources", "business", "customer",
        "service", "co", "sole", "technology", "operating", "information", "plant", "warehouse", "development", "new",
        "associate", "team", "software", "support", "small",
    ]

    private static func title(_ spoken: SpokenText, at start: Int) -> Range<Int>? {
        var end = start
        while let word = spoken[end], modifiers.contains(word), end - start < 4,
            !(titles.contains(word)
                && !(spoken[end + 1].map { titles.contains($0) || modifiers.contains($0) } ?? false))
        {
            end += 1
        }
        guard let word = spoken[end], titles.contains(word), !(word == "lead" && end == start) else { return nil }
        end += 1
        if word == "president" || word == "head" || word == "director" || word == "vp" || word == "manager"
            || word == "lead" || word == "officer"
        {
            if ["of", "for"].contains(spoken[end] ?? ""), let next = spoken[end + 1], isField(next) {
                end += 2
                while let more = spoken[end], isField(more), modifiers.contains(more), end - start < 7 { end += 1 }
            }
        }
        return start..<end
    }

    private static func isField(_ word: String) -> Bool {
        modifiers.contains(word)
            || ["engineering", "hr", "it", "sales", "product", "strategy", "growth", "facilities", "security"].contains(
                word)
    }

    private static let short: WordSet = ["ceo", "cto", "cfo", "coo", "cmo", "cio", "vp", "it", "hr"]

    private static func written(_ spoken: SpokenText, _ range: Range<Int>) -> String {
        return spoken.texts[range].enumerated().map { index, word in
            if short.contains(word) { return word.uppercased() }
            return index == 0 ? TitleCase.word(word) : word
        }.joined(separator: " ")
    }
}
