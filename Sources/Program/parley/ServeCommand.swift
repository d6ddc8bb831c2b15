import Foundation
import Gateway
import SimulatedCarrier
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
        let phone = isLocal ? try LocalPhone() : nil
        config.phone = phone?.offered
        let gateway = try await Gateway.start(config, ownAgent: OwnAgent.local)
        let watchdog = LoopWatchdog(gateway.watchedLoops) { standing in
            // Its calls are silent. A new process has them back in seconds: the carrier asks where they go on.
            Log.error("an event loop stands; ending the process for a new one", ["loop": standing.name])
            standing.endProcess()
        }
        let callers = await Callers(phone, gateway)
        // By a thread of its own: a standard output that nobody reads keeps nobody else waiting.
        LogSink(descriptor: STDOUT_FILENO, asJSON: false).say(greeting(gateway, isLocal: isLocal))
        await Signals.untilAskedToStop()
        Log.info("stopping", ["calls": gateway.callCount, "wait_seconds_max": gateway.config.drainSeconds])
        // Beside it: the gateway waits for those who hang up no longer than for others.
        Task { await callers.hangUp() }
        await gateway.stop()
        watchdog.stop()
        return .done
    }

    private static func greeting(_ gateway: Gateway, isLocal: Bool) -> String {
        let config = gateway.config
        let address =
            "Parley listens on \(config.listen.host):\(gateway.port), known to the carrier as \(gateway.publicURL)"
        if isLocal {
            return """
                \(address)
                No carrier is set: this machine may call with the account in \(LocalAccount.path(in: config.dataDirectory)).
                Call it from your browser: \(gateway.publicURL)/#/call-me, with what parley token prints.
                Or in another terminal: parley call --save out
                """
        }
        guard config.carrier == nil, !config.acceptUnsignedWebhooks else { return address }
        return
            "\(address)\nNo carrier credentials are set: every webhook is refused. parley doctor says what is missing."
    }

    /// Those who call from browsers of this machine, where they can: a carrier on a thread of its own.
    private struct Callers {
        private var carrier: SimulatedCarrier?
        private var loops: LoopGroup?

        init(_ phone: LocalPhone?, _ gateway: Gateway) async {
            (carrier, loops) = (nil, nil)
            guard let phone, let account = gateway.config.carrier else { return }
            do {
                let loops = try LoopGroup(threads: 1)
                carrier = try await phone.carrier(for: gateway, account, loops)
                self.loops = loops
            } catch {
                // Whoever calls the gateway from elsewhere needs none of it.
                Log.warning(
                    "no calls from browsers: the phone for them did not start; start again for another port",
                    ["port": phone.port, "error": error])
            }
        }

        /// They hang up, and the gateway writes down what they said.
        func hangUp() async {
            await carrier?.shutdown()
            await loops?.shutdown()
        }
    }
}
