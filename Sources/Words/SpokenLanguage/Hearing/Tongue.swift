/// A language whose numbers, money, days and times of day are understood.
package enum Tongue: String, Sendable, CaseIterable {
    case english = "en"
    case spanish = "es"
    case german = "de"

    /// The one of a BCP-47 tag: `es-MX` is Spanish. What is not understood is read as English, which finds next to nothing
    /// in it.
    package init(tag: String) {
        self =
            tag.split(whereSeparator: { $0 == "-" || $0 == "_" }).first
            .flatMap { Tongue(rawValue: $0.lowercased()) } ?? .english
    }
}
