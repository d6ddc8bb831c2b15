/// One utterance, read for the speaker's name.
struct NameReading {
    let spoken: SpokenText
    let words: CodedWords
    let asked: SpokenName.Asked
    let hasCapitals: Bool

    init(_ spoken: SpokenText, _ asked: SpokenName.Asked) {
        self.spoken = spoken
        words = spoken.texts
        self.asked = asked
        hasCapitals = spoken.writesCapitals
    }

    func word(_ at: Int) -> String { words.indices.contains(at) ? words[at] : "" }
    var isAsked: Bool { asked == .name || asked == .lastName }

    func mention() -> SpokenName.Mention? {
        if let parts = inParts() { return parts }
        guard var range = introduced() ?? trailing() ?? (isAsked ? bare() : nil) else { return spelledAlone() }
        if let full = repeated(range) { range = full }
        var mention = SpokenName.Mention(value: value(range), quote: spoken.quote(range))
        let isLast = asked == .lastName && (range.count == 1 || NameWords.particles.contains(words[range.lowerBound]))
        mention.part = isLast ? .last : .whole
        return spelled(corrected(mention, after: range.upperBound), near: range)
    }

    /// "Bond, James Bond", "Marcus. Marcus Aurelius Brown": the name said again, and whole.
    private func repeated(_ range: Range<Int>) -> Range<Int>? {
        guard let full = run(range.upperBound), full.count > range.count else { return nil }
        return words[full].suffix(range.count).elementsEqual(words[range]) || words[full].starts(with: words[range])
            ? full : nil
    }

    /// Where the name ends that the caller introduces themselves with; nil when they do not.
    func end() -> Int? { (introduced() ?? trailing() ?? (isAsked ? bare() : leading()))?.upperBound }

    func proposed() -> SpokenName.Mention? {
        for at in words.indices {
            guard let end = NameWords.proposals.end(in: words, from: at), let run = run(end), isLikely(run) else {
                continue
            }
            return SpokenName.Mention(value: value(run), quote: spoken.quote(run))
        }
        return nil
    }

    // MARK: - First and last name apart

    private func inParts() -> SpokenName.Mention? {
        let first = named(by: NameWords.firstNameCues, besides: "last")
        let last = named(by: NameWords.lastNameCues, besides: "first")
        guard let some = last ?? first else { return nil }
        guard let first, let last else {
            let mention = SpokenName.Mention(
                value: value(some), quote: spoken.quote(some), part: last == nil ? .first : .last)
            return spelled(mention, near: some)
        }
        // "first name Peter Lang, last name Lang"
        let given = first.count > 1 && value(first).hasSuffix(value(last)) ? first.dropLast() : first[...]
        let range = min(first.lowerBound, last.lowerBound)..<max(first.upperBound, last.upperBound)
        return SpokenName.Mention(
            value: value(given.startIndex..<given.endIndex) + " " + value(last), quote: spoken.quote(range))
    }

    private func named(by cues: PhraseList, besides other: String) -> Range<Int>? {
        var from = 0
        while let found = cues.first(in: words, from: from) {
            from = found.lowerBound + 1
            if isOthers(found.lowerBound) { continue }
            var at = skipped(found.upperBound)
            if ["called", "of"].contains(word(at)) { at += 1 }
            if let run = run(at) { return run }
        }
        return nil
    }

    // MARK: - Introduced

    private func introduced() -> Range<Int>? {
        var unsure: Range<Int>?
        for at in words.indices where NameWords.cueStarts.contains(words[at]) {
            if let end = NameWords.sureCues.end(in: words, from: at), !isOthers(at),
                !["not", "if", "think"].contains(word(at - 1)), let run = run(skipped(end)), isPlausible(run)
            {
                return run
            }
            guard unsure == nil, let end = NameWords.unsureCues.end(in: words, from: at), mayIntroduce(at),
                let run = run(skipped(end)), isLikely(run)
            else { continue }
            unsure = run
        }
        return unsure
    }

    private func mayIntroduce(_ at: Int) -> Bool {
        let before = word(at - 1)
        if [
            "not", "is", "if", "that", "think", "thought", "thinks", "because", "when", "where", "what", "say", "says",
            "said",
        ]
        .contains(before), !spoken.isParted(before: at) {
            return false
        }
        if asked == .somethingElse, words[at] == "it" || words[at] == "that" || words[at] == "this" {
            return isFollowed(at)
        }
        return true
    }

    /// "this is sarah from acme", to a question for something else.
    private func isFollowed(_ at: Int) -> Bool {
        guard words[at] == "this", let run = run(skipped(at + 2)) else { return false }
        return NameWords.introducers.contains(word(run.upperBound))
    }

    /// Somebody else's: "his name is", "my wife's name is", "the name of my boss".
    private func isOthers(_ at: Int) -> Bool {
        let before = words[max(0, at - 2)..<at]
        if ["his", "her", "their", "your", "its", "whose", "company", "business"].contains(word(at - 1)) {
            return true
        }
        return before.contains { $0.hasSuffix("'s") }
    }

    /// What surely introduces may still be followed by a remark: "my name is hard to spell".
    private func isPlausible(_ run: Range<Int>) -> Bool {
        !(run.count == 1 && NameWords.remarks.contains(words[run.lowerBound]))
    }

    /// "i'm X": X looks like a name, by its capital, by being known for one, or by what follows.
    private func isLikely(_ run: Range<Int>) -> Bool {
        let start = NameWords.titles.contains(words[run.lowerBound]) ? run.lowerBound + 1 : run.lowerBound
        if start > run.lowerBound { return true }
        let first = words[start]
        if isFirm(run) || NameWords.peoples.contains(first) { return false }
        if run.count == 1, CompanyWords.places.contains(first), !NameWords.firstNames.contains(first) { return false }
        if hasCapitals, spoken.words[start].isCapitalised { return true }
        let isFollowed = NameWords.introducers.contains(word(run.upperBound))
        let isGiven = NameWords.firstNames.contains(first)
        if NameWords.doubles.contains(first) {
            let isNamed = ["from", "calling", "speaking", "here"].contains(word(run.upperBound))
            return isGiven && (run.count > 1 || isNamed || isAsked)
        }
        if isGiven || isAsked { return true }
        let areUnknown = run.allSatisfy { !NameWords.doubles.contains(words[$0]) }
        return areUnknown
            && (run.count > 1 && isClosed(run.upperBound) || isFollowed && word(run.lowerBound - 2) != "i")
    }

    /// "Acme Plumbing", and not "Faith Church".
    private func isFirm(_ run: Range<Int>) -> Bool {
        guard let last = run.last, run.count > 1 || CompanyWords.forms.contains(words[last]) else { return false }
        return CompanyWords.surely.contains(words[last])
            && !(run.count == 2 && NameWords.firstNames.contains(words[run.lowerBound]))
    }

    func isClosed(_ at: Int) -> Bool {
        at >= words.count || spoken.isParted(before: at) || NameWords.closers.contains(words[at])
    }

    // MARK: - Before "speaking"

    private func trailing() -> Range<Int>? {
        for at in words.indices where NameWords.trailingStarts.contains(words[at]) {
            let isHere = words[at] == "here" && spoken.isParted(before: at + 1)
            guard isHere || NameWords.trailing.end(in: words, from: at) != nil, let run = runEnding(at) else {
                continue
            }
            if ["no", "not", "is"].contains(word(run.lowerBound - 1)), !spoken.isParted(before: run.lowerBound) {
                continue
            }
            let isOnly =
                run.lowerBound == 0 || spoken.isParted(before: run.lowerBound)
                || NameWords.openers.contains(word(run.lowerBound - 1))
            let first = words[run.lowerBound]
            let isGiven = NameWords.firstNames.contains(first) && !NameWords.doubles.contains(first)
            let isName = isGiven || hasCapitals && spoken.words[run.lowerBound].isCapitalised && run.lowerBound > 0
            if isName
                || isOnly
                    && (run.count > 1 || isAsked || words[at] == "speaking"
                        || spoken.words[run.lowerBound].isCapitalised)
            {
                return run
            }
        }
        return nil
    }

    private func runEnding(_ end: Int) -> Range<Int>? {
        var start = end
        while start > 0, end - start < 3, isPart(start - 1),
            start == end || !spoken.isParted(before: start)
        {
            start -= 1
        }
        guard start < end else { return nil }
        guard let run = run(start), run.upperBound == end else { return nil }
        return run
    }

    /// "Gina from Apex Uniforms": a name at the start, for whoever looks for what follows it.
    private func leading() -> Range<Int>? {
        var start = 0
        while NameWords.openers.contains(word(start)) { start += 1 }
        guard let run = run(start), ["from", "with", "at", "of"].contains(word(run.upperBound)) else { return nil }
        let first = words[run.lowerBound]
        return NameWords.firstNames.contains(first) || hasCapitals && spoken.words[run.lowerBound].isCapitalised
            ? run : nil
    }

    // MARK: - The answer alone

    private func bare() -> Range<Int>? {
        var start = 0
        // "is Peter there?"
        guard word(0) != "is" else { return nil }
        while NameWords.openers.contains(word(start)) { start += 1 }
        guard var run = run(start) else { return nil }
        if word(start - 1) == "not", let other = self.run(run.upperBound) { run = other }
        guard isClosed(run.upperBound) || NameWords.introducers.contains(word(run.upperBound)) else { return nil }
        let first = words[run.lowerBound]
        if NameWords.peoples.contains(first) || isFirm(run) { return nil }
        if repeated(run) != nil { return run }
        if asked == .lastName { return run }
        if run.count == 1 {
            return !NameWords.doubles.contains(first) || NameWords.firstNames.contains(first) ? run : nil
        }
        // "best price", "long time": two words of which neither is ever a first name.
        let isGiven = NameWords.firstNames.contains(first) || !NameWords.doubles.contains(first)
        return isGiven ? run : nil
    }

    // MARK: - Runs

    private func skipped(_ at: Int) -> Int {
        var at = at
        while ["um", "uh", "uhm", "er", "erm", "well", "actually", "like", "just", "so"].contains(word(at)),
            at + 1 < words.count
        {
            at += 1
        }
        return at
    }

    /// The name that begins at `start`: up to four words, particles and what is hyphened not counted.
    func run(_ start: Int) -> Range<Int>? {
        guard words.indices.contains(start) else { return nil }
        var at = start
        var count = 0
        if NameWords.titles.contains(words[at]), isPart(at + 1) { at += 1 }
        let isCapital = hasCapitals && spoken.words[at].isCapitalised
        let begin = at
        while at < words.count, count < 4 {
            if at > begin, isBroken(at) { break }
            if at > begin, spoken.isHyphened(before: at), words[at].count > 1 {
                at += 1
                continue
            }
            if NameWords.particles.contains(words[at]), let next = pastParticles(at),
                !isCapital || spoken.words[next].isCapitalised
            {
                at = next
                continue
            }
            if isInitial(at, first: at == begin) {
                at += 1
                continue
            }
            guard isPart(at) else { break }
            if at > begin, isCapital, !spoken.words[at].isCapitalised { break }
            if at > begin, !hasCapitals, isVerb(at) { break }
            at += 1
            count += 1
        }
        while at > begin + 1, NameWords.particles.contains(words[at - 1]) || words[at - 1].count == 1 { at -= 1 }
        return count > 0 && at > begin ? start..<at : nil
    }

    private func isBroken(_ at: Int) -> Bool {
        guard spoken.isParted(before: at) else { return false }
        // The full stops of "Dr." and "John F." end no sentence.
        return !(NameWords.titles.contains(words[at - 1]) || words[at - 1].count == 1 && !spoken.words[at - 1].pauses)
    }

    /// The word behind "de la", "van der": where the name goes on.
    private func pastParticles(_ at: Int) -> Int? {
        var next = at
        while NameWords.particles.contains(word(next)), next - at < 3 { next += 1 }
        return isPart(next) && !isBroken(next) ? next : nil
    }

    /// "John Q. Harper", "sean o brien".
    private func isInitial(_ at: Int, first: Bool) -> Bool {
        let letter = words[at]
        guard letter.count == 1, letter.first?.isLetter == true else { return false }
        // "A J Turner"
        if first, word(at + 1).count == 1, isPart(at + 2) { return hasCapitals && spoken.words[at].isCapitalised }
        guard isPart(at + 1) else { return false }
        if letter == "i" || letter == "a" {
            return spoken.words[at].isCapitalised && !first && hasCapitals && word(at + 1) != "am"
        }
        return !first || letter == "o" || letter == "d" || spoken.words[at].isCapitalised
    }

    /// A word that is a verb before a pronoun: "john will you".
    private func isVerb(_ at: Int) -> Bool {
        NameWords.verbs.contains(words[at]) && NameWords.pronouns.contains(word(at + 1))
    }

    private func isPart(_ at: Int) -> Bool {
        guard words.indices.contains(at) else { return false }
        let isCapital = hasCapitals && spoken.words[at].isCapitalised && at > 0
        // "Dawn Price", "frank best": an everyday word is a name with a capital, or where the name ends with it.
        let isDouble =
            NameWords.doubles.contains(words[at])
            && (isCapital || isClosed(at + 1) || NameWords.firstNames.contains(words[at]))
        if isCapital, at > 0, NameWords.firstNames.contains(words[at - 1]), !spoken.isParted(before: at) { return true }
        return isDouble || NameWords.mayBePart(words[at], isCapital: isCapital)
    }
}
