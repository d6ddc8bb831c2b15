import SpokenLanguage

/// Reads one specialist's file: front matter between two lines `---`, then sections.
///
/// ```
/// ---
/// name: payments
/// title: Card payments
/// domain: regulatory
/// languages: en
/// when: pci, credit card, card
///   number
/// prompt: You explain …
/// ---
/// ## May we store card numbers?
/// Plain text, one or several lines.
/// Source: PCI DSS v4.0.1, requirement 3.5.1
/// ```
/// A front matter or `Source:` line is continued by lines that begin with two spaces. `docs/specialists.md` has more.
struct SpecialistFile {
    static let bytesMax = 32_768
    static let sectionsMax = 32
    static let phrasesMax = 40
    static let askedMax = 24
    private static let keys = ["name", "title", "domain", "languages", "when", "prompt"]
    private static let optionalKeys = ["places"]
    /// In a section's `Places:`, where the file as a whole has some.
    private static let everywhere = "everywhere"

    private let file: String
    private let lines: [Substring]
    private var at = 0

    /// - Parameter file: the file's name; without `.md` it is the specialist's id.
    /// - Throws: the first ``SpecialistFinding`` that keeps the file from being read.
    static func read(_ text: String, file: String) throws(SpecialistFinding) -> Specialist {
        guard text.utf8.count <= bytesMax else {
            throw SpecialistFinding(.error, file, "is larger than \(bytesMax) bytes; split it into two specialists")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" }) else {
            throw SpecialistFinding(.error, file, "holds tabs or control characters; use spaces and plain line feeds")
        }
        var reader = SpecialistFile(file: file, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        let front = try reader.frontMatter()
        let places = try reader.places(front["places"]?.value ?? "", line: front["places"]?.line ?? 1)
        return try reader.specialist(front, sections: reader.sections(in: places))
    }

    private init(file: String, lines: [Substring]) {
        self.file = file
        self.lines = lines
    }

    private typealias Field = (value: String, line: Int)

    private func error(_ message: String, line: Int? = nil) -> SpecialistFinding {
        SpecialistFinding(.error, file, line: line ?? min(at + 1, max(1, lines.count)), message)
    }

    private mutating func frontMatter() throws(SpecialistFinding) -> [String: Field] {
        guard lines.first == "---" else { throw error("begins with a line `---`", line: 1) }
        at = 1
        var fields: [String: Field] = [:]
        while at < lines.count, lines[at] != "---" {
            guard let colon = lines[at].firstIndex(of: ":") else { throw error("expected `key: value` or `---`") }
            let key = String(lines[at][..<colon])
            guard SpecialistFile.keys.contains(key) || SpecialistFile.optionalKeys.contains(key) else {
                let known = (SpecialistFile.keys + SpecialistFile.optionalKeys).joined(separator: ", ")
                throw error("unknown key `\(key.prefix(40))`; known are \(known)")
            }
            guard fields[key] == nil else { throw error("`\(key)` is given twice") }
            let line = at + 1
            fields[key] = (continued(lines[at][lines[at].index(after: colon)...]), line)
        }
        guard at < lines.count else { throw error("the front matter is not closed by a line `---`") }
        at += 1
        for key in SpecialistFile.keys where fields[key]?.value.isEmpty ?? true {
            throw error("`\(key)` is missing or empty", line: fields[key]?.line ?? 1)
        }
        return fields
    }

    /// The value that begins on the line at hand, with its continuation lines; moves past them.
    private mutating func continued(_ first: Substring) -> String {
        var parts = [SpecialistFile.trimmed(first)]
        at += 1
        while at < lines.count, lines[at].hasPrefix("  ") {
            parts.append(SpecialistFile.trimmed(lines[at]))
            at += 1
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private mutating func sections(in places: [Place]) throws(SpecialistFinding) -> [Specialist.Section] {
        var sections: [Specialist.Section] = []
        while at < lines.count {
            if lines[at].isEmpty {
                at += 1
                continue
            }
            guard lines[at].hasPrefix("## ") else { throw error("a section begins with `## ` and its title") }
            sections.append(try section(in: places))
            guard sections.count <= SpecialistFile.sectionsMax else {
                throw error("more than \(SpecialistFile.sectionsMax) sections")
            }
        }
        guard !sections.isEmpty else { throw error("has no section of knowledge") }
        return sections
    }

    /// - Parameter places: of the file, unless the section has its own.
    private mutating func section(in places: [Place]) throws(SpecialistFinding) -> Specialist.Section {
        let start = at + 1
        var section = Specialist.Section(
            title: SpecialistFile.trimmed(lines[at].dropFirst(3)), text: "", places: places, sources: [])
        at += 1
        var text: [String] = []
        var isText = true
        while at < lines.count, !lines[at].hasPrefix("## ") {
            let line = lines[at]
            if let label = ["Asked:", "Places:", "Source:"].first(where: line.hasPrefix) {
                isText = false
                try read(label, into: &section)
                continue
            }
            if !line.isEmpty {
                guard isText else { throw error("text after `Source:`, `Asked:` or `Places:`; they close a section") }
                text.append(SpecialistFile.trimmed(line))
            }
            at += 1
        }
        guard !section.title.isEmpty, section.title.count <= 120 else {
            throw error("the title has 1 to 120 characters", line: start)
        }
        section.text = text.joined(separator: " ")
        guard (20...1_500).contains(section.text.count) else {
            throw error(
                "the section has \(section.text.count) characters of text; 20 to 1500 can be quoted", line: start)
        }
        guard !section.sources.isEmpty else { throw error("the section names no `Source:`", line: start) }
        return section
    }

    private mutating func read(_ label: String, into section: inout Specialist.Section) throws(SpecialistFinding) {
        let line = at
        let value = continued(lines[at].dropFirst(label.count))
        guard !value.isEmpty else { throw error("`\(label)` names nothing", line: line + 1) }
        switch label {
        case "Asked:":
            section.asked += value.split(separator: ";").map(SpecialistFile.trimmed).filter { !$0.isEmpty }
            guard section.asked.count <= SpecialistFile.askedMax else {
                throw error("more than \(SpecialistFile.askedMax) questions in one section", line: line + 1)
            }
        case "Places:": section.places = value == SpecialistFile.everywhere ? [] : try places(value, line: line + 1)
        default: section.sources.append(value)
        }
    }

    private func places(_ value: String, line: Int) throws(SpecialistFinding) -> [Place] {
        var places: [Place] = []
        for code in value.split(separator: ",").map(SpecialistFile.trimmed) where !code.isEmpty {
            guard Places.known.isKnown(Place(code)) else {
                throw error("`\(code.prefix(20))` is no place; docs/specialists.md says which there are", line: line)
            }
            places.append(Place(code))
        }
        return places
    }

    private func specialist(
        _ front: [String: Field], sections: [Specialist.Section]
    ) throws(SpecialistFinding) -> Specialist {
        func field(_ key: String) -> Field { front[key] ?? ("", 1) }
        func list(_ key: String) -> [String] {
            field(key).value.split(separator: ",").map(SpecialistFile.trimmed).filter { !$0.isEmpty }
        }
        guard let id = SpecialistID(field("name").value) else {
            throw error("`name` is a slug such as `eu-privacy`", line: field("name").line)
        }
        guard file == id.text + ".md" else {
            throw error("`name` is \(id), so that the file is called \(id).md", line: field("name").line)
        }
        guard let domain = Specialist.Domain(rawValue: field("domain").value) else {
            let known = Specialist.Domain.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("`domain` is one of \(known)", line: field("domain").line)
        }
        let languages = list("languages")
        guard languages.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } }) else {
            throw error("`languages` are two-letter codes such as `en, de`", line: field("languages").line)
        }
        let phrases = list("when").map { $0.lowercased() }
        guard (3...SpecialistFile.phrasesMax).contains(phrases.count), phrases.allSatisfy({ $0.count <= 80 }) else {
            throw error(
                "`when` has 3 to \(SpecialistFile.phrasesMax) phrases of at most 80 characters",
                line: field("when").line)
        }
        guard field("title").value.count <= 100, field("prompt").value.count <= 2_000 else {
            throw error("`title` has at most 100 characters, `prompt` 2000", line: field("title").line)
        }
        return Specialist(
            id: id, title: field("title").value, domain: domain, languages: languages, when: phrases,
            prompt: field("prompt").value, sections: sections)
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        guard let end = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...end])
    }
}
