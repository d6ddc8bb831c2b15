/// E-mail addresses as typed (`john@acme.com`) and as said (`john dot smith at acme dot com`).
package enum SpokenEmail {
    package struct Mention: Equatable, Sendable {
        /// In lower case, `local@domain`.
        package var address: String
        package var quote: String
    }

    /// The speaker's address, the last one where they correct themselves; none that is somebody else's or no longer used.
    ///
    /// - Parameter asked: the words answer "what is your e-mail address?".
    package static func find(in text: String, asked: Bool = false) -> Mention? {
        find(in: SpokenText(text), asked: asked)
    }

    package static func find(in spoken: SpokenText, asked: Bool = false) -> Mention? {
        guard spoken.texts.contains(where: { $0 == "at" || $0.contains("@") }) else { return nil }
        return EmailReading(spoken, asked: asked).mention()
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
}
