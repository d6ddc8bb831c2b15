import Foundation

/// A `parley serve` in a process of its own, for a benchmark that brings carrier, agent and database.
package struct OwnGateway: Sendable {
    package static let accountSid = "AC" + String(repeating: "b", count: 32)
    package static let authToken = "load-benchmark"

    private let target: LoadTarget

    package var url: String { target.address.gatewayURL }

    /// The executable beside this program, which is built with it.
    ///
    /// - Parameter folder: for its data and its log; it is there.
    package static func start(
        in folder: String, agentURL: String, carrierURL: String, callsMax: Int, threads: Int,
        environment: [String: String]
    ) async throws -> OwnGateway {
        let program = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
        return OwnGateway(
            target: try await LoadTarget.gateway(
                executable: program.deletingLastPathComponent().path + "/parley", agentURL: agentURL,
                carrierURL: carrierURL, callsMax: callsMax, threads: threads, tls: nil, folder: folder,
                environment: environment))
    }

    package func stop() async { await target.stop() }
}
