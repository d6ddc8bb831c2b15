import Testing

/// A rule of the house that a machine can hold, with a line that breaks it and one that keeps it: a rule that finds
/// nothing in the first is broken itself.
struct Rule: Sendable, CustomTestStringConvertible {
    let says: String
    let breaks: SourceFile
    let keeps: SourceFile
    /// What breaks the rule in a file, a line each.
    let check: @Sendable (SourceFile) -> [String]

    init(
        _ says: String, breaks: (path: String, text: String), keeps: (path: String, text: String),
        check: @escaping @Sendable (SourceFile) -> [String]
    ) {
        self.says = says
        self.breaks = SourceFile(breaks.path, breaks.text)
        self.keeps = SourceFile(keeps.path, keeps.text)
        self.check = check
    }

    var testDescription: String { says }
}
