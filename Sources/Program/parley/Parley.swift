import Foundation
import Telemetry

#if canImport(Glibc)
    import Glibc
#endif

/// One executable; its first argument names the command.
@main struct Parley {
    static func main() async {
        holdStandardDescriptors()
        let words = Array(CommandLine.arguments.dropFirst())
        guard let name = words.first, name != "--help", name != "-h", name != "help" else {
            print(help)
            exit(words.isEmpty ? ExitCode.wrongUsage.rawValue : ExitCode.done.rawValue)
        }
        if name == "--version" {
            print("parley \(version)")
            exit(ExitCode.done.rawValue)
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            complain("parley: there is no command \"\(name)\"\n\n\(help)")
            exit(ExitCode.wrongUsage.rawValue)
        }
        do {
            let arguments = try Arguments(Array(words.dropFirst()), for: command)
            guard !arguments.has("--help") else {
                print(command.help)
                exit(ExitCode.done.rawValue)
            }
            exit(try await command.run(arguments).rawValue)
        } catch let error as Arguments.Mistake {
            complain("parley \(name): \(error.text)\nSee: parley \(name) --help")
            exit(ExitCode.wrongUsage.rawValue)
        } catch {
            complain("parley \(name): \(error)")
            exit(ExitCode.failed.rawValue)
        }
    }

    static let version = BuildInfo.version

    static var commands: [any Command.Type] {
        [
            ServeCommand.self, DemoCommand.self, CallCommand.self, CarrierCommand.self, AgentCommand.self,
            MigrateCommand.self, SpecialistsCommand.self, DoctorCommand.self, TokenCommand.self, TenantCommand.self,
            ReceiptsCommand.self, JobsCommand.self, CampaignCommand.self, DoNotCallCommand.self, UserCommand.self,
            BenchCommand.self,
        ]
    }

    private static var help: String {
        """
        Parley: a real-time voice agent telephony gateway.

        usage: parley <command> [options]

        \(commands.map { "  \($0.name.padding(toLength: 12, withPad: " ", startingAt: 0))\($0.summary)" }.joined(separator: "\n"))

        parley <command> --help says more. Start with: parley demo
        Settings: PARLEY_… environment variables and parley.json5; docs/settings.md lists them, parley doctor checks them.
        Exit codes: 0 done, 1 failed, 2 wrong usage.
        """
    }
}

enum ExitCode: Int32 { case done = 0, failed = 1, wrongUsage = 2 }

/// Who starts a process may have closed some of the three standard descriptors. The next file that is opened would take such a
/// place, and be written into by whatever logs: nothing does so when something stands there.
private func holdStandardDescriptors() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
}

func complain(_ text: String) { Log.say(text) }

/// One command of the executable.
protocol Command: Sendable {
    static var name: String { get }
    static var summary: String { get }
    static var options: [Option] { get }
    /// What it does to what it is named after, said first: `parley user add`. None: it does one thing.
    static var verbs: [String] { get }
    static func run(_ arguments: Arguments) async throws -> ExitCode
}

/// One option: `--name VALUE`, or a flag when `value` is nil.
struct Option: Sendable {
    var name: String
    var value: String?
    var help: String

    init(_ name: String, _ value: String? = nil, _ help: String) {
        self.name = name
        self.value = value
        self.help = help
    }
}

extension Command {
    static var verbs: [String] { [] }

    static var help: String {
        let rows = options.map { option in
            let left = "  " + option.name + (option.value.map { " \($0)" } ?? "")
            return left.padding(toLength: max(26, left.count + 2), withPad: " ", startingAt: 0) + option.help
        }
        let verb = verbs.isEmpty ? "" : " " + verbs.joined(separator: "|")
        return "parley \(name): \(summary)\n\nusage: parley \(name)\(verb) [options]\n"
            + rows.map { "\n" + $0 }.joined()
    }
}

/// The words after the command, checked against its options.
struct Arguments: Sendable {
    struct Mistake: Error { let text: String }

    private var values: [String: String] = [:]
    /// Empty for a command without any.
    private(set) var verb = ""

    init(_ words: [String], for command: any Command.Type) throws {
        var rest = words[...]
        if let first = rest.first, command.verbs.contains(first) {
            verb = first
            rest = rest.dropFirst()
        }
        while let word = rest.popFirst() {
            if word == "--help" || word == "-h" {
                values["--help"] = ""
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let option = command.options.first(where: { $0.name == parts[0] }) else {
                throw Mistake(text: "unknown option \(word)")
            }
            if option.value == nil {
                guard parts.count == 1 else { throw Mistake(text: "\(option.name) takes no value") }
                values[option.name] = ""
            } else if parts.count == 2 {
                values[option.name] = parts[1]
            } else if let value = rest.popFirst() {
                values[option.name] = value
            } else {
                throw Mistake(text: "\(option.name) needs a value: \(option.value ?? "")")
            }
        }
        guard command.verbs.isEmpty || !verb.isEmpty || has("--help") else {
            throw Mistake(text: "say what to do: \(command.verbs.joined(separator: " or "))")
        }
    }

    func has(_ name: String) -> Bool { values[name] != nil }
    func text(_ name: String) -> String? { values[name] }

    func needed(_ name: String) throws(Mistake) -> String {
        guard let value = values[name], !value.isEmpty else { throw Mistake(text: "\(name) is needed") }
        return value
    }
}
