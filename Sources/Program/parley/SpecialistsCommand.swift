import Consult
import Gateway
import Specialists

enum SpecialistsCommand: Command {
    static let name = "specialists"
    static let summary = "checks the specialists' files and says what is wrong, by file and line"
    static let options = [
        Option("--check", nil, "read every file; exit 0 only if all of them can be used"),
        Option("--folder", "FOLDER", "default: PARLEY_SPECIALISTS_DIR"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.has("--check") else { throw Arguments.Mistake(text: "say what to do: --check") }
        let folder = try arguments.text("--folder") ?? GatewayConfig().specialistsDirectory
        let (ok, lines) = SpecialistCheck.run(SpecialistsSource.read(folder))
        for line in lines { print(line) }
        return ok ? .done : .failed
    }
}
