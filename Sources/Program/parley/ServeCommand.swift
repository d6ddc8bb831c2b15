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
        let callers = try await Callers(phone, gateway)
        print(
            "Parley listens on \(gateway.config.listen.host):\(gateway.port), known to the carrier as \(gateway.publicURL)"
        )
        if isLocal {
            print(
                "No carrier is set: this machine may call with the account in \(LocalAccount.path(in: config.dataDirectory)).\n"
                    + "Call it from your browser: \(gateway.publicURL)/#/call-me, with what parley token prints.\n"
                    + "Or in another terminal: parley call --save out")
        } else if gateway.config.carrier == nil, !gateway.config.acceptUnsignedWebhooks {
            print("No carrier credentials are set: every webhook is refused. parley doctor says what is missing.")
        }
        fflush(nil)
        await Signals.untilAskedToStop()
        // Not by `print`: were standard output full by now, the process would wait for its reader at its end.
        await callers.stop()
        Log.info("stopping", ["calls": gateway.callCount, "wait_seconds_max": gateway.config.drainSeconds])
        await gateway.stop()
        watchdog.stop()
        return .done
    }

    /// Those who call from browsers of this machine, where they can: a carrier on a thread of its own.
    private struct Callers {
        private let carrier: SimulatedCarrier?
        private let loops: LoopGroup?

        init(_ phone: LocalPhone?, _ gateway: Gateway) async throws {
            guard let phone, let account = gateway.config.carrier else {
                (carrier, loops) = (nil, nil)
                return
            }
            let loops = try LoopGroup(threads: 1)
            do {
                carrier = try await phone.carrier(for: gateway, account, loops)
            } catch {
                await loops.shutdown()
                await gateway.stop(drainSeconds: 0)
                throw error
            }
            self.loops = loops
        }

        /// They hang up, and the gateway that still runs writes down what they said.
        func stop() async {
            await carrier?.shutdown()
            await loops?.shutdown()
        }
    }
}
