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
