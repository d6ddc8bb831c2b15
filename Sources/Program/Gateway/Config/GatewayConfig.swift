import Foundation
package import LiveCalls
import Specialists
package import Telemetry
package import TwilioProtocol
package import WebSocketTransport

/// All settings of a gateway, read once and checked; mistakes are reported together.
package struct GatewayConfig: Sendable {
    package struct Carrier: Sendable {
        package var accountSid: String
        package var authToken: String
        package var apiURL: String
        /// Webhook shared keys: a request that names one is signed with it instead of ``authToken``.
        package var sharedKeys: [RequestSignature.SharedKey] = []

        /// What a simulated carrier of this account signs with, where it is not the token.
        package var signingKey: (id: String, secret: String)? {
            sharedKeys.first { $0.algorithm == .hmacSHA256 }.map { ($0.id, $0.secret) }
        }
    }

    package struct LanguageModel: Sendable {
        package var url: String
        package var apiKey: String?
        package var model: String
    }

    package enum Agent: Sendable, Equatable {
        /// Started in this process on a loopback socket.
        case local
        case remote(url: String, apiKey: String?)
    }

    package var listen: ListenAddress
    /// No trailing slash; nil: made from the port the listener got.
    package var publicURL: String?
    package var tls: ServerTLS?
    package var trustedProxies: Set<String> = []
    package var dataDirectory: String
    package var databaseURL: String?
    package var databaseOwnerURL: String?
    package var carrier: Carrier?
    /// Base of the carrier's REST API, where ``carrier`` is not set either.
    package var carrierURL: String
    package var agent: Agent
    package var languageModel: LanguageModel?
    /// Need not be there: then the program has specialists of its own.
    package var specialistsDirectory: String
    package var consults = ConsultOptions()
    package var jwtSecret: [UInt8]?
    package var issuer: Issuer?
    /// Nil: the metrics are read from the one listener.
    package var metricsListen: ListenAddress?
    package var metricsToken: String?
    package var mediaThreads: Int
    package var callsMax: Int
    package var playoutLeadMs: Int
    package var coalescesAudio: Bool
    package var drainSeconds: Int
    package var logLevel: Log.Level
    package var acceptUnsignedWebhooks: Bool
    /// PEM file of authorities that agent connections are checked against; nil: the machine's.
    package var authoritiesPath: String?
    /// The carrier sends 50 messages a second: a media stream that is silent this long has no peer any more.
    package var streamSilenceMs = 10_000
    /// How often a running gateway looks whether tenants are still kept apart.
    package var fenceCheckSeconds = 3_600
    package var patience = CallPatience()

    /// What calls are told of it.
    var calls: CallSettings {
        CallSettings(
            callsMax: callsMax, playoutLeadMs: playoutLeadMs, coalescesAudio: coalescesAudio,
            streamSilenceMs: streamSilenceMs, patience: patience)
    }

    /// What is wrong with the settings, a line each.
    package struct Mistakes: Error, CustomStringConvertible {
        package let lines: [String]
        package var description: String {
            "The settings have \(lines.count == 1 ? "a mistake" : "\(lines.count) mistakes"):\n"
                + lines.map { "  \($0)" }.joined(separator: "\n")
        }
    }

    package init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(Mistakes) {
        let source = SettingsSource(environment: environment)
        var mistakes = source.mistakes
        func text(_ name: String) -> String? {
            let value = source.values[name] ?? Setting.all.first { $0.name == name }?.fallback
            return value.flatMap { $0.isEmpty ? nil : $0 }
        }
        func integer(_ name: String, _ range: ClosedRange<Int>, default fallback: Int) -> Int {
            guard let written = text(name) else { return fallback }
            guard let number = Int(written), range.contains(number) else {
                mistakes.append(
                    "\(name): \"\(written)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
                return fallback
            }
            return number
        }
        func url(_ name: String, _ schemes: Set<String>) -> String? {
            guard let written = text(name) else { return nil }
            guard let parts = URLComponents(string: written), schemes.contains(parts.scheme ?? ""), parts.host != nil,
                parts.fragment == nil
            else {
                let isSecret = Setting.all.contains { $0.name == name && $0.isSecret }
                mistakes.append(
                    "\(name): \(isSecret ? "the value" : "\"\(written)\"") is not a URL with "
                        + schemes.sorted().joined(separator: " or "))
                return nil
            }
            return written.hasSuffix("/") ? String(written.dropLast()) : written
        }

        let written = text("PARLEY_LISTEN") ?? "127.0.0.1:8080"
        if let address = ListenAddress(parsing: written) {
            listen = address
        } else {
            mistakes.append("PARLEY_LISTEN: \"\(written)\" is not an address and port such as 127.0.0.1:8080")
            listen = ListenAddress(host: "127.0.0.1", port: 8_080)
        }
        publicURL = url("PARLEY_PUBLIC_URL", ["http", "https"])
        switch (text("PARLEY_TLS_CERT"), text("PARLEY_TLS_KEY")) {
        case (let certificate?, let key?):
            for (name, path) in [("PARLEY_TLS_CERT", certificate), ("PARLEY_TLS_KEY", key)]
            where !FileManager.default.isReadableFile(atPath: path) {
                mistakes.append("\(name): cannot read \(path)")
            }
            tls = ServerTLS(certificatePath: certificate, keyPath: key)
        case (nil, nil): tls = nil
        default:
            mistakes.append("PARLEY_TLS_CERT and PARLEY_TLS_KEY: set both or neither")
            tls = nil
        }
        authoritiesPath = text("PARLEY_TLS_CA")
        if let path = authoritiesPath, !FileManager.default.isReadableFile(atPath: path) {
            mistakes.append("PARLEY_TLS_CA: cannot read \(path)")
        }
        dataDirectory = text("PARLEY_DATA_DIR") ?? "./var"
        databaseURL = url("PARLEY_DATABASE_URL", ["postgresql", "postgres"])
        databaseOwnerURL = url("PARLEY_DATABASE_OWNER_URL", ["postgresql", "postgres"])
        carrierURL = url("PARLEY_TWILIO_API_URL", ["http", "https"]) ?? TwilioREST.standardBaseURL
        let sharedKeys: [RequestSignature.SharedKey]
        do throws(SharedKeySetting.Mistake) {
            sharedKeys = try SharedKeySetting.read(text("PARLEY_TWILIO_SHARED_KEYS"))
        } catch {
            mistakes.append("PARLEY_TWILIO_SHARED_KEYS: \(error)")
            sharedKeys = []
        }
        switch (text("PARLEY_TWILIO_ACCOUNT_SID"), text("PARLEY_TWILIO_AUTH_TOKEN")) {
        case (let sid?, let token?):
            if !(sid.hasPrefix("AC") && sid.utf8.count == 34) {
                mistakes.append("PARLEY_TWILIO_ACCOUNT_SID: \"\(sid)\" is not AC and 32 hex digits")
            }
            carrier = Carrier(accountSid: sid, authToken: token, apiURL: carrierURL, sharedKeys: sharedKeys)
        case (nil, nil):
            carrier = nil
            if !sharedKeys.isEmpty {
                mistakes.append(
                    "PARLEY_TWILIO_SHARED_KEYS: set PARLEY_TWILIO_ACCOUNT_SID, whose keys they are, as well")
            }
        default:
            mistakes.append("PARLEY_TWILIO_ACCOUNT_SID and PARLEY_TWILIO_AUTH_TOKEN: set both or neither")
            carrier = nil
        }
        let agentURL = url("PARLEY_AGENT_URL", ["ws", "wss"])
        let agentKey = text("PARLEY_DEEPGRAM_API_KEY")
        agent =
            agentURL == nil && agentKey == nil
            ? .local : .remote(url: agentURL ?? "wss://agent.deepgram.com/v1/agent/converse", apiKey: agentKey)
        languageModel = url("PARLEY_LLM_URL", ["http", "https"]).map {
            LanguageModel(
                url: $0, apiKey: text("PARLEY_LLM_API_KEY"), model: text("PARLEY_LLM_MODEL") ?? "gpt-5.4-mini")
        }
        specialistsDirectory = text("PARLEY_SPECIALISTS_DIR") ?? SpecialistsSource.directoryDefault
        jwtSecret = text("PARLEY_JWT_SECRET").map { Array($0.utf8) }
        if let secret = jwtSecret, secret.count < 32 {
            mistakes.append(
                "PARLEY_JWT_SECRET: \(secret.count) bytes are too few; use 32 or more, e.g. openssl rand -hex 32")
        }
        do throws(Issuer.Mistake) {
            issuer = try Issuer.read(
                url: text("PARLEY_JWKS_URL"), name: text("PARLEY_JWT_ISSUER"), audience: text("PARLEY_JWT_AUDIENCE"))
        } catch {
            mistakes.append(error.description)
        }
        for proxy in (text("PARLEY_TRUSTED_PROXIES") ?? "").split(separator: ",") {
            let address = proxy.trimmingCharacters(in: .whitespaces)
            if let name = TransportLimits.peerName(address) {
                trustedProxies.insert(name)
            } else {
                mistakes.append("PARLEY_TRUSTED_PROXIES: \"\(address)\" is not a numeric address such as 10.0.0.5")
            }
        }
        metricsListen = text("PARLEY_METRICS_LISTEN").flatMap { ListenAddress(parsing: $0) }
        if let written = text("PARLEY_METRICS_LISTEN"), metricsListen == nil {
            mistakes.append("PARLEY_METRICS_LISTEN: \"\(written)\" is not an address and port such as 127.0.0.1:9090")
        }
        metricsToken = text("PARLEY_METRICS_TOKEN")
        if let token = metricsToken, token.utf8.count < 16 || token.contains(where: \.isWhitespace) {
            mistakes.append("PARLEY_METRICS_TOKEN: use 16 bytes or more and no spaces, e.g. openssl rand -hex 16")
        }
        mediaThreads = integer("PARLEY_MEDIA_THREADS", 1...256, default: ProcessInfo.processInfo.activeProcessorCount)
        callsMax = integer("PARLEY_CALLS_MAX", 1...100_000, default: 1_000)
        playoutLeadMs = integer("PARLEY_PLAYOUT_LEAD_MS", 40...1_000, default: 100)
        drainSeconds = integer("PARLEY_DRAIN_SECONDS", 0...3_600, default: 30)
        let level = text("PARLEY_LOG") ?? "info"
        logLevel = Log.Level(rawValue: level) ?? .info
        if Log.Level(rawValue: level) == nil {
            mistakes.append("PARLEY_LOG: \"\(level)\" is not debug, info, warning or error")
        }
        let coalescing = text("PARLEY_COALESCE_AUDIO") ?? "auto"
        if coalescing != "auto", coalescing != "off" {
            mistakes.append("PARLEY_COALESCE_AUDIO: \"\(coalescing)\" is not auto or off")
        }
        coalescesAudio = coalescing != "off"
        let unsigned = text("PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS") ?? "false"
        if unsigned != "true", unsigned != "false" {
            mistakes.append("PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS: \"\(unsigned)\" is not true or false")
        }
        acceptUnsignedWebhooks = unsigned == "true"
        if let wayIn = GatewayConfig.wayIn(listen, publicURL) {
            for name in Setting.all.map(\.name) where name.hasPrefix("PARLEY_INSECURE_") && text(name) == "true" {
                mistakes.append("\(name): refused where others reach the gateway: \(wayIn)")
            }
        }
        guard mistakes.isEmpty else { throw Mistakes(lines: mistakes.sorted()) }
    }

    /// How others than this machine reach the gateway; nil when they do not.
    /// Whether somebody on this machine asks for others: a proxy is named, or the public address is not this machine's.
    package var isBehindProxy: Bool {
        !trustedProxies.isEmpty
            || GatewayConfig.wayIn(ListenAddress(host: "127.0.0.1", port: 0), publicURL) != nil
    }

    private static func wayIn(_ listen: ListenAddress, _ publicURL: String?) -> String? {
        if !Loopback.holds(listen.host) { return "PARLEY_LISTEN is \(listen.host), not a loopback address" }
        guard let publicURL, let host = URLComponents(string: publicURL)?.host,
            !Loopback.holds(host)
        else { return nil }
        return "PARLEY_PUBLIC_URL is \(publicURL)"
    }
}
