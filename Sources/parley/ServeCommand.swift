import Foundation
import Gateway
import Telemetry
import WebSocketTransport

enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "the gateway: webhooks, media streams, API, console, post-call writer"
    static let options: [Option] = []

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let gateway = try await Gateway.start(try GatewayConfig())
        print(
            "Parley listens on \(gateway.config.listen.host):\(gateway.port), known to the carrier as \(gateway.publicURL)"
        )
        if gateway.config.carrier == nil, !gateway.config.acceptUnsignedWebhooks {
            print("No carrier credentials are set: every webhook is refused. parley doctor says what is missing.")
        }
        fflush(nil)
        await Signals.untilAskedToStop()
        // Not by `print`: were standard output full by now, the process would wait for its reader at its end.
        Log.info("stopping", ["calls": gateway.callCount, "wait_seconds_max": gateway.config.drainSeconds])
        await gateway.stop()
        return .done
    }
}
