/// Finds the company a person speaks for: "sarah from acme", "i work for Blue Sky Logistics", "we're called Acme".
///
/// What follows "called" is a name whatever it is; what follows "from" or "with" has to look like one: by capitals, by a
/// word that firms end in, or because no word of it is an everyday one. A place alone is where somebody is.
package enum SpokenCompany {
    /// - Parameter asked: the words answer "what company are you with?", so that a bare "acme corp" is one.
    package static func find(in text: String, asked: Bool = false) -> SpokenDetail? {
        find(in: SpokenText(text), asked: asked)
    }

    package static func find(in spoken: SpokenText, asked: Bool = false) -> SpokenDetail? {
        let reading = CompanyReading(spoken, asked: asked)
        return reading.company().map { SpokenDetail(value: reading.value($0), quote: spoken.quote($0)) }
    }
}

/// One utterance, read for the speaker's company.
struct CompanyReading {
    /// How much speaks for a name before its words are looked at.
    private enum Lead {
        /// "called": any words.
        case named
        /// "from", "with": words that look like a name.
        case linked
        /// Nothing but the question: as `linked`, and nothing else said.
        case bare
    }

    private let spoken: SpokenText
    private let words: CodedWords
    private let asked: Bool
    private let hasCapitals: Bool
    private static let wordsMax = 6

    init(_ spoken: SpokenText, asked: Bool) {
        self.spoken = spoken
        words = spoken.texts
        self.asked = asked
        hasCapitals = spoken.writesCapitals
    }

    private func word(_ at: Int) -> String { words.indices.contains(at) ? words[at] : "" }

    func company() -> Range<Int>? {
        var found: Range<Int>?
        for at in words.indices where CompanyWords.cueStarts.contains(words[at]) {
            // The last one said counts where it corrects the first.
            if let found, at < found.upperBound || !isCorrection(between: found.upperBound, and: at) { continue }
            if let end = CompanyWords.namedCues.end(in: words, from: at), isOwn(at), let run = run(end, .named) {
                found = run
            } else if let end = CompanyWords.linkedCues.end(in: words, from: at), isOwn(at),
                let run = run(end, .linked),
                asked || word(end - 1) != "at" || words[at] != "i" && words[at] != "we" || isSure(run)
            {
                found = run
            } else if asked, let end = CompanyWords.askedCues.end(in: words, from: at), isOwn(at),
                let run = run(end, .linked)
            {
                found = run
            }
        }
        guard let said = found ?? afterName() ?? (asked ? bare() ?? inClause() : nil) else { return nil }
        return corrected(said)
    }

    /// "Acme, sorry, Apex".
    private func corrected(_ said: Range<Int>) -> Range<Int> {
        var at = said.upperBound
        guard word(at) == "no" || word(at) == "sorry" || word(at) == "actually" || word(at) == "mean",
            spoken.isParted(before: at)
        else { return said }
        while ["no", "sorry", "actually", "i", "mean", "it", "is", "wait"].contains(word(at)) { at += 1 }
        guard let other = run(at, .bare), isAnswered(other.upperBound) else { return said }
        return other
    }

    private func isAnswered(_ end: Int) -> Bool {
        end == words.count || spoken.isParted(before: end) || CompanyWords.closers.contains(words[end])
    }

    /// "we're at capacity" and "we're at Siemens" are told apart by the capital.
    private func isSure(_ run: Range<Int>) -> Bool {
        isCapital(run.lowerBound) || run.last.map { run.count > 1 && CompanyWords.surely.contains(words[$0]) } ?? false
    }

    private func isCorrection(between end: Int, and at: Int) -> Bool {
        words[end..<at].contains { ["sorry", "no", "actually", "now", "mean"].contains($0) }
    }

    /// Not "my brother works for", "I used to work for", "I'm not with".
    private func isOwn(_ at: Int) -> Bool {
        let before = words[max(0, at - 3)..<at]
        return !before.contains {
            [
                "not", "never", "used", "longer", "if", "former", "formerly", "ex", "husband", "wife", "boss", "their",
                "his", "her", "your", "they", "he", "she", "brother", "sister", "friend",
            ].contains($0)
        }
            || before.last == "and" && !before.contains("not")
    }

    /// "this is sarah from acme", "Gina with Apex Uniforms".
    private func afterName() -> Range<Int>? {
        guard let end = NameReading(spoken, asked ? .somethingElse : .nothing).end() else { return nil }
        var at = end
        while ["here", "speaking", "calling", "over", "and", "i", "am"].contains(word(at)), at < end + 3 { at += 1 }
        guard ["from", "with", "at", "of", "for"].contains(word(at)), word(at) != "for" || word(at - 1) == "calling"
        else { return nil }
        return run(at + 1, .linked)
    }

    private func bare() -> Range<Int>? {
        var start = 0
        while isOpener(start) { start += 1 }
        guard let said = run(start, .bare), isAnswered(said.upperBound) else { return nil }
        // "not Acme, Apex"
        guard word(start - 1) == "not" else { return said }
        return run(said.upperBound, .bare)
    }

    /// "we're a dental practice in Austin, Bright Smile Dental": the name is a clause of its own.
    private func inClause() -> Range<Int>? {
        for at in words.indices where at > 0 && spoken.isParted(before: at) {
            if let run = run(at, .bare), isAnswered(run.upperBound), run.count > 1, isSure(run) { return run }
        }
        return nil
    }

    private func isOpener(_ at: Int) -> Bool {
        guard CompanyWords.openers.contains(word(at)), !isCapitalInside(at),
            spoken[at + 1] != "and" || words[at] != "at"
        else { return false }
        let next = word(at + 1)
        if CompanyWords.softOpeners.contains(words[at]) {
            return CompanyWords.openers.contains(next) || spoken.isParted(before: at + 1)
        }
        return words[at] != "my" && words[at] != "our"
            || ["company", "business", "firm", "employer", "name"].contains(next)
    }

    private func isCapitalInside(_ at: Int) -> Bool {
        at > 0 && hasCapitals && spoken.words[at].isCapitalised && words[at] != "i" && !spoken.isParted(before: at)
            && !["i", "we", "it"].contains(words[at])
    }

    // MARK: - The words of a name

    private func run(_ begin: Int, _ lead: Lead) -> Range<Int>? {
        var start = begin
        while CompanyWords.fillers.contains(word(start)) && !isCapital(start)
            || ["company", "firm", "called", "named"].contains(word(start))
        { start += 1 }
        var isDefinite = false
        if ["a", "an"].contains(word(start)), word(start + 1).count > 1 {
            // "a small company" is a description; "a company called acme" is not.
            guard
                let called = (start..<min(words.count, start + 6)).first(where: {
                    ["called", "named"].contains(words[$0])
                })
            else {
                return nil
            }
            return run(called + 1, .named)
        }
        if word(start) == "the", !(isCapital(start) && lead == .named) {
            isDefinite = true
            start += 1
        }
        guard words.indices.contains(start), start == begin || !spoken.endsSentence(before: start) || start > begin
        else { return nil }
        var end = start
        while end < words.count, end - start < Self.wordsMax {
            if end > start, isParted(end) { break }
            if let past = joined(end, start) {
                end = past
                continue
            }
            guard mayGoOn(end, start, lead) else { break }
            end += 1
        }
        while end > start, CompanyWords.joiners.contains(words[end - 1]) || ["uh", "um"].contains(words[end - 1]) {
            end -= 1
        }
        guard end > start, isName(start..<end, lead, isDefinite) else { return nil }
        return start..<end
    }

    /// A comma stands before "Inc." as well.
    private func isParted(_ at: Int) -> Bool {
        spoken.isParted(before: at) && !(CompanyWords.forms.contains(words[at]) && !spoken.endsSentence(before: at))
    }

    private func isCapital(_ at: Int) -> Bool {
        hasCapitals && spoken.words.indices.contains(at) && spoken.words[at].isCapitalised
    }

    /// "and", "of": inside a name when the name goes on behind them.
    private func joined(_ at: Int, _ start: Int) -> Int? {
        guard at > start, CompanyWords.joiners.contains(words[at]), hasCapitals || ["and", "of"].contains(words[at]),
            at + 1 < words.count, !isParted(at + 1)
        else { return nil }
        let next = words[at + 1]
        if hasCapitals {
            return isCapital(at + 1) && !["I", "I'm"].contains(spoken.written(at + 1)) && next != "i" ? at + 1 : nil
        }
        guard !CompanyWords.stops.contains(next),
            words[at] != "of" || ["bank", "university", "house", "school", "city"].contains(words[at - 1])
                || CompanyWords.surely.contains(next)
        else { return nil }
        // "acme and partners", "harper and cole" and nothing more.
        let end =
            (at + 1..<min(words.count, at + 4)).first {
                CompanyWords.stops.contains(words[$0])
                    || CommonWords.all.contains(words[$0]) && !CompanyWords.surely.contains(words[$0])
            } ?? words.count
        return CompanyWords.surely.contains(next) || end == words.count && end - at <= 4 ? at + 1 : nil
    }

    private func mayGoOn(_ at: Int, _ start: Int, _ lead: Lead) -> Bool {
        let next = words[at]
        if spoken.isHyphened(before: at), at > start { return true }
        guard !next.contains("@"), next.utf8.count <= 32, next.first.map({ $0.isLetter || $0.isNumber }) == true else {
            return false
        }
        if isCapital(start) || isCapital(at) && at == start {
            return spoken.words[at].isCapitalised && !["i"].contains(next) && !(spoken.written(at).hasPrefix("I'"))
                || CompanyWords.surely.contains(next) || next.first?.isNumber == true && at == start
        }
        if hasCapitals, at > start, spoken.words[at].isCapitalised, spoken.words[start].text.first?.isNumber == true {
            return true
        }
        if CompanyWords.stops.contains(next), !(at == start && lead == .bare && next == "just" && at + 1 < words.count)
        {
            return lead == .named && at == start && ["just", "no", "nothing", "yes", "only"].contains(next)
        }
        if next.count == 1 { return next != "i" && next != "a" || Self.isLetterRun(words, at) }
        if next.first?.isNumber == true { return at == start || spoken.isHyphened(before: at) }
        return next != "dot" && !next.hasSuffix("'ll")
    }

    private static func isLetterRun(_ words: CodedWords, _ at: Int) -> Bool {
        words.indices.contains(at + 1) && words[at + 1].count == 1
    }

    private func isName(_ run: Range<Int>, _ lead: Lead, _ isDefinite: Bool) -> Bool {
        let said = words[run]
        guard let first = said.first, let last = said.last else { return false }
        let isWritten =
            spoken.words[run.lowerBound].isCapitalised
            && (run.lowerBound > 0 && hasCapitals || run.count > 1 && hasCapitals)
        let isFirm =
            run.count > 1 && CompanyWords.surely.contains(last)
            || said.dropFirst().contains { CompanyWords.forms.contains($0) }
        if said.allSatisfy({ CompanyWords.places.contains($0) || CompanyWords.placeParts.contains($0) }), lead != .named
        {
            return false
        }
        let isMixed =
            lead == .bare && run.count > 1 && !said.allSatisfy(isEveryday) && !CompanyWords.never.contains(last)
        if CompanyWords.never.contains(first), !isMixed, !isFirm, !(isWritten && run.count > 1), lead != .named {
            return false
        }
        if CompanyWords.roles.contains(first), !isWritten { return false }
        if said.count == 1, CompanyWords.never.contains(first) { return false }
        if CompanyWords.departments.contains(last) { return false }
        if !spoken.isHyphened(before: run.lowerBound + 1),
            said.allSatisfy({
                SpokenNumber.units[$0] != nil || SpokenNumber.tens[$0] != nil || $0.allSatisfy(\.isNumber)
            })
        {
            return false
        }
        if lead == .named { return !said.allSatisfy(CompanyWords.stops.contains) || isWritten }
        if isWritten || isFirm { return !(isDefinite && !isFirm && !isWritten) }
        if isDefinite { return false }
        let everyday = said.count(where: isEveryday)
        return everyday == 0 || lead == .bare && everyday < run.count && !CommonWords.all.contains(last)
            || asked && everyday < run.count && lead == .linked && run.count > 1
    }

    private func isEveryday(_ word: String) -> Bool {
        if CommonWords.all.contains(word) || SpokenNumber.units[word] != nil { return true }
        return NameWords.hasEnding(word) && !CompanyWords.surely.contains(word)
    }

    // MARK: - Writing

    /// `H&M`: written without blanks.
    private func isTight(_ at: Int) -> Bool {
        at > 0 && spoken.words[at - 1].range.upperBound == spoken.words[at].range.lowerBound
    }

    func value(_ range: Range<Int>) -> String {
        var parts: [String] = []
        for at in range where !["uh", "um"].contains(words[at]) {
            let written = spoken.written(at)
            var text = TitleCase.word(written)
            if written.contains(where: \.isUppercase) || CompanyWords.joiners.contains(words[at])
                || written.contains(".")
            {
                text = written
            } else if let form = CompanyWords.formsWritten[words[at]] {
                text = form
            } else if words[at].count == 1 {
                text = written.uppercased()
            }
            if isTight(at), at > range.lowerBound, let last = parts.popLast() {
                parts.append(last + text)
            } else if spoken.isHyphened(before: at), at > range.lowerBound, let last = parts.popLast() {
                parts.append(last + "-" + text)
            } else if words[at].count == 1, at > range.lowerBound, words[at - 1].count == 1, let last = parts.popLast()
            {
                parts.append(last + text)
            } else {
                parts.append(text)
            }
        }
        return parts.joined(separator: " ")
    }
}
