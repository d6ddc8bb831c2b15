/// E-mail addresses as typed (`john@acme.com`) and as said (`john dot smith at acme dot com`).
package enum SpokenEmail {
    package struct Mention: Equatable, Sendable {
        /// In lower case, `local@domain`.
        package var address: String
        package var quote: String
    }

    package static func find(in text: String) -> Mention? { find(in: SpokenText(text)) }

    package static func find(in spoken: SpokenText) -> Mention? {
        for word in spoken.words where word.text.contains("@") {
            if isAddress(word.text) { return Mention(address: word.text, quote: String(spoken.source[word.range])) }
        }
        let words = spoken.texts
        for at in words.indices where words[at] == "at" || words[at] == "@" {
            guard let domain = domain(words, after: at), let local = local(words, before: at) else { continue }
            let address = local.text + "@" + domain.text
            guard isAddress(address) else { continue }
            return Mention(address: address, quote: spoken.quote(local.start..<domain.end))
        }
        return nil
    }

    /// A plausible address: one `@`, a dot in the domain, letters in the last part, at most 254 bytes.
    package static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, (1...64).contains(parts[0].utf8.count) else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last, top.utf8.count >= 2,
            top.allSatisfy({ $0.isASCII && $0.isLetter })
        else { return false }
        let isPlain = labels.allSatisfy {
            !$0.isEmpty && $0.first != "-" && $0.last != "-"
                && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
        let local = parts[0]
        return isPlain && local.first != "." && local.last != "." && !local.contains("..")
            && local.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._%+-'".contains($0)) }
    }

    private static let topDomains: WordSet = [
        "com", "org", "net", "io", "ai", "co", "edu", "gov", "uk", "us", "de", "fr", "ca", "au", "eu", "info", "biz",
        "dev",
        "app", "me", "nl", "ch", "at", "it", "es", "in", "ie", "nz", "tech", "cloud", "shop", "online",
    ]
    private static let joints = [
        "dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+", "point": ".",
    ]
    private static let notLocal: WordSet = [
        "look", "looking", "find", "check", "am", "me", "us", "is", "visit", "reach", "was", "are", "work", "be", "it",
        "i",
        "email", "website", "site", "online", "here", "him", "her", "them", "address", "meet", "call", "working",
    ]

    private static func domain(_ words: [String], after at: Int) -> (text: String, end: Int)? {
        var labels: [String] = []
        var label = ""
        var index = at + 1
        var pieces = 0
        while index < words.count, pieces <= 8 {
            let word = words[index]
            if word == "dot" || word == "point" {
                guard !label.isEmpty else { return nil }
                labels.append(label)
                label = ""
            } else if word == "dash" || word == "hyphen" {
                label += "-"
            } else {
                if word.contains("."), !label.isEmpty || labels.isEmpty, isAddress("x@" + label + word) {
                    return (label + word, index + 1)
                }
                // After a dot one word is one label; before it, "blue sky dot com" is `bluesky.com`.
                if !labels.isEmpty, !label.isEmpty { break }
                guard word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else { break }
                label += digit(word)
                if !labels.isEmpty, topDomains.contains(label), index + 1 >= words.count || words[index + 1] != "dot" {
                    return ((labels + [label]).joined(separator: "."), index + 1)
                }
            }
            index += 1
            pieces += 1
        }
        return nil
    }

    private static func local(_ words: [String], before at: Int) -> (text: String, start: Int)? {
        var index = at - 1
        guard index >= 0, !notLocal.contains(words[index]), isPiece(words[index]) else { return nil }
        var text = digit(words[index])
        var spelled = words[index].count == 1 || SpokenNumber.units[words[index]] != nil
        while index >= 1 {
            let previous = words[index - 1]
            if let joint = joints[previous], index >= 2, isPiece(words[index - 2]) {
                text = digit(words[index - 2]) + joint + text
                index -= 2
                spelled = words[index].count == 1
            } else if spelled, previous.count == 1 || SpokenNumber.units[previous] != nil, isPiece(previous),
                previous != "i"
            {
                text = digit(previous) + text
                index -= 1
            } else if spelled, SpokenNumber.units[words[index]] != nil, isPiece(previous),
                !introductions.contains(previous)
            {
                text = previous + text  // "john five at acme dot com"
                index -= 1
                spelled = previous.count == 1
            } else {
                break
            }
        }
        return (text, index)
    }

    private static let introductions: WordSet = ["is", "email", "address", "at", "to", "it", "me", "use", "on"]

    private static func isPiece(_ word: String) -> Bool {
        word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") }
    }

    private static func digit(_ word: String) -> String {
        guard let value = SpokenNumber.units[word], value < 10 else { return word }
        return String(Int(value))
    }
}
