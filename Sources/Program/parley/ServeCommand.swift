import Foundation
import Gateway
import Telemetry
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
        LoopWatchdog.reportFaults()
        var config = try GatewayConfig()
        let isLocal = try config.takeLocalAccount(isMade: true)
        let gateway = try await Gateway.start(config, ownAgent: OwnAgent.local)
        let watchdog = LoopWatchdog(gateway.watchedLoops) { standing in
            // Its calls are silent. A new process has them back in seconds: the carrier asks where they go on.
            Log.error("an event loop stands; ending the process for a new one", ["loop": standing.name])
            standing.endProcess()
        }
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
        // Not by `print`: were standard output full by now, the process would wait for its reader at its end.
        Log.info("stopping", ["calls": gateway.callCount, "wait_seconds_max": gateway.config.drainSeconds])
        await gateway.stop()
        watchdog.stop()
        return .done
    }
}
