import Foundation
import Testing

/// Holds the rules of the house that a machine can: docs/ARCHITECTURE.md says which module may see which, the rest is
/// how the code is written throughout.
@Suite struct TidyTests {
    private static let rules = Rule.imports + Rule.code + Rule.untrusted + Rule.tests

    @Test(arguments: rules)
    func `every file keeps the rule`(_ rule: Rule) {
        #expect(SourceTree.shared.swiftFiles.flatMap(rule.check) == [])
    }

    @Test(arguments: rules)
    func `the rule finds what breaks it and nothing else`(_ rule: Rule) {
        #expect(rule.check(rule.breaks).count == 1)
        #expect(rule.check(rule.keeps) == [])
    }

    @Test func `all of the project is read`() {
        let files = SourceTree.shared.swiftFiles

        #expect(files.count > 250)
        #expect(Set(files.map(\.area)) == ["Sources", "Tests", "bench"])
    }

    @Test func `a wing sees those above it in Package.swift and itself`() {
        let manifest = PackageManifest.shared

        #expect(manifest.wings == ["Words", "Media", "Borders", "Live", "Product", "Program", "Outside"])
        #expect(manifest.modules.count > 15)
        #expect(Self.strays(in: manifest) == [])
        let broken = PackageManifest(
            """
            case words = "Words"
            case media = "Media"
            module("A", in: .words, ["B"]), module("B", in: .media, ["A"])
            """)
        #expect(Self.strays(in: broken) == ["A sees B"])
        let outside = PackageManifest(
            """
            case program = "Program"
            case outside = "Outside"
            module("Gateway", in: .program, ["LocalAgent"]), module("LocalAgent", in: .outside)
            .executableTarget(name: "parley", dependencies: ["LocalAgent"], path: "Sources/Program/parley")
            """)
        #expect(Self.strays(in: outside) == ["Gateway sees LocalAgent"])
    }

    private static func strays(in manifest: PackageManifest) -> [String] {
        manifest.modules.flatMap { name, module in
            module.dependencies.compactMap { dependency in
                guard let other = manifest.modules[dependency] else { return nil }
                return manifest.sees(module, other) ? nil : "\(name) sees \(dependency)"
            }
        }.sorted()
    }

    @Test func `Package.swift gives a module nothing that none of its files imports`() {
        let imports = Dictionary(
            SourceTree.shared.swiftFiles.filter { $0.area == "Sources" }.map { ($0.module, $0.imports) },
            uniquingKeysWith: { $0.union($1) })

        let unused = PackageManifest.shared.modules.flatMap { name, module in
            module.dependencies.filter { imports[name]?.contains($0) != true }.map { "\(name) does not use \($0)" }
        }

        #expect(unused.sorted() == [])
    }

    @Test func `no folders of a module need each other`() {
        #expect(FolderCycles(SourceTree.shared.swiftFiles).found == [])
        let circle = FolderCycles([
            SourceFile("Sources/Product/M/A/A.swift", "struct A { var b: B }\nprivate struct Own {}"),
            SourceFile("Sources/Product/M/B/B.swift", "package enum B {}\nextension C {}"),
            SourceFile("Sources/Product/M/C/C.swift", "final class C { func a(_ a: [A]) {} }"),
        ])
        #expect(circle.found == ["M: A, B, C"])
        let ladder = FolderCycles([
            SourceFile("Sources/Product/M/A/A.swift", "struct A { var b: B }"),
            SourceFile("Sources/Product/M/B/B.swift", "enum B { struct A {}\n case a(A) } // A\nlet a = Some.A()"),
            SourceFile("Sources/Product/M/A/Own.swift", "private struct Own {}"),
            SourceFile("Sources/Product/M/B/Own.swift", "let own: Own"),
            SourceFile("Sources/Product/N/B/B.swift", "A()"),
        ])
        #expect(ladder.found == [])
    }

    @Test func `comments and strings are no code, interpolations are`() {
        let file = SourceFile(
            "a.swift",
            """
            a /* b /* c */ d */ e // f
            "g \\"h \\(i("j")) k" + #"l " \\(m) \\#(n)"#
            \"""
            o "p" \\(q)
            \""" r
            """)

        #expect(file.code == ["a  e ", "\"(i(\"\"))\" + \"(n)\"", "\"\"\"", "(q)", "\"\"\" r"])
    }

    @Test func `every migration can be undone, and none is missing`() {
        let names = SourceTree.shared.paths(under: "Sources/Borders/Database/Migrations").compactMap {
            $0.split(separator: "/").last.map(String.init)
        }

        #expect(Self.unpaired(names) == [])
        #expect(names.count >= 12)
        #expect(Self.unpaired(["0001_a.up.sql", "0001_a.down.sql", "0003_b.up.sql", "C.sql"]) != [])
        #expect(Self.unpaired(["0001_a.up.sql"]) == ["0001_a.down.sql is missing"])
    }

    private static func unpaired(_ names: [String]) -> [String] {
        var found: [String] = []
        var numbers: Set<Int> = []
        for name in names {
            guard let match = name.wholeMatch(of: #/(\d{4})_[a-z0-9_]+\.(up|down)\.sql/#), let number = Int(match.1)
            else {
                found.append("\(name) is not named like 0007_dial_attempts.up.sql")
                continue
            }
            numbers.insert(number)
            let other = name.replacing(".\(match.2).", with: match.2 == "up" ? ".down." : ".up.")
            if !names.contains(other) { found.append("\(other) is missing") }
        }
        if numbers != Set(1..<(numbers.count + 1)) { found.append("numbers \(numbers.sorted()) leave a gap") }
        return found
    }

    @Test func `no committed text names the machine it was written on`() throws {
        let roots = [
            "Sources", "Tests", "bench", "docs", "scripts", "audio-fixtures", "deploy", "specialists", "Plugins", ".ci",
        ]
        let kinds = [
            ".swift", ".md", ".py", ".sh", ".c", ".h", ".cpp", ".sql", ".json", ".jsonl", ".txt", ".tsv", ".js",
            ".html", ".css", ".svg", ".toml", ".yaml", ".in", ".conf", ".cfg", ".service", ".example", ".supp", "/run",
        ]
        let paths =
            ["Makefile", "Package.swift", "README.md", "CHANGELOG.md"]
            + roots.flatMap { SourceTree.shared.paths(under: $0) }
            .filter { path in kinds.contains { path.hasSuffix($0) } }
        let home = "/" + "work/"

        for path in paths {
            let text = try SourceTree.shared.text(path)
            #expect(!text.replacing("\\/", with: "/").contains(home), "\(path)")
        }
    }
}
