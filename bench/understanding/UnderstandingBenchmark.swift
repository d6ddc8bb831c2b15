import Foundation

/// How well the rules understand what people say: reads labelled calls and prints, per kind and half, what the records hold
/// right, not at all, and wrong. Exit status 1 below the floors that stand beside it.
@main struct UnderstandingBenchmark {
    private static let usage =
        "usage: understanding-benchmark [--kind KIND] [--failures] [--wordings] [--floors FILE] [FOLDER]"

    private struct Options {
        var folder = URL(filePath: "bench/understanding/labelled")
        var floors = URL(filePath: "bench/understanding/floors.json")
        var kind: String?
        /// Prints what went wrong in the half that may be looked at.
        var showsFailures = false
        var showsWordings = false

        init(_ arguments: some Sequence<String>) throws {
            var rest = Array(arguments)[...]
            while let argument = rest.popFirst() {
                switch argument {
                case "--failures": showsFailures = true
                case "--wordings": showsWordings = true
                case "--kind": kind = rest.popFirst()
                case "--floors": floors = rest.popFirst().map { URL(filePath: $0) } ?? floors
                case _ where argument.hasPrefix("-"): throw LabelledSet.Fault(usage)
                default: folder = URL(filePath: argument)
                }
            }
        }
    }

    static func main() {
        do {
            let shortfalls = try run(try Options(CommandLine.arguments.dropFirst()))
            for shortfall in shortfalls { complain("below the floor: \(shortfall)") }
            if !shortfalls.isEmpty { exit(1) }
        } catch {
            complain("understanding-benchmark: \(error)")
            exit(2)
        }
    }

    private static func run(_ options: Options) throws -> [String] {
        let floors = try JSONDecoder().decode(
            [String: [String: Score.Floor]].self, from: Data(contentsOf: options.floors))
        var shortfalls: [String] = []
        print(Score.heading)
        for score in try scores(options) {
            print(score.line)
            if options.showsWordings {
                for (wording, counts) in score.wordings.sorted(by: { $0.key < $1.key }) {
                    print("  \(wording): \(counts[0]) right, \(counts[1]) nothing, \(counts[2]) wrong")
                }
            }
            if let floor = floors[score.kind]?[score.half.rawValue] { shortfalls += score.shortfall(of: floor) }
            if options.showsFailures { score.failures.forEach { print("  \($0)") } }
        }
        let talk = try LabelledSet(kind: "conversation", half: .seen, in: options.folder, asking: "")
        if let talk, let time = try ReadingTime.median(of: talk.calls) {
            print(String(format: "a call of ten minutes is read in %.2f ms of CPU", time))
        }
        return shortfalls
    }

    /// Of every kind that has a file.
    private static func scores(_ options: Options) throws -> [Score] {
        var scores: [Score] = []
        for (kind, question) in LabelledSet.questions where options.kind == nil || options.kind == kind {
            for half in LabelledSet.Half.allCases {
                let set = try LabelledSet(kind: kind, half: half, in: options.folder, asking: question)
                if let set { scores.append(try set.score()) }
            }
        }
        for half in LabelledSet.Half.allCases {
            if options.kind == nil || options.kind == "consent" {
                scores += try ConsentScore.scores(half, in: options.folder)
            }
            if options.kind == nil || options.kind == "consult" {
                scores += try ConsultScore().scores(half, in: options.folder)
            }
        }
        return scores
    }

    private static func complain(_ message: String) { FileHandle.standardError.write(Data("\(message)\n".utf8)) }
}
