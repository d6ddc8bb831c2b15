/// Corrections, spellings, and how a name is written down.
extension NameReading {
    /// "John, sorry, Jonathan Pierce", "Anna, not Anne", "Jon without an h".
    func corrected(_ mention: SpokenName.Mention, after end: Int) -> SpokenName.Mention {
        var mention = mention
        var at = end
        while at < words.count {
            guard NameWords.corrections.contains(words[at]) else {
                at += 1
                continue
            }
            let marker = words[at]
            var next = at + 1
            while NameWords.corrections.contains(word(next))
                || ["it", "is", "mean", "i", "should", "be", "that", "am"].contains(word(next))
            { next += 1 }
            guard let run = run(next) else {
                at = max(next, at + 1)
                continue
            }
            at = run.upperBound
            if words[next - 1] == "not" || marker == "not" && next == self.words.index(after: at - run.count - 1) {
                continue
            }
            let said = value(run)
            let known = mention.value.split(separator: " ").map(String.init)
            if run.count == 1, let like = Likeness.nearest(to: said, among: known) {
                var parts = known
                parts[like] = said
                mention.value = parts.joined(separator: " ")
            } else if run.count > 1,
                marker != "well" || said.split(separator: " ").first.map(String.init) == known.first
            {
                mention.value = said
            } else if marker == "sorry" || marker == "no", spoken.isParted(before: next), isClosed(run.upperBound) {
                mention.value = said
            } else {
                continue
            }
            mention.quote = spoken.quote(run)
        }
        return without(mention, after: end)
    }

    /// "Jon without an h", where an h was heard; "Eric with a k".
    private func without(_ mention: SpokenName.Mention, after end: Int) -> SpokenName.Mention {
        guard !mention.value.contains(" "), mention.value.count > 2 else { return mention }
        var mention = mention
        if let letter = letter(after: NameWords.withoutLetter, from: end) {
            if let index = mention.value.dropFirst().lastIndex(where: { $0.lowercased() == letter }) {
                mention.value.remove(at: index)
            }
        } else if let letter = letter(after: NameWords.withLetter, from: end),
            !mention.value.lowercased().contains(letter),
            let twin = NameWords.twins[letter]
        {
            let isFirst = mention.value.lowercased().hasPrefix(twin)
            let parts = mention.value.lowercased().map { String($0) }
            guard let index = isFirst ? 0 : parts.lastIndex(of: twin) else { return mention }
            mention.value = TitleCase.word((parts[..<index] + [letter] + parts[(index + 1)...]).joined())
        }
        return mention
    }

    private func letter(after cues: PhraseList, from end: Int) -> String? {
        guard let found = cues.first(in: words, from: end), word(found.upperBound).count == 1 else { return nil }
        return word(found.upperBound)
    }

    /// What is spelled near a name is how it is written.
    func spelled(_ mention: SpokenName.Mention, near range: Range<Int>) -> SpokenName.Mention {
        guard let letters = Spelling.find(in: spoken, atLeast: 3) else { return mention }
        var mention = mention
        var parts = mention.value.split(separator: " ").map(String.init)
        let isLast = words[max(0, letters.words.lowerBound - 5)..<letters.words.lowerBound].contains {
            ["last", "surname", "family"].contains($0)
        }
        let like =
            isLast && parts.count > 1
            ? parts.count - 1 : Likeness.nearest(to: letters.text, among: parts) ?? sameStart(letters.text, parts)
        guard let like else { return mention }
        parts[like] = TitleCase.word(letters.text)
        mention.value = parts.joined(separator: " ")
        mention.isSpelled = true
        return mention
    }

    /// "Lee, L E I G H": another spelling of what sounds alike.
    private func sameStart(_ letters: String, _ parts: [String]) -> Int? {
        parts.firstIndex { $0.lowercased().first == letters.first }
    }

    /// "my name is j o h n", "it's spelled J O N".
    func spelledAlone() -> SpokenName.Mention? {
        guard let letters = Spelling.find(in: spoken, atLeast: 2) else { return nil }
        let before = CodedWords(words[max(0, letters.words.lowerBound - 4)..<letters.words.lowerBound])
        let isCued = NameWords.spellCues.matches(before)
        guard
            isAsked && letters.text.count >= 3 || isCued
                || NameWords.sureCues.matches(before) && letters.text.count >= 3
        else { return nil }
        return SpokenName.Mention(
            value: letters.text.split(separator: " ").map { TitleCase.word(String($0)) }.joined(separator: " "),
            quote: spoken.quote(letters.words), part: asked == .lastName ? .last : .whole, isSpelled: true)
    }

    // MARK: - Writing

    /// The words of `range` as a name is written.
    func value(_ range: Range<Int>) -> String {
        var parts: [String] = []
        var joins = false
        for at in range {
            let written = spoken.written(at)
            let hasCapital = written.contains(where: \.isUppercase)
            var text = words[at]
            if NameWords.titles.contains(text), at == range.lowerBound {
                text = NameWords.titleForms[text] ?? TitleCase.word(text)
            } else if text.count == 1, ["o", "d"].contains(text), at + 1 < range.upperBound, !hasCapital || text == "o"
            {
                parts.append(text.uppercased() + "'")
                joins = true
                continue
            } else if text.count == 1 {
                text = text.uppercased() + "."
            } else if hasCapital {
                text = written.allSatisfy { !$0.isLowercase } && written.count > 3 ? TitleCase.word(text) : written
            } else if !(NameWords.particles.contains(text) && at > range.lowerBound
                || spoken.isHyphened(before: at) && hasCapitals)
            {
                text = TitleCase.word(text)
            }
            if words[at].count == 1, at > range.lowerBound, words[at - 1].count == 1, let last = parts.popLast() {
                parts.append(last + text)
            } else if spoken.isHyphened(before: at), let last = parts.popLast() {
                parts.append(last + "-" + text)
            } else if joins, let last = parts.popLast() {
                parts.append(last + text)
            } else if text.hasPrefix("Mc") || word(at - 1) != "mc" || at == range.lowerBound {
                parts.append(text)
            } else if let last = parts.popLast() {
                parts.append(last + text)
            }
            joins = false
        }
        return parts.joined(separator: " ")
    }
}
