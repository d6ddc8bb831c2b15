import Foundation

/// All specialists of an installation, by id.
package struct SpecialistRoster: Equatable, Sendable {
    package static let specialistsMax = 200
    private static let wordsUsual = 150...700

    /// In the order of their ids.
    package let specialists: [Specialist]

    /// - Precondition: ids are unique.
    package init(_ specialists: [Specialist]) {
        self.specialists = specialists.sorted { $0.id < $1.id }
        precondition(Set(specialists.map(\.id)).count == specialists.count, "ids of specialists are unique")
    }

    package subscript(id: SpecialistID) -> Specialist? { specialists.first { $0.id == id } }

    /// Every `*.md` of the folder.
    ///
    /// - Throws: the first ``SpecialistFinding`` of severity error, naming file and line.
    package static func load(folder: String) throws(SpecialistFinding) -> SpecialistRoster {
        let (roster, findings) = read(folder: folder)
        if let first = findings.first(where: { $0.severity == .error }) { throw first }
        return roster
    }

    /// Those this version of the program has in it, and everything that is wrong with them.
    package static func builtIn() -> (roster: SpecialistRoster, findings: [SpecialistFinding]) {
        let prefix = "specialists/"
        let files = EmbeddedFiles.texts.filter { $0.key.hasPrefix(prefix) && $0.key.hasSuffix(".md") }
        return read(files.keys.sorted().map { String($0.dropFirst(prefix.count)) }) { name in
            files[prefix + name] ?? ""
        }
    }

    /// The specialists whose files can be read, and everything that is wrong with the others.
    package static func read(folder: String) -> (roster: SpecialistRoster, findings: [SpecialistFinding]) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }.sorted()
        } catch {
            return (SpecialistRoster([]), [SpecialistFinding(.error, folder, "is not a folder that can be read")])
        }
        guard (1...specialistsMax).contains(names.count) else {
            let message = "holds \(names.count) specialists; 1 to \(specialistsMax) can be loaded"
            return (SpecialistRoster([]), [SpecialistFinding(.error, folder, message)])
        }
        return read(names) { (name) throws(SpecialistFinding) in try text(folder + "/" + name, name) }
    }

    private static func read(
        _ names: [String], _ text: (String) throws(SpecialistFinding) -> String
    ) -> (roster: SpecialistRoster, findings: [SpecialistFinding]) {
        var specialists: [Specialist] = []
        var findings: [SpecialistFinding] = []
        for name in names {
            do {
                specialists.append(try SpecialistFile.read(try text(name), file: name))
            } catch {
                findings.append(error)
            }
        }
        let roster = SpecialistRoster(specialists)
        return (roster, findings + roster.validate())
    }

    private static func text(_ path: String, _ name: String) throws(SpecialistFinding) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw SpecialistFinding(.error, name, "cannot be opened")
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: SpecialistFile.bytesMax + 1) else {
            throw SpecialistFinding(.error, name, "cannot be read")
        }
        guard data.count <= SpecialistFile.bytesMax else {
            throw SpecialistFinding(.error, name, "is larger than \(SpecialistFile.bytesMax) bytes")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SpecialistFinding(.error, name, "is not UTF-8")
        }
        return text
    }

    /// What makes a valid file a poor specialist: warnings.
    package func validate() -> [SpecialistFinding] {
        var findings: [SpecialistFinding] = []
        var owners: [String: [SpecialistID]] = [:]
        for specialist in specialists {
            let file = specialist.id.text + ".md"
            for phrase in Set(specialist.when) { owners[phrase, default: []].append(specialist.id) }
            if Set(specialist.when).count < specialist.when.count {
                findings.append(SpecialistFinding(.warning, file, "`when` names a phrase twice"))
            }
            let words = specialist.sections.reduce(0) { $0 + $1.text.split(separator: " ").count }
            if !SpecialistRoster.wordsUsual.contains(words) {
                let usual = SpecialistRoster.wordsUsual
                findings.append(
                    SpecialistFinding(
                        .warning, file,
                        "has \(words) words of knowledge; \(usual.lowerBound) to \(usual.upperBound) are usual"))
            }
            if Set(specialist.sections.map(\.title)).count < specialist.sections.count {
                findings.append(SpecialistFinding(.warning, file, "two sections have the same title"))
            }
        }
        for (phrase, ids) in owners.sorted(by: { $0.key < $1.key }) where ids.count > 1 {
            let others = ids.dropFirst().map(\.text).joined(separator: ", ")
            findings.append(
                SpecialistFinding(.warning, ids[0].text + ".md", "`when` shares `\(phrase)` with \(others)"))
        }
        return findings
    }
}
