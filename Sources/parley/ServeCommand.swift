import Foundation
import Gateway
import WebSocketTransport

#if canImport(Glibc)
    import Glibc
#endif

enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "the gateway: webhooks, media streams, API, console, post-call writer"
    static let options: [Option] = []

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        if geteuid() == 0 {
            complain("parley serve: running as root; a user of its own is enough (deploy/README.md).")
        }
        let gateway = try await Gateway.start(try GatewayConfig())
        print(
            "Parley listens on \(gateway.config.listen.host):\(gateway.port), known to the carrier as \(gateway.publicURL)"
        )
        if gateway.config.carrier == nil, !gateway.config.acceptUnsignedWebhooks {
            print("No carrier credentials are set: every webhook is refused. parley doctor says what is missing.")
        }
        fflush(nil)
        await Signals.untilAskedToStop()
        print("Stopping: waiting up to \(gateway.config.drainSeconds) s for \(gateway.callCount) calls under way.")
        await gateway.stop()
        return .done
    }
}
