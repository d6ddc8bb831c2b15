import Foundation
import TestSupport
import Testing

@testable import Consult
@testable import SpokenLanguage

@Suite struct SpecialistRosterTests {
    private let good = """
        ---
        name: gizmos
        title: All about gizmos
        domain: service
        languages: en, de
        when: gizmo, round thing,
          gizmo repair
        prompt: You know gizmos.
        ---
        ## Are gizmos round?
        Gizmos are round in most places, and where they are not, people
        call them something else.
        Source: Gizmo Act,
          section 1
        Source: ISO 1

        ## Can a gizmo be repaired?
        A gizmo can be repaired within a day when the parts are there.
        Source: ISO 2

        """

    @Test func `every specialist of the repository is valid and free of warnings`() throws {
        let (roster, findings) = SpecialistRoster.read(folder: SpecialistFixture.folder)

        #expect(findings.filter { $0.severity == .error } == [])
        #expect(roster.specialists.count >= 26)
        for domain in Specialist.Domain.allCases {
            #expect(roster.specialists.count { $0.domain == domain } >= 6, "\(domain)")
        }
        for specialist in roster.specialists {
            #expect(specialist.sections.count >= 4, "\(specialist.id)")
            #expect(specialist.sections.allSatisfy { !$0.sources.isEmpty }, "\(specialist.id)")
        }
        #expect(findings == [])
    }

    @Test func `a file is read whole, continued lines joined`() throws {
        let specialist = try SpecialistFile.read(good, file: "gizmos.md")

        #expect(specialist.id.text == "gizmos")
        #expect(specialist.domain == .service)
        #expect(specialist.languages == ["en", "de"])
        #expect(specialist.when == ["gizmo", "round thing", "gizmo repair"])
        #expect(specialist.sections.count == 2)
        #expect(specialist.sections[0].title == "Are gizmos round?")
        #expect(specialist.sections[0].text.hasSuffix("not, people call them something else."))
        #expect(specialist.sections[0].sources == ["Gizmo Act, section 1", "ISO 1"])
    }

    @Test(
        arguments: [
            ("---\nname: gizmos\n", "", "begins with a line", 1),
            ("domain: service\n", "domain: magic\n", "`domain` is one of", 4),
            ("domain: service\n", "", "`domain` is missing", 1),
            ("name: gizmos\n", "name: Gizmos\n", "slug", 2),
            ("name: gizmos\n", "name: gadgets\n", "gadgets.md", 2),
            ("name: gizmos\n", "name: gizmos\nname: gizmos\n", "twice", 3),
            ("name: gizmos\n", "nom: gizmos\n", "unknown key `nom`", 2),
            ("languages: en, de\n", "languages: english\n", "two-letter", 5),
            ("when: gizmo, round thing,\n  gizmo repair\n", "when: gizmo\n", "3 to 40 phrases", 6),
            ("prompt: You know gizmos.\n---\n", "prompt: You know gizmos.\n", "expected `key: value`", 9),
            ("Source: ISO 2\n", "", "names no `Source:`", 17),
            ("Source: ISO 2\n", "Source:\n", "names nothing", 19),
            ("Source: ISO 1\n", "Source: ISO 1\nMore words.\n", "text after `Source:`", 16),
            ("## Are gizmos round?\n", "", "begins with `## `", 10),
            ("A gizmo can be repaired within a day when the parts are there.\n", "No.\n", "characters of text", 17),
            ("title: All about gizmos\n", "title: All\tabout\n", "control characters", nil),
        ] as [(String, String, String, Int?)])
    func `a broken file is named with its line`(old: String, new: String, message: String, line: Int?) throws {
        let text = good.replacing(old, with: new)
        #expect(text != good)

        let finding = #expect(throws: SpecialistFinding.self) {
            try SpecialistFile.read(text, file: "gizmos.md")
        }

        #expect(finding?.message.contains(message) == true, "\(finding?.message ?? "")")
        #expect(finding?.file == "gizmos.md")
        #expect(finding?.line == line)
    }

    @Test func `a file cut anywhere is refused or smaller, never a crash`() {
        for end in 0..<good.utf8.count {
            let cut = String(decoding: Array(good.utf8.prefix(end)), as: UTF8.self)
            let specialist = try? SpecialistFile.read(cut, file: "gizmos.md")
            #expect((specialist?.sections.count ?? 0) <= 2)
        }
    }

    @Test func `adding a specialist is adding one file, such as the one the docs show`() throws {
        let page = try Checkout.text("docs/specialists.md")
        let begin = try #require(page.range(of: "```\n---\n"))
        let end = try #require(page.range(of: "\n```", range: begin.upperBound..<page.endIndex))
        let file = "---\n" + page[begin.upperBound..<end.lowerBound] + "\n"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("specialists-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Checkout.url("specialists"), to: folder)
        let before = try SpecialistRoster.load(folder: folder.path).specialists.count
        let question = ConsultQuestion(
            text: "What may an agent tell a solar installer's caller about photovoltaic yield?", askedAtMs: 0,
            source: .tool)

        try Data(file.utf8).write(to: folder.appendingPathComponent("solar-fit.md"))
        let roster = try SpecialistRoster.load(folder: folder.path)

        #expect(roster.specialists.count == before + 1)
        #expect(SpecialistCheck.run(SpecialistRoster.read(folder: folder.path)).ok)
        let picks = Moderator(roster).picks(for: question, limits: ConsultLimits())
        #expect(picks.first?.specialist.id.text == "solar-fit")
        #expect(picks.first?.reasons.isEmpty == false)
    }

    @Test func `the check names broken files and counts the good ones`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "roster-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try good.write(to: folder.appending(path: "gizmos.md"), atomically: true, encoding: .utf8)
        try Data([0xFF, 0xFE]).write(to: folder.appending(path: "latin.md"))
        try String(repeating: "x", count: 40_000)
            .write(to: folder.appending(path: "huge.md"), atomically: true, encoding: .utf8)
        try "ignored".write(to: folder.appending(path: "README.txt"), atomically: true, encoding: .utf8)

        let (ok, lines) = SpecialistCheck.run(SpecialistRoster.read(folder: folder.path))

        #expect(!ok)
        #expect(lines.contains { $0.hasPrefix("latin.md: error: is not UTF-8") })
        #expect(lines.contains { $0.hasPrefix("huge.md: error: is larger") })
        #expect(
            lines.last?.hasPrefix("1 specialists (0 cultural, 0 regulatory, 1 service), 2 sections, 2 errors") == true)
        #expect(throws: SpecialistFinding.self) { try SpecialistRoster.load(folder: folder.path) }
        #expect(throws: SpecialistFinding.self) { try SpecialistRoster.load(folder: folder.path + "/nowhere") }
        #expect(SpecialistCheck.run(SpecialistRoster.read(folder: SpecialistFixture.folder)).ok)
    }

    @Test func `the specialists' knowledge has no markup: all of it is kept, in its words and its sentences`() throws {
        for specialist in try SpecialistFixture.roster().specialists {
            for text in specialist.sections.flatMap({ [$0.title, $0.text] }) {
                let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                // French has no abbreviations to write out.
                #expect(PlainText.strip(text, language: "fr") == text)
                #expect(ReplyMerge.split(text).joined(separator: " ") == words)
            }
        }
    }
}
