import API
import CallModel
import Endpoints
import Foundation
import Gateway
import SimulatedCarrier
import Telemetry
import WebSocketTransport

enum CallCommand: Command {
    static let name = "call"
    static let summary = "one simulated call into a running gateway, from a scripted caller or an audio file"
    static let options = [
        Option("--caller", "NAME|FILE", "a caller built in, or a path to a script; default qualified"),
        Option("--say", "FILE.ulaw", "instead: wait for the greeting, say this mu-law recording, then hang up"),
        Option("--gateway", "URL", "default: PARLEY_PUBLIC_URL, else that of PARLEY_LISTEN"),
        Option("--from", "NUMBER", "the caller's number; default: the script's"),
        Option("--to", "NUMBER", "the number called; default +15550100100"),
        Option(
            "--carrier-listen", "ADDRESS:PORT", "the carrier's REST API; default: the port of PARLEY_TWILIO_API_URL"),
        Option("--save", "FOLDER", "keep caller.wav and agent.wav, what was said and what was heard, and report.json"),
        Option("--fixtures", "FOLDER", "callers and recordings, instead of those built in"),
        Option("--json", nil, "print the report as JSON and nothing else"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        var config = try GatewayConfig()
        let isLocal = try config.takeLocalAccount(isMade: false)
        Log.level = max(config.logLevel, .warning)
        guard let account = config.carrier else {
            let start = "start parley serve first, with the same PARLEY_DATA_DIR: it makes an account for this machine"
            let set =
                "set PARLEY_TWILIO_ACCOUNT_SID and PARLEY_TWILIO_AUTH_TOKEN to the gateway's: the call is signed with them"
            throw Arguments.Mistake(text: config.isForThisMachineOnly ? "\(start); or \(set)" : set)
        }
        let gateway = arguments.text("--gateway") ?? config.listenerURL
        let script = try script(arguments)
        let loops = try LoopGroup(threads: 1)
        var carrierConfig = CarrierConfig(
            accountSid: account.accountSid, authToken: account.authToken, voiceURL: gateway + "/twilio/voice",
            statusURL: gateway + "/twilio/status", listen: try restAddress(arguments, account.apiURL))
        carrierConfig.number = arguments.text("--to") ?? "+15550100100"
        carrierConfig.sharedKey = account.signingKey
        let carrier = try await start(carrierConfig, loops, mayDoWithoutAPI: isLocal)
        let token = config.jwtSecret.map {
            JWT.sign(APIPrincipal(subject: "parley call", tenant: .initial, role: .manager), secret: $0)
        }
        let json = arguments.has("--json")
        if token == nil, !json { print("PARLEY_JWT_SECRET is not set: the transcript and the record cannot be shown.") }
        let runner = CallRunner(
            gatewayURL: gateway, token: token, carrier: carrier, loops: loops, screen: CallScreen(quiet: json))
        let outcome = try await runner.run(script, from: arguments.text("--from"))
        if let folder = arguments.text("--save") { try outcome.report.save(directory: folder) }
        await carrier.shutdown()
        await loops.shutdown()
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            print(String(decoding: try encoder.encode(outcome.report), as: UTF8.self))
        } else {
            if let record = outcome.record {
                print("\n  The CRM now holds:")
                record.print()
            }
            EarTable.print(outcome)
            if let folder = arguments.text("--save") {
                print("\n  \(folder)/agent.wav is what the caller heard, \(folder)/caller.wav what the caller said.")
            }
        }
        return outcome.report.status == "completed" && outcome.report.violations.isEmpty ? .done : .failed
    }

    /// - Parameter mayDoWithoutAPI: another call may have the address of the REST API: the gateway then ends this one by its
    ///   stream, which does as well.
    private static func start(
        _ config: CarrierConfig, _ loops: LoopGroup, mayDoWithoutAPI: Bool
    ) async throws -> SimulatedCarrier {
        do {
            return try await SimulatedCarrier.start(config, loops: loops)
        } catch TransportError.listenFailed where mayDoWithoutAPI {
            var withoutAPI = config
            withoutAPI.listen = nil
            return try await SimulatedCarrier.start(withoutAPI, loops: loops)
        }
    }

    private static func script(_ arguments: Arguments) throws -> CallerScript {
        if let path = arguments.text("--say") {
            guard let data = FileManager.default.contents(atPath: path), data.count <= CallerScript.recordingBytesMax
            else {
                throw Arguments.Mistake(text: "--say: cannot read \(path), or it is longer than a minute")
            }
            return CallerScript(
                name: "say", about: "Says one recording.",
                steps: [
                    .waitForAgent(silenceMs: 700, timeoutMs: 20_000), .say(path),
                    .waitForAgent(silenceMs: 1_500, timeoutMs: 20_000), .hangUp,
                ],
                recordings: [path: Array(data)])
        }
        let name = arguments.text("--caller") ?? "qualified"
        return try CallerScript.load(named: name, from: CallerFiles(arguments.text("--fixtures")))
    }

    /// Where the gateway looks for the carrier's REST API, when that is on this machine.
    private static func restAddress(_ arguments: Arguments, _ apiURL: String) throws -> ListenAddress? {
        if let written = arguments.text("--carrier-listen") {
            guard let address = ListenAddress(parsing: written) else {
                throw Arguments.Mistake(text: "--carrier-listen: \"\(written)\" is not an address and port")
            }
            return address
        }
        guard let parts = URLComponents(string: apiURL), let host = parts.host, let port = parts.port,
            host == "127.0.0.1" || host == "localhost"
        else { return nil }
        return ListenAddress(host: "127.0.0.1", port: port)
    }
}
