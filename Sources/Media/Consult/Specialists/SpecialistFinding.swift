/// What is wrong with a specialist's file, and where: an error keeps it out of the roster, a warning does not.
package struct SpecialistFinding: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Severity: String, Equatable, Sendable { case error, warning }

    package var severity: Severity
    /// The file's name, without its folder.
    package var file: String
    /// From 1; nil when the finding is about the file as a whole.
    package var line: Int?
    package var message: String

    package init(_ severity: Severity, _ file: String, line: Int? = nil, _ message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.message = message
    }

    package var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(severity.rawValue): \(message)"
    }
}
