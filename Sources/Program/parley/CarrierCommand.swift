import Foundation
import Gateway
import SimulatedCarrier
import WebSocketTransport

enum CarrierCommand: Command {
    static let name = "carrier"
    static let summary =
        "the simulated carrier: Twilio's REST API, webhooks and media streams, with callees that answer"
    static let options = [
        Option("--listen", "ADDRESS:PORT", "the REST API; default 127.0.0.1:8091"),
        Option(
            "--gateway", "URL",
            "the gateway whose webhooks are called; default: PARLEY_PUBLIC_URL, else that of PARLEY_LISTEN"),
        Option("--callee", "WHO", "who answers dialled numbers: \(callees.joined(separator: ", ")); default answers"),
    ]

    /// Who says something is a script of the program's, `callee-…`.
    private static let speakers = ["person", "voicemail", "menu", "screening", "assistant", "fax", "network"]
    private static let callees = ["answers", "busy", "declines", "no-answer", "hangs-up"] + speakers

    private static func callee(_ name: String) throws -> Callee {
        switch name {
        case "answers": return .answers(afterMs: 1_000, script: nil)
        case "busy": return .busy
        case "declines": return .declines(afterMs: 3_000)
        case "no-answer": return .noAnswer
        case "hangs-up": return .hangsUp(afterMs: 1_000)
        case _ where speakers.contains(name):
            let script = try CallerScript.load(named: "callee-\(name)", from: .builtIn)
            return name == "person"
                ? .answers(afterMs: 4_000, script: script)
                : .machine(afterMs: 4_000, script: script, isFax: name == "fax")
        default:
            throw Arguments.Mistake(text: "--callee: \"\(name)\" is not one of \(callees.joined(separator: ", "))")
        }
    }

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        var config = try GatewayConfig()
        _ = try config.takeLocalAccount(isMade: true)
        let written = arguments.text("--listen") ?? "127.0.0.1:8091"
        guard let listen = ListenAddress(parsing: written) else {
            throw Arguments.Mistake(text: "--listen: \"\(written)\" is not an address and port")
        }
        guard let account = config.carrier else {
            throw Arguments.Mistake(
                text: "set PARLEY_TWILIO_ACCOUNT_SID and PARLEY_TWILIO_AUTH_TOKEN; any AC… id and token will do")
        }
        let callee = try callee(arguments.text("--callee") ?? "answers")
        let gateway = arguments.text("--gateway") ?? config.listenerURL
        let loops = try LoopGroup(threads: 1)
        var carrierConfig = CarrierConfig(
            accountSid: account.accountSid, authToken: account.authToken, voiceURL: gateway + "/twilio/voice",
            statusURL: gateway + "/twilio/status", listen: listen)
        carrierConfig.callee = { _ in callee }
        carrierConfig.sharedKey = account.signingKey
        let carrier = try await SimulatedCarrier.start(carrierConfig, loops: loops)
        await carrier.watchOutboundCalls { sid, event in print("\(sid)  \(event.kind.rawValue) \(event.detail)") }
        print(
            "The simulated carrier's REST API is at http://\(listen); set PARLEY_TWILIO_API_URL to that for the gateway."
        )
        await Signals.untilAskedToStop()
        await carrier.shutdown()
        await loops.shutdown()
        return .done
    }
}
