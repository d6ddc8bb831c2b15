import Foundation
import Gateway
import WebSocketTransport

enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "the gateway: webhooks, media streams, API, console, post-call writer"
    static let options: [Option] = []

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        var config = try GatewayConfig()
        let isLocal = try config.takeLocalAccount(isMade: true)
        let gateway = try await Gateway.start(config)
        print(
            "Parley listens on \(gateway.config.listen.host):\(gateway.port), known to the carrier as \(gateway.publicURL)"
        )
        if isLocal {
            print(
                "No carrier is set: this machine may call with the account in \(LocalAccount.path(in: config.dataDirectory)).\n"
                    + "Try it in another terminal: parley call --save out")
        } else if gateway.config.carrier == nil, !gateway.config.acceptUnsignedWebhooks {
            print("No carrier credentials are set: every webhook is refused. parley doctor says what is missing.")
        }
        fflush(nil)
        await Signals.untilAskedToStop()
        print("Stopping: waiting up to \(gateway.config.drainSeconds) s for \(gateway.callCount) calls under way.")
        await gateway.stop()
        return .done
    }
}
