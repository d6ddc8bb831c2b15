import Foundation
import Gateway

enum DoctorCommand: Command {
    static let name = "doctor"
    static let summary = "checks settings, database, keys, public URL and audio engines, and says how to mend them"
    static let options = [
        Option("--phone", nil, "fail also for what only a real phone number needs"),
        Option("--json", nil, "print JSON"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let findings = await Doctor(try GatewayConfig()).examine()
        let broken = findings.count { $0.state == .broken }
        let missing = findings.count { $0.state == .missing }
        if arguments.has("--json") {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            for finding in findings {
                let sign = [.ok: "ok     ", .missing: "missing", .broken: "BROKEN "][finding.state] ?? ""
                print("\(sign)  \(finding.what): \(finding.detail)")
                if !finding.mend.isEmpty { print("         → \(finding.mend)") }
            }
            print("")
            switch (broken, missing) {
            case (0, 0): print("Ready for a real phone number.")
            case (0, _):
                print("Ready for local calls (parley demo). For a real phone number, mend what is missing above.")
            default: print("Not ready: \(broken) thing\(broken == 1 ? " is" : "s are") set up and broken.")
            }
        }
        return broken > 0 || (arguments.has("--phone") && missing > 0) ? .failed : .done
    }
}
