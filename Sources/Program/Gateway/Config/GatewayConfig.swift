package import API
package import Campaigns
import Database
import Foundation
import LanguageModel
package import LiveCalls
package import Mail
import PublicHTTP
import Settings
import Specialists
import SpeechAgent
package import Telemetry
import Telephony
package import TwilioProtocol
package import WebSocketTransport
import WebhooksOut

/// All settings of a gateway, read once and checked; mistakes are reported together.
package struct GatewayConfig: Sendable {
    package struct Carrier: Sendable {
        package var accountSid: String
        package var authToken: String
        package var apiURL: String
        /// Webhook shared keys: a request that names one is signed with it instead of ``authToken``.
        package var sharedKeys: [RequestSignature.SharedKey] = []
        /// Whether it is asked who answers, which it charges for.
        package var asksWhoAnswers = false

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
    package var webhooksReachPrivateAddresses = false
    /// Nil: no mail is sent.
    package var mail: MailServer?
    package var mediaThreads: Int
    package var callsMax: Int
    package var inboundPercent: Int
    package var campaigns: CampaignDialer.Settings
    package var playoutLeadMs: Int
    package var coalescesAudio: Bool
    package var streamSecret: [UInt8]?
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
    /// What browsers call with; nil: they cannot. No setting: whoever starts the gateway brings it, for this machine alone.
    package var phone: BrowserPhone?

    /// What calls are told of it.
    var calls: CallSettings {
        CallSettings(
            callsMax: callsMax, inboundPercent: inboundPercent, playoutLeadMs: playoutLeadMs,
            coalescesAudio: coalescesAudio,
            streamSilenceMs: streamSilenceMs, patience: patience, streamSecret: streamSecret)
    }

    /// Where calls find their speech agent.
    func agentEndpoint(_ own: OwnAgent?) throws(OwnAgent.Missing) -> AgentEndpoint {
        switch agent {
        case .local:
            guard let own else { throw OwnAgent.Missing() }
            return AgentEndpoint(url: own.url, apiKey: own.apiKey)
        case .remote(let url, let apiKey):
            return AgentEndpoint(url: url, apiKey: apiKey, tls: authoritiesPath.map { .caFile($0) } ?? .systemTrust)
        }
    }

    var carrierAccount: CarrierAccount? {
        carrier.map { CarrierAccount(apiURL: $0.apiURL, accountSid: $0.accountSid, authToken: $0.authToken) }
    }

    /// - Parameter publicURL: what the carrier signs.
    func webhookGuard(_ publicURL: String) -> WebhookGuard {
        WebhookGuard(
            authTokens: carrier.map { [$0.authToken] } ?? [], sharedKeys: carrier?.sharedKeys ?? [],
            acceptUnsigned: acceptUnsignedWebhooks, urls: PublicURLs(base: publicURL))
    }

    var importFiles: ImportFiles { ImportFiles(directory: dataDirectory + "/imports") }

    var doNotCallFiles: ImportFiles { ImportFiles(directory: dataDirectory + "/do-not-call") }

    var webhookAddresses: AddressRules { AddressRules(allowsPrivate: webhooksReachPrivateAddresses) }

    /// How browsers reach the console.
    func loginSite(_ publicURL: String) -> LoginSite {
        LoginSite(publicURL: publicURL, hasTLS: tls != nil, trustedProxies: trustedProxies)
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
        var reader = SettingsReader(environment: environment, known: GatewaySettings.all)
        listen = reader.read(TransportSettings.listen)
        publicURL = reader.read(TransportSettings.publicURL)
        tls = reader.read(TransportSettings.certificate, with: TransportSettings.key).map {
            ServerTLS(certificatePath: $0, keyPath: $1)
        }
        trustedProxies = reader.read(TransportSettings.trustedProxies) ?? []
        mediaThreads =
            reader.read(TransportSettings.mediaThreads) ?? ProcessInfo.processInfo.activeProcessorCount
        dataDirectory = reader.read(GatewaySettings.dataDirectory)
        drainSeconds = reader.read(GatewaySettings.drainSeconds)
        databaseURL = reader.read(DatabaseSettings.url)
        databaseOwnerURL = reader.read(DatabaseSettings.ownerURL)
        carrierURL = reader.read(TelephonySettings.apiURL)
        carrier = GatewayConfig.carrier(&reader, apiURL: carrierURL)
        agent = GatewayConfig.agent(&reader)
        authoritiesPath = reader.read(SpeechAgentSettings.authorities)
        let (apiKey, model) = (reader.read(LanguageModelSettings.apiKey), reader.read(LanguageModelSettings.model))
        languageModel = reader.read(LanguageModelSettings.url).map {
            LanguageModel(url: $0, apiKey: apiKey, model: model)
        }
        specialistsDirectory = reader.read(SpecialistsSettings.directory)
        callsMax = reader.read(CallSettings.callsMax)
        inboundPercent = reader.read(CallSettings.inboundPercent)
        campaigns = .init(callsMax: reader.read(CampaignSettings.callsMax))
        playoutLeadMs = reader.read(CallSettings.playoutLeadMs)
        coalescesAudio = reader.read(CallSettings.coalescesAudio)
        streamSecret = reader.read(CallSettings.streamSecret)
        acceptUnsignedWebhooks = reader.read(CallSettings.acceptsUnsignedWebhooks)
        jwtSecret = reader.read(APISettings.jwtSecret)
        issuer = Issuer.read(&reader)
        metricsListen = reader.read(APISettings.metricsListen)
        metricsToken = reader.read(APISettings.metricsToken)
        webhooksReachPrivateAddresses = reader.read(WebhookSettings.reachesPrivateAddresses)
        mail = GatewayConfig.mail(&reader)
        logLevel = reader.read(LogSettings.level)
        if let wayIn = GatewayConfig.wayIn(listen, publicURL) {
            for setting in GatewaySettings.all
            where setting.name.hasPrefix("PARLEY_INSECURE_") && reader.text(setting) == "true" {
                reader.note("\(setting.name): refused where others reach the gateway: \(wayIn)")
            }
        }
        guard reader.mistakes.isEmpty else { throw Mistakes(lines: reader.mistakes.sorted()) }
    }

    private static func carrier(_ reader: inout SettingsReader, apiURL: String) -> Carrier? {
        let (sid, token) = (TelephonySettings.accountSid, TelephonySettings.authToken)
        let sharedKeys = reader.read(TelephonySettings.sharedKeys) ?? []
        let asksWhoAnswers = reader.read(TelephonySettings.asksWhoAnswers)
        if !sharedKeys.isEmpty, reader.text(sid) == nil, reader.text(token) == nil {
            reader.note("\(TelephonySettings.sharedKeys.name): set \(sid.name), whose keys they are, as well")
        }
        return reader.read(sid, with: token).map {
            Carrier(
                accountSid: $0, authToken: $1, apiURL: apiURL, sharedKeys: sharedKeys, asksWhoAnswers: asksWhoAnswers)
        }
    }

    private static func mail(_ reader: inout SettingsReader) -> MailServer? {
        let isInTheClear = reader.read(MailSettings.goesWithoutTLS)
        let login = reader.read(MailSettings.user, with: MailSettings.password)
        return reader.read(MailSettings.server, with: MailSettings.from).map { url, from in
            MailServer(
                url: url, from: from, login: login.map { MailServer.Login(user: $0, password: $1) },
                needsTLS: !isInTheClear && !Loopback.holds(URLComponents(string: url)?.host ?? ""))
        }
    }

    private static func agent(_ reader: inout SettingsReader) -> Agent {
        let url = reader.read(SpeechAgentSettings.url)
        let key = reader.read(SpeechAgentSettings.deepgramKey)
        guard url != nil || key != nil else { return .local }
        return .remote(url: url ?? "wss://agent.deepgram.com/v1/agent/converse", apiKey: key)
    }

    /// Whether somebody on this machine asks for others: a proxy is named, or the public address is not this machine's.
    package var isBehindProxy: Bool {
        !trustedProxies.isEmpty
            || GatewayConfig.wayIn(ListenAddress(host: "127.0.0.1", port: 0), publicURL) != nil
    }

    /// How others than this machine reach the gateway; nil when they do not.
    private static func wayIn(_ listen: ListenAddress, _ publicURL: String?) -> String? {
        if !Loopback.holds(listen.host) { return "PARLEY_LISTEN is \(listen.host), not a loopback address" }
        guard let publicURL, let host = URLComponents(string: publicURL)?.host,
            !Loopback.holds(host)
        else { return nil }
        return "PARLEY_PUBLIC_URL is \(publicURL)"
    }
}
