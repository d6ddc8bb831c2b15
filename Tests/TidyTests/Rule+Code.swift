import Foundation

extension Rule {
    static let code = [
        Rule(
            "nothing is forced in the product",
            breaks: ("Sources/A/A.swift", "let a = b!.c"),
            keeps: ("Sources/A/A.swift", #"if a != b, !c { log("Stop!") } // now!"#)
        ) { file in
            file.area == "Sources" ? file.matches(#/[\w\)\]\?>]!(?!=)/#, "!") : []
        },
        Rule(
            "only the programs print",
            breaks: ("Sources/Product/CRM/A.swift", "Swift.print(a)"),
            keeps: ("Sources/Program/parley/A.swift", "print(a)")
        ) { file in
            guard file.area == "Sources", file.module != "parley" else { return [] }
            return file.matches(
                #/\b(print|debugPrint|dump|NSLog)\(/#.wordBoundaryKind(.simple), "rint(", "dump(", "NSLog(")
        },
        Rule(
            "nothing is left for later",
            breaks: ("Sources/A/A.swift", "// TO" + "DO: check it"),
            keeps: ("Sources/A/A.swift", "// asks for nowhere; todos")
        ) { file in
            // The words are put together here so that this file keeps the rule.
            let words = ["TO" + "DO", "FIX" + "ME", "for " + "now", "not " + "implemented", "not yet " + "implemented"]
            return words.filter(file.mentions).flatMap { word in
                file.lines.indices.filter {
                    file.lines[$0].range(of: "\\b\(word)\\b", options: .regularExpression) != nil
                }.map(file.at)
            }
        },
        Rule(
            "a file is read in one go",
            breaks: ("Sources/A/A.swift", String(repeating: "\n", count: 401)),
            keeps: ("Sources/A/A.swift", String(repeating: "\n", count: 400))
        ) { file in
            // What stands behind the last newline is no line.
            let linesMax = ["Sources": 400, "Tests": 550][file.area] ?? 450
            return file.lines.count - 1 > linesMax ? ["\(file.path) has \(file.lines.count) lines"] : []
        },
        Rule(
            "a function is read at a glance",
            breaks: ("Sources/A/A.swift", Self.function(lines: 71)),
            keeps: (
                "Sources/A/A.swift",
                "protocol A {\n    func a()\n}\n" + Self.function(lines: 70) + "\n" + Self.function(lines: 70)
            )
        ) { file in
            let linesMax = 70
            guard file.area == "Sources" else { return [] }
            return file.functions.filter { $0.count > linesMax }.map {
                "\(file.at($0.lowerBound)) has \($0.count) lines"
            }
        },
        Rule(
            "an unchecked promise carries its proof",
            breaks: ("Sources/A/A.swift", "/// A thing.\nfinal class A: @unchecked Sendable {"),
            keeps: (
                "Sources/A/A.swift",
                "/// Unchecked: all of it sits behind `lock`.\n@safe final class A: @unchecked Sendable {"
            )
        ) { file in
            guard file.area == "Sources" else { return [] }
            return file.linesOfCode(with: "@unchecked Sendable").filter { line in
                guard !file.lines[line].contains("// ") else { return false }
                let above = file.lines[..<line].reversed().prefix {
                    $0.trimmingCharacters(in: .whitespaces).hasPrefix("//")
                }
                return !above.contains { $0.lowercased().contains("unchecked") }
            }.map(file.at)
        },
        Rule(
            "a payload is spelled where a case is asked for in a closure",
            breaks: ("Sources/A/A.swift", "a.contains { if case .b = $0 { true } else { false } }"),
            keeps: ("Sources/A/A.swift", "a.contains { if case .b(_) = $0 { true } else { false } }")
        ) { file in
            file.matches(#/\{ *if case \.\w+ = \$0/#, "if case .")
        },
        Rule(
            "what the log is told of stands there itself, and the log makes text of it",
            breaks: ("Sources/A/A.swift", #"Log.error("it fails", ["error": "\(error)"])"#),
            keeps: ("Sources/A/A.swift", #"Log.error("it fails", ["error": error, "at": "\(host):\(port)"])"#)
        ) { file in
            guard file.area == "Sources", file.mentions("\"error\": \"\\(") else { return [] }
            return file.lines.indices.filter {
                file.lines[$0].firstMatch(of: #/"error": "\\\(\w+\)"/#) != nil
            }.map(file.at)
        },
        Rule(
            "a byte is asked whether it is a digit",
            breaks: ("Sources/A/A.swift", "bytes.allSatisfy { (0x30...0x39).contains($0) }"),
            keeps: ("Sources/Words/Encoding/ASCII.swift", "(0x30...0x39).contains(self)")
        ) { file in
            // Scalars are no bytes: beside ASCII they have digits of their own.
            let ofScalars = [
                "Words/Encoding/", "Words/CallModel/E164.swift", "Words/SpokenLanguage/", "Media/Consult/",
            ]
            guard file.area == "Sources", !ofScalars.contains(where: { file.path.hasPrefix("Sources/\($0)") }) else {
                return []
            }
            return file.matches(#/0x30\.\.\.0x39/#, "0x30...0x39")
        },
        Rule(
            "a metric is a constant of a feature's …Metrics.swift, and its name ends in its unit",
            breaks: ("Sources/A/AMetrics.swift", "static let a = Metric<Counter>(\n\"parley_calls\", \"\")"),
            keeps: ("Sources/A/AMetrics.swift", "static let a = Metric<Counter>(\"parley_calls_total\", \"\")")
        ) { file in
            guard file.area == "Sources", file.mentions("\"parley_") else { return [] }
            let text = file.lines.joined(separator: "\n")
            let pattern = #/\bMetric(?:Family)?(?:<(\w+)>)?\(\s*"(\w+)"/#.wordBoundaryKind(.simple)
            return text.matches(of: pattern).compactMap { match in
                let units: [String] =
                    switch match.1 {
                    case "Counter": ["_total"]
                    case "Histogram": ["_seconds"]
                    case "Gauge": ["_seconds", "_bytes", "_ratio", "_active", "_pending", "_info"]
                    default: []
                    }
                let isAtHome = file.path.hasSuffix("Metrics.swift")
                return isAtHome && units.contains(where: match.2.hasSuffix) ? nil : "\(file.path): \(match.2)"
            }
        },
    ]

    static let tests = [
        Rule(
            "a test's name is a sentence",
            breaks: ("Tests/ATests/A.swift", "@Test func parses() {}"),
            keeps: ("Tests/ATests/A.swift", "@Test func `a number is read`() {}\nfunc helper() {}")
        ) { file in
            guard file.area == "Tests" else { return [] }
            return file.linesOfCode(with: "@Test").filter { line in
                guard file.code[line].firstMatch(of: #/^\s*@Test\b/#) != nil else { return false }
                let declaration = file.code[line...].prefix(30).first { $0.firstMatch(of: #/\bfunc\b/#) != nil }
                return declaration?.firstMatch(of: #/\bfunc `\S+ .+`/#) == nil
            }.map(file.at)
        },
        Rule(
            "no test is skipped, but for what a sanitizer stands in the way of",
            breaks: ("Tests/ATests/A.swift", "@Test(.disabled()) func `a b`() {}"),
            keeps: ("Tests/ATests/A.swift", "@Test(.enabled(if: !Sanitizer.hasAllocator)) func `a b`() {}")
        ) { file in
            guard file.area == "Tests" else { return [] }
            // Brackets keep the pattern from finding itself.
            return file.matches(
                #/[.]disabled\(|[.]enabled\(if(?!: !Sanitizer[.])|with[K]nownIssue|XCT[S]kip/#, "abled(",
                "withKnown" + "Issue",
                "XCT" + "Skip")
        },
        Rule(
            "a benchmark that fails does so by a share of what raw work takes in the same run, never by a time",
            breaks: ("bench/writer/A.swift", "static let callsPerSecondMin = 400"),
            keeps: ("bench/writer/A.swift", "static let shareAtLeast = 0.25")
        ) { file in
            // What calls are held to is heard: 5 ms are 5 ms.
            guard file.area == "bench", !file.path.hasPrefix("bench/load/") else { return [] }
            return file.matches(#/\w(PerSecondMin|MsMax|SecondsMax)\b/#, "PerSecondMin", "MsMax", "SecondsMax")
        },
    ]

    /// From its name to its last brace; a text inside that looks like an end is none.
    private static func function(lines: Int) -> String {
        let opening = "private static func a(\n    _ b: Int\n) -> String {\n    \"\"\"\n    }\n    \"\"\"\n"
        return opening + String(repeating: "    b()\n", count: lines - 7) + "}"
    }
}
