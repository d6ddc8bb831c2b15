/// One utterance, read for the speaker's address.
struct EmailReading {
    /// A word that can be part of an address, or bound one; fillers and remarks ("all one word") are left out.
    private struct Token {
        var text: String
        /// Among the words of the text.
        var word: Int
        /// A sentence ends before it, or a comma stands there.
        var isParted: Bool
    }

    private struct Candidate {
        var local: String
        var domain: String
        /// Among the tokens.
        var range: Range<Int>
        var isOurs: Bool
    }

    private static let localWordsMax = 3
    private static let domainWordsMax = 4

    private let spoken: SpokenText
    private let asked: Bool
    private var tokens: [Token] = []
    private var isOneWord = false

    init(_ spoken: SpokenText, asked: Bool) {
        self.spoken = spoken
        self.asked = asked
        let words = spoken.texts
        var at = 0
        var parted = true
        while at < words.count {
            parted = parted || spoken.isParted(before: at)
            if let end = EmailWords.remarks.end(in: words, from: at), !Self.isLetterAhead(words, at, end) {
                isOneWord = isOneWord || words[at..<end].contains("word")
                at = end
            } else if EmailWords.fillers.contains(words[at]) {
                at += 1
            } else {
                tokens.append(Token(text: words[at], word: at, isParted: parted))
                parted = false
                at += 1
            }
        }
    }

    /// "with a K" is a remark, "with a" before a name is not.
    private static func isLetterAhead(_ words: CodedWords, _ at: Int, _ end: Int) -> Bool {
        ["with", "without"].contains(words[at]) && words[end - 1].count > 1 && words[end - 1] != "ph"
    }

    private func text(_ at: Int) -> String { tokens.indices.contains(at) ? tokens[at].text : "" }

    func mention() -> SpokenEmail.Mention? {
        var found: [Candidate] = []
        for at in tokens.indices {
            if tokens[at].text.contains("@"), SpokenEmail.isAddress(tokens[at].text) {
                let parts = tokens[at].text.split(separator: "@").map(String.init)
                found.append(
                    Candidate(
                        local: parts[0], domain: parts[1], range: at..<(at + 1),
                        isOurs: isOurs(at, from: found.last?.range.upperBound ?? 0)))
            } else if let sign = sign(at), at >= (found.last?.range.upperBound ?? 0),
                let domain = domain(sign.upperBound),
                let local = local(before: sign.lowerBound)
            {
                let address = local.text + "@" + domain.text
                guard SpokenEmail.isAddress(address) else { continue }
                let start = local.start
                found.append(
                    Candidate(
                        local: local.text, domain: domain.text, range: start..<domain.end,
                        isOurs: isOurs(start, from: found.last?.range.upperBound ?? 0)))
            }
        }
        guard var best = found.last(where: \.isOurs) else { return nil }
        correct(&best)
        let address = best.local + "@" + best.domain
        guard SpokenEmail.isAddress(address) else { return nil }
        let words = tokens[best.range.lowerBound].word..<(tokens[best.range.upperBound - 1].word + 1)
        return SpokenEmail.Mention(address: address, quote: spoken.quote(words))
    }

    /// "at", "at the rate of", "the at sign".
    private func sign(_ at: Int) -> Range<Int>? {
        if text(at) == "the", text(at + 1) == "at", text(at + 2) == "sign" { return at..<(at + 3) }
        guard text(at) == "at" || text(at) == "@" else { return nil }
        if text(at + 1) == "sign" { return at..<(at + 2) }
        guard text(at + 1) == "the", text(at + 2) == "rate" else { return at..<(at + 1) }
        return at..<(text(at + 3) == "of" ? at + 4 : at + 3)
    }

    // MARK: - The domain

    private func domain(_ begin: Int) -> (text: String, end: Int)? {
        var labels: [String] = []
        var label = ""
        var at = begin
        var words = 0
        while at < tokens.count {
            let token = tokens[at]
            if at > begin, token.isParted, label.isEmpty || !labels.isEmpty { break }
            if EmailWords.dots.contains(token.text) {
                guard !label.isEmpty else { return nil }
                labels.append(label)
                (label, words) = ("", 0)
                at += 1
            } else if let joint = EmailWords.joints[token.text], joint == "-", !label.isEmpty {
                label += joint
                at += 1
            } else if token.text.contains("."), words == 0 || labels.isEmpty,
                SpokenEmail.isAddress("x@" + label + token.text)
            {
                return finished(label + token.text, at + 1)
            } else if !labels.isEmpty, !label.isEmpty, !label.hasSuffix("-") {
                // After a dot one word is one label; before it, "blue sky dot com" is `bluesky.com`.
                guard label.count < 3, token.text.count == 1, token.text.first?.isLetter == true, words == label.count
                else { break }
                label += token.text
                words += 1
                at += 1
            } else if let (digits, end) = digits(at) {
                label += digits
                words += 1
                at = end
            } else {
                guard words < Self.domainWordsMax,
                    token.text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
                    !EmailWords.notDomain.contains(token.text) || !labels.isEmpty
                        || EmailWords.joints[text(at + 1)] == "-"
                        || token.text.count == 1 && text(at + 1).count == 1
                else { break }
                label += token.text
                words += 1
                at += 1
            }
        }
        guard !labels.isEmpty, !label.isEmpty else { return nil }
        return finished((labels + [label]).joined(separator: "."), at)
    }

    /// A domain whose end is sure: by a top-level domain that nobody says otherwise, or because nothing follows it.
    private func finished(_ domain: String, _ end: Int) -> (text: String, end: Int)? {
        guard let top = domain.split(separator: ".").last.map(String.init) else { return nil }
        if EmailWords.topDomains.contains(top) { return (domain, end) }
        let isClosed = end >= tokens.count || tokens[end].isParted || EmailWords.closers.contains(tokens[end].text)
        return isClosed ? (domain, end) : nil
    }

    // MARK: - The local part

    private func local(before sign: Int) -> (text: String, start: Int)? {
        var start = sign
        while start > 0, sign - start < 14, mayBeLocal(start - 1, sign) { start -= 1 }
        while start < sign, EmailWords.joints[tokens[start].text] != nil || EmailWords.dots.contains(tokens[start].text)
        { start += 1 }
        guard start < sign else { return nil }
        var text = ""
        var plain: [String] = []
        var joined = false
        var hasJoint = false
        var at = start
        while at < sign {
            let token = tokens[at].text
            if let joint = EmailWords.joints[token] ?? (EmailWords.dots.contains(token) ? "." : nil) {
                (joined, hasJoint) = (true, true)
                text += joint
                at += 1
                if token == "under", self.text(at) == "score" { at += 1 }
            } else if let (letters, end) = letters(at, sign) {
                // "jon, J O N": the same word told again.
                if let last = plain.last, letters.count > 2, Likeness.nearest(to: letters, among: [last]) != nil,
                    !joined
                {
                    text = String(text.dropLast(last.count))
                    plain.removeLast()
                }
                text += letters
                plain.append(letters)
                (joined, at) = (false, end)
            } else if let (digits, end) = digits(at), end <= sign {
                text += digits
                (joined, at) = (false, end)
            } else {
                guard token.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._".contains($0)) }) else {
                    return nil
                }
                text += token
                plain.append(token)
                (joined, at) = (false, at + 1)
            }
        }
        guard !text.isEmpty, !joined, hasJoint || plain.count <= Self.localWordsMax || isOneWord,
            !plain.contains(where: EmailWords.placeholders.contains), isNamed(plain, start, hasJoint), isWhole(start)
        else { return nil }
        return (text, start)
    }

    /// "bob the builder": the whole or nothing.
    private func isWhole(_ start: Int) -> Bool {
        guard start > 1, !tokens[start].isParted, !tokens[start - 1].isParted,
            ["the", "a", "of"].contains(text(start - 1))
        else { return true }
        return EmailWords.bounds.contains(text(start - 2))
    }

    /// Whether a word belongs to the local part that ends at `sign`.
    private func mayBeLocal(_ at: Int, _ sign: Int) -> Bool {
        let token = tokens[at].text
        if at + 1 == sign, EmailWords.roles.contains(token) { return true }
        if isExplained(at) { return true }
        let isBeforeJoint = at + 1 < sign && isJoint(at + 1)
        if at + 1 < sign, tokens[at + 1].isParted,
            !(token.count == 1 && token != "i" || isSpelled(at + 1, sign) || isExplanation(at))
        {
            return false
        }
        if isJoint(at) { return at + 1 < sign }
        if isBeforeJoint { return token != "is" }
        if at > 0, isJoint(at - 1), token != "is", !EmailWords.bounds.contains(token) || text(at - 2) != "at" {
            return true
        }
        if SpokenNumber.units[token] != nil || SpokenNumber.tens[token] != nil {
            return !(token == "one" && (at == 0 || EmailWords.ones.contains(text(at - 1))))
        }
        if token.count == 1 {
            return token != "i" && token != "a" || text(at + 1).count == 1 || at > 0 && text(at - 1).count == 1
        }
        return !EmailWords.bounds.contains(token)
    }

    /// "m for mary", "x as in xray".
    private func isExplained(_ at: Int) -> Bool {
        func explains(_ letter: Int, _ word: Int) -> Bool {
            text(letter).count == 1 && text(word).hasPrefix(text(letter))
        }
        switch text(at) {
        case "for", "like": return explains(at - 1, at + 1)
        case "as": return explains(at - 1, at + 2) && ["in", "for"].contains(text(at + 1))
        case "in": return text(at - 1) == "as" && explains(at - 2, at + 1)
        default: return false
        }
    }

    /// The "mary" of "m as in mary".
    private func isExplanation(_ at: Int) -> Bool {
        ["in", "for", "like"].contains(text(at - 1)) && isExplained(at - 1)
    }

    private func isSpelled(_ at: Int, _ sign: Int) -> Bool {
        at < sign && text(at).count == 1 && (at + 1 == sign || text(at + 1).count == 1)
    }

    private func isJoint(_ at: Int) -> Bool {
        EmailWords.joints[text(at)] != nil || EmailWords.dots.contains(text(at))
            || text(at) == "score" && text(at - 1) == "under"
    }

    /// A word that is an everyday one is an address where addresses are spoken of.
    private func isNamed(_ plain: [String], _ start: Int, _ hasJoint: Bool) -> Bool {
        if plain.contains(where: EmailWords.never.contains), !hasJoint { return false }
        if asked || hasJoint { return true }
        let before = tokens[max(0, start - 8)..<start].map(\.text)
        if before.contains(where: EmailWords.cues.contains) { return true }
        return plain.allSatisfy { !CommonWords.all.contains($0) || EmailWords.roles.contains($0) }
    }

    // MARK: - Letters and digits

    private func letters(_ begin: Int, _ end: Int) -> (String, Int)? {
        var text = ""
        var at = begin
        while at < end {
            let times = self.text(at) == "double" ? 2 : self.text(at) == "triple" ? 3 : 1
            let letter = self.text(times > 1 ? at + 1 : at)
            guard letter.count == 1, letter.first?.isLetter == true else { break }
            text += String(repeating: letter, count: times)
            at += times > 1 ? 2 : 1
            if self.text(at) == "as", self.text(at + 1) == "in" || self.text(at + 1) == "for" { at += 3 }
            if self.text(at) == "like" || self.text(at) == "for", self.text(at + 1).hasPrefix(letter) { at += 2 }
        }
        return text.isEmpty ? nil : (text, at)
    }

    /// "ninety nine", "double five", "nineteen eighty four", "two thousand".
    private func digits(_ begin: Int) -> (String, Int)? {
        let first = text(begin)
        if let times = ["double": 2, "triple": 3, "treble": 3][first] {
            guard let digit = digit(text(begin + 1)) else { return nil }
            return (String(repeating: digit, count: times), begin + 2)
        }
        if let tens = SpokenNumber.tens[first] {
            if let unit = SpokenNumber.units[text(begin + 1)], (1...9).contains(unit) {
                return (String(Int(tens + unit)), begin + 2)
            }
            return (String(Int(tens)), begin + 1)
        }
        guard let unit = SpokenNumber.units[first] else {
            guard first == "oh" || first == "o", begin > 0 || digit(text(begin + 1)) != nil,
                digit(text(begin + 1)) != nil || digit(text(begin - 1)) != nil
            else { return nil }
            return ("0", begin + 1)
        }
        switch text(begin + 1) {
        case "hundred": return (String(Int(unit * 100)), begin + 2)
        case "thousand":
            if let (more, end) = digits(begin + 2), let rest = Int(more), rest < 1_000 {
                return (String(Int(unit) * 1_000 + rest), end)
            }
            return (String(Int(unit) * 1_000), begin + 2)
        default: return (String(Int(unit)), begin + 1)
        }
    }

    private func digit(_ word: String) -> String? {
        if let unit = SpokenNumber.units[word], unit < 10 { return String(Int(unit)) }
        return word == "oh" || word == "o" ? "0" : word.count == 1 && word.first?.isNumber == true ? word : nil
    }

    // MARK: - Whose, and which

    /// Not "not john at …", "my wife's is …", "an email from …", "my old one was …".
    ///
    /// - Parameter from: where what was said of another address ends.
    private func isOurs(_ start: Int, from: Int) -> Bool {
        var begin = start
        while begin > max(from, start - 7), !tokens[begin].isParted { begin -= 1 }
        let before = tokens[begin..<start].map(\.text)
        if before.last == "not" || before.last == "from" { return false }
        if before.contains("not"), before.suffix(3).contains(where: ["use", "write", "send", "is"].contains) {
            return false
        }
        if before.contains(where: EmailWords.past.contains) { return false }
        if let person = before.firstIndex(where: EmailWords.people.contains), person > 0,
            ["my", "our", "the"].contains(before[person - 1]),
            !before[(person + 1)...].contains(where: ["mine", "me", "my", "i"].contains)
        {
            return false
        }
        guard
            let owner = before.lastIndex(where: {
                ["his", "her", "their", "your"].contains($0) || $0.hasSuffix("'s") && $0 != "name's"
            })
        else { return true }
        return before[(owner + 1)...].contains { ["my", "mine", "me", "i"].contains($0) }
    }

    /// "…, no, dot net", "…, that's K W Y K".
    private func correct(_ best: inout Candidate) {
        var at = best.range.upperBound
        while at < tokens.count {
            if EmailWords.dots.contains(text(at)), let label = label(at + 1),
                EmailWords.corrections.contains(text(at - 1)) || at > 1 && text(at - 2) == "no",
                text(at - 1) != "not"
            {
                var labels = best.domain.split(separator: ".").map(String.init)
                labels[labels.count - 1] = label
                best.domain = labels.joined(separator: ".")
                return
            }
            if EmailWords.corrections.contains(text(at)), text(at) != "not", let domain = domain(at + 1),
                domain.text.contains(".")
            {
                best.domain = domain.text
                return
            }
            at += 1
        }
        guard let last = tokens[best.range].last,
            let spelling = Spelling.find(in: spoken, atLeast: 3, from: last.word + 1)
        else { return }
        let labels = best.domain.split(separator: ".", maxSplits: 1).map(String.init)
        guard let label = labels.first, let like = Likeness.nearest(to: spelling.text, among: [best.local, label])
        else { return }
        if like == 0 {
            best.local = spelling.text
        } else {
            best.domain = ([spelling.text] + labels.dropFirst()).joined(separator: ".")
        }
    }

    private func label(_ at: Int) -> String? {
        let label = text(at)
        return label.count > 1 && label.allSatisfy { $0.isASCII && $0.isLetter } ? label : nil
    }
}
