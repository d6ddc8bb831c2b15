/// What the words around a time say of it: a time for us, or one of something else.
///
/// Asked when to call, people also tell when they open, when they were promised a call, and when their contract ends. A time
/// counts when its clause asks for something ("call me"), or when nothing is left in the clause beside the time and words that
/// carry none of the meaning ("I think Tuesday at two would be fine").
struct TimeClause {
    let before: CodedWords
    let after: CodedWords
    let tongue: Tongue

    private static let wordsMax = 12

    /// - Parameter words: of the time, in ``SpokenText/words``.
    init(around words: Range<Int>, in text: SpokenText) {
        tongue = text.tongue
        let sentence = text.words.indices.contains(words.lowerBound) ? text.words[words.lowerBound].sentence : 0
        var from = words.lowerBound
        while from > 0, words.lowerBound - from < Self.wordsMax, text.words[from - 1].sentence == sentence,
            !text.words[from - 1].pauses, !Self.joints.contains(text.plainTexts[from - 1])
        {
            from -= 1
        }
        before = CodedWords(text.plainTexts[from..<words.lowerBound])
        var to = words.upperBound
        let isCut = to > 0 && text.words[to - 1].pauses
        while !isCut, to < text.words.count, to - words.upperBound < Self.wordsMax, text.words[to].sentence == sentence,
            !Self.joints.contains(text.plainTexts[to])
        {
            to += 1
            if text.words[to - 1].pauses { break }
        }
        after = CodedWords(text.plainTexts[words.upperBound..<max(to, words.upperBound)])
    }

    /// The clause is about something else, by words of its own.
    func isAboutOther(_ words: TimeWords) -> Bool {
        words.elsewhere.matches(before) && !words.wanted.matches(before)
    }

    /// The clause holds more than an answer: what is left over makes it none.
    func saysMore(isTime: (String) -> Bool) -> Bool {
        guard tongue == .english else { return false }
        if Self.past.matches(before), !Self.wishes.matches(before) { return true }
        if Self.asking.matches(CodedWords(before.texts + ["…"] + after.texts)) { return true }
        if Self.wanted.matches(before) || Self.wanted.matches(after) { return false }
        func isMore(_ word: String) -> Bool { !LightWords.english.contains(word) && !isTime(word) }
        if before.contains(where: isMore) { return true }
        let more = after.filter(isMore).count
        return ["is", "are"].contains(after.first ?? "") ? more > 0 : more > 1
    }

    private static let joints: WordSet = [
        "and", "so", "but", "because", "then", "otherwise", "y", "pero", "und", "aber", "denn", "also", "porque", "asi",
        "sonst",
    ]
    private static let past = Phrase.list(
        "was|were|had|did|been",
        "said|told|promised|supposed|called|missed|waited|happened|broke|bought|moved|hired|talked|spoke|met|rang",
        "since|ago|yesterday", "would|will|should ?have call|ring|come|be here", "used to")
    private static let wishes = Phrase.list(
        "was|were ?just thinking|hoping|wondering|going|planning", "had in mind|hoped", "thought|figured")
    private static let asking = Phrase.list(
        "^ may i ask", "^ do|does you|he|she|they work|open|close", "^ are|is you|they open|closed",
        "^ what|which|why|who day|time|is|are|do",
        "^ ?today is …", "^ it is … ?now|here|already $")
    /// The clause asks for something.
    private static let wanted = Phrase.list(
        "call|ring|phone|reach|try|catch|get|contact me|us|back|again|my|the|at|on", "free|available", "make it",
        "how|what about", "let us",
        "works ?best|better|well|fine|for|with|too|great $",
        "would|will|should|does|do work|do|suit|fit|be ?best|better|good|fine|okay|great|ideal|perfect|easier",
        "suits|fits",
        "is ?also|really|usually|always|probably|much ?the fine|good|best|better|okay|great|perfect|ideal|open|possible|easiest|convenient",
        "are ?usually|always ?the fine|good|best|better|okay|great|perfect|ideal|open|easiest",
        "prefer|preferably|ideally", "i|we can|could do|talk|speak|take", "give me a call|ring",
        "please", "call then", "put me down", "book me|us|it", "schedule|arrange|set ?it|up|that",
        "could|can|would you", "time|slot", "at my desk")
}
