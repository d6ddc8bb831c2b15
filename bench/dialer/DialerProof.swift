import Foundation
import Telemetry

struct Failure: Error, CustomStringConvertible { var description: String }

/// Proofs of the dialer that take longer than a test: what it does in a year, and what is left when it is killed.
@main struct DialerProof {
    static func main() async throws {
        Log.level = .error
        do {
            var arguments = Array(CommandLine.arguments.dropFirst())
            let what = arguments.isEmpty ? "" : arguments.removeFirst()
            switch what {
            case "year": try await SimulatedYear.run(YearOptions(arguments))
            case "chaos": try await Chaos.run(Chaos.Options(arguments))
            case "node": try await DialerNode.run(arguments)
            default: throw Failure(description: "usage: dialer-proof year|chaos")
            }
        } catch let failure as Failure {
            FileHandle.standardError.write(Data("dialer-proof: \(failure)\n".utf8))
            exit(2)
        }
    }
}
