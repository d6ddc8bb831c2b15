import Foundation
import TestSupport

/// The project's files as text, read from the checkout the tests were built in.
struct SourceTree {
    static let shared = SourceTree()

    let root: URL
    /// All Swift files under `Sources`, `Tests` and `bench`.
    let swiftFiles: [SourceFile]

    private init() {
        let root = Checkout.root
        self.root = root
        swiftFiles = ["Sources", "Tests", "bench"].flatMap { folder in
            SourceTree.paths(in: root, under: folder).filter { $0.hasSuffix(".swift") }.compactMap { path in
                (try? String(contentsOf: root.appending(path: path), encoding: .utf8)).map { SourceFile(path, $0) }
            }
        }
    }

    /// Relative to the root, in order.
    func paths(under folder: String) -> [String] { SourceTree.paths(in: root, under: folder) }

    func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private static func paths(in root: URL, under folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
        return (found?.allObjects as? [String] ?? []).map { "\(folder)/\($0)" }.sorted()
    }
}

/// One Swift file: as written, and as code only.
struct SourceFile: Sendable {
    /// `Sources/Product/CRM/Journal/JournalStore.swift`.
    let path: String
    let lines: [String]
    /// The same lines without comments and without the contents of string literals; interpolations count as code.
    let code: [String]
    private let text: String

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var stripper = CodeStripper(text)
        code = stripper.strip().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// `Sources`, `Tests` or `bench`.
    var area: Substring { path.split(separator: "/").first ?? "" }
    /// A target's name: the folder under the wing, in `bench` the folder under the area.
    var module: String {
        let parts = path.split(separator: "/")
        let place = area == "bench" ? 1 : 2
        return parts.count > place + 1 ? String(parts[place]) : ""
    }

    /// Modules named by import declarations, `import struct Foundation.TimeZone` included.
    var imports: Set<String> {
        Set(
            linesOfCode(with: "import ").compactMap { line in
                let pattern = #/^\s*(?:[@\w()]+\s+)*import\s+(?:(?:struct|class|enum|func)\s+)?(\w+)/#
                return code[line].firstMatch(of: pattern).map { String($0.1) }
            })
    }

    /// Whether the text as written holds `word`.
    func mentions(_ word: String) -> Bool { text.holds(word) }

    /// Indices of the lines of code that hold `word`: a fast way to few lines, which a regex then looks at.
    func linesOfCode(with word: String) -> [Int] {
        guard mentions(word) else { return [] }
        return code.indices.filter { code[$0].holds(word) }
    }

    /// The lines of each function, initialiser, subscript and computed property that has a line for its closing brace. They are
    /// told by their indentation, which the formatter makes.
    var functions: [ClosedRange<Int>] {
        let declaration = #/^[^=]*\b(?:func|init|deinit|subscript|var)\b/#.wordBoundaryKind(.simple)
        return ["func ", "init", "subscript", "var "].flatMap(linesOfCode).sorted().compactMap { line in
            guard code[line].firstMatch(of: declaration) != nil else { return nil }
            let indent = lines[line].prefix { $0 == " " }
            let end = code.indices[(line + 1)...].first { next in
                guard code[next].contains(where: { $0 != " " }) else { return false }
                let text = lines[next]
                guard text.prefix(while: { $0 == " " }).count <= indent.count else { return false }
                return !text.dropFirst(indent.count).hasPrefix(")")
            }
            return end.flatMap { lines[$0] == indent + "}" ? line...$0 : nil }
        }
    }

    /// `path:line: text` for every line of code with one of `words` that matches.
    func matches(_ pattern: some RegexComponent, _ words: String...) -> [String] {
        Set(words.flatMap(linesOfCode)).sorted().filter { code[$0].firstMatch(of: pattern) != nil }.map(at)
    }

    /// `line` counts from 0.
    func at(_ line: Int) -> String {
        "\(path):\(line + 1): \(lines[line].trimmingCharacters(in: .whitespaces))"
    }
}

extension String {
    fileprivate func holds(_ word: String) -> Bool { withCString { strstr($0, word) != nil } }
}
