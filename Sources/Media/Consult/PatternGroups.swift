/// The `groups` of a lexicon: what `<them>` stands for in its patterns.
///
/// A pattern with groups is written out: `ask <them>` becomes one pattern for each phrase of the group, those of one word
/// together. `?<them>` stands for none of them as well. A group may name groups listed before it or after, not itself.
struct PatternGroups {
    /// Of one pattern: more is a mistake in the file.
    private static let writtenOutMax = 4_000
    private static let depthMax = 4

    /// For each name, alternatives as pattern text.
    private let groups: [String: [String]]

    init(_ groups: [String: [String]]) {
        self.groups = groups.mapValues { phrases in
            let single = phrases.filter { !$0.contains(where: { " <?".contains($0) }) }
            let others = phrases.filter { $0.contains(where: { " <?".contains($0) }) }
            return (single.isEmpty ? [] : [single.joined(separator: "|")]) + others
        }
    }

    /// The pattern without groups, in all its forms; nil when it names a group that is not there, or has too many forms.
    func writtenOut(_ pattern: String) -> [String]? { writtenOut(pattern, depth: 0) }

    private func writtenOut(_ pattern: String, depth: Int) -> [String]? {
        guard pattern.contains("<") else { return [pattern] }
        guard depth < PatternGroups.depthMax else { return nil }
        var forms = [""]
        for part in pattern.split(separator: " ") {
            var choices = [String(part)]
            if part.hasSuffix(">"), let open = part.firstIndex(of: "<") {
                guard let group = groups[String(part[part.index(after: open)...].dropLast())] else { return nil }
                choices = part.first == "?" ? [""] : []
                for phrase in group {
                    guard let written = writtenOut(phrase, depth: depth + 1) else { return nil }
                    choices += written
                }
            }
            guard forms.count * choices.count <= PatternGroups.writtenOutMax else { return nil }
            forms = forms.flatMap { form in choices.map { form.isEmpty ? $0 : $0.isEmpty ? form : "\(form) \($0)" } }
        }
        return forms
    }
}
