import Consult
import Foundation
import Gateway
import SentenceModel
import Specialists
import SpokenLanguage

enum SpecialistsCommand: Command {
    static let name = "specialists"
    static let summary = "checks the specialists' files, or shows what they say to a question"
    static let options = [
        Option("--check", nil, "read every file; exit 0 only if all of them can be used"),
        Option("--ask", "QUESTION", "show whom it is put to, why, and what the caller is told"),
        Option("--caller", "NUMBER", "where the question comes from, such as +13055550100"),
        Option("--vectors", "FILE", "write what their sentences mean, for a build of the program to have it in it"),
        Option("--folder", "FOLDER", "default: PARLEY_SPECIALISTS_DIR"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let folder = try arguments.text("--folder") ?? GatewayConfig().specialistsDirectory
        if let question = arguments.text("--ask") {
            return try ask(question, caller: arguments.text("--caller"), SpecialistsSource.read(folder).roster)
        }
        if let file = arguments.text("--vectors") {
            let sections = SpecialistsSource.read(folder).roster.specialists.flatMap(\.sections)
            let vectors = SentenceTable.file(of: Set(sections.flatMap { [$0.title, $0.text] + $0.asked }))
            try Data(vectors).write(to: URL(filePath: file))
            return .done
        }
        guard arguments.has("--check") else {
            throw Arguments.Mistake(text: "say what to do: --check, --ask QUESTION or --vectors FILE")
        }
        let (ok, lines) = SpecialistCheck.run(SpecialistsSource.read(folder))
        for line in lines { print(line) }
        return ok ? .done : .failed
    }

    private static func ask(_ text: String, caller: String?, _ roster: SpecialistRoster) throws -> ExitCode {
        var question = ConsultQuestion(text: text, askedAtMs: 0, source: .tool)
        question.whereabouts = Whereabouts(callerNumber: caller, tenantNumber: nil)
        let wording = try ConsultWording(language: "en")
        let outcome = Moderator(roster).preview(question, limits: ConsultLimits())
        for pick in outcome.picks {
            print("\(pick.specialist.id): \(pick.reasons.joined(separator: "; "))")
        }
        guard let answer = outcome.answer(askingPlace: wording.askPlace) else {
            print("nothing found: the caller is promised a call back")
            return .failed
        }
        let spoken = SpokenAnswer(answer.text, language: "en")
        print("\n\(spoken.spoken)")
        if let rest = spoken.rest { print("\nthe rest, when the caller wants it: \(rest)") }
        return .done
    }
}
