package import API
package import CRM
import CallModel
package import Database
import Encoding
import Foundation
import LocalAgent
import Telemetry
import TwilioProtocol
package import WebSocketTransport

/// The gateway: the only place that knows all the others. Starts them in order, and stops them in the opposite one.
package final class Gateway: Sendable {
    package let config: GatewayConfig
    package let database: Database
    package let publicURL: String
    package let port: Int
    package let live: LiveFeed
    package let writer: PostCallWriter
    private let services: CallServices
    private let loops: LoopGroup
    private let table: LoopTable
    private let server: TransportServer
    private let metricsServer: TransportServer?
    /// Of the metrics' own address; nil without one.
    package let metricsPort: Int?
    private let localAgent: LocalAgentServer?
    private let agentLoops: LoopGroup?
    private let cluster: PrivateCluster?
    private let orphanWatch: Task<Void, Never>
    private let fenceWatch: Task<Void, Never>
    /// For health alone, so that no call waits behind those who ask for it.
    private let healthDatabase: Database
    private let failedWatch: Task<Void, Never>
    private let lock: JournalLock

    package enum StartError: Error, CustomStringConvertible {
        case step(String, any Error)
        package var description: String {
            switch self {
            case .step(let what, let error): "\(what): \(error)"
            }
        }
    }

    private struct StaleSchema: Error, CustomStringConvertible {
        let pending: [String]
        var description: String {
            "the schema lacks \(pending.joined(separator: ", ")); run parley migrate with PARLEY_DATABASE_OWNER_URL set"
        }
    }

    /// Starts everything and listens. Throws with what failed and undoes what was started.
    package static func start(_ config: GatewayConfig) async throws -> Gateway {
        Log.level = config.logLevel
        Metrics.shared.declare(MetricCatalogue.series)
        BuildInfo.note(in: .shared)
        try FileManager.default.createDirectory(
            atPath: config.dataDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        // Before all else: what is in the directory may be the living calls of another gateway.
        let lock = try await step("PARLEY_DATA_DIR") { try JournalLock(directory: journals(config)) }
        let (database, cluster) = try await openDatabase(config)
        do {
            return try await Gateway(config, database, cluster, lock)
        } catch {
            await database.close()
            await cluster?.stop()
            throw error
        }
    }

    private static func journals(_ config: GatewayConfig) -> String { config.dataDirectory + "/journals" }

    private static func openDatabase(_ config: GatewayConfig) async throws -> (Database, PrivateCluster?) {
        if let url = config.databaseURL {
            let database = Database(url: url)
            try await step("PARLEY_DATABASE_URL") {
                try await database.verifyRole()
                let pending = try await Migrator(ownerURL: url).status().filter { $0.state == .pending }
                if !pending.isEmpty { throw StaleSchema(pending: pending.map(\.name)) }
                try await database.verifyFence()
            }
            return (database, nil)
        }
        let cluster = try await step("the private PostgreSQL") {
            try await PrivateCluster.start(dataDirectory: config.dataDirectory)
        }
        do {
            _ = try await step("the database schema") { try await Migrator(ownerURL: cluster.ownerURL).up() }
            let database = Database(url: cluster.appURL)
            try await step("the tenant fence") { try await database.verifyFence() }
            return (database, cluster)
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private static func step<T: Sendable>(_ what: String, _ work: () async throws -> T) async throws -> T {
        do { return try await work() } catch { throw StartError.step(what, error) }
    }

    private init(
        _ config: GatewayConfig, _ database: Database, _ cluster: PrivateCluster?, _ lock: JournalLock
    ) async throws {
        self.lock = lock
        self.config = config
        self.database = database
        self.cluster = cluster
        let journals = try JournalStore(directory: Gateway.journals(config))
        journals.watchDisk()
        let language = config.languageModel.flatMap { LLMEndpoint($0.url, apiKey: $0.apiKey, model: $0.model) }
        let extractor = CallExtractor(rules: RuleExtractor(), llm: language.map { LLMExtractor(endpoint: $0) })
        let consults = ConsultServices.load(config, database, language)
        writer = PostCallWriter(database: database, journals: journals, pipeline: .standard(extractor))
        var limits = TransportLimits()
        limits.trustedProxies = config.trustedProxies
        loops = try LoopGroup(threads: config.mediaThreads, limits: limits)
        live = LiveFeed(jwtSecret: config.jwtSecret)

        let endpoint: AgentEndpoint
        switch config.agent {
        case .local:
            let own = try LoopGroup(threads: 1)
            agentLoops = own
            let (agent, its) = try await Gateway.localAgent(on: own)
            localAgent = agent
            endpoint = its
        case .remote(let url, let apiKey):
            localAgent = nil
            agentLoops = nil
            endpoint = AgentEndpoint(
                url: url, apiKey: apiKey, tls: config.authoritiesPath.map { .caFile($0) } ?? .systemTrust)
        }
        let carrier = config.carrier.map {
            CarrierAccount(apiURL: $0.apiURL, accountSid: $0.accountSid, authToken: $0.authToken)
        }
        let customers = CustomerDirectory(database: database)
        let binding = DeferredRoutes()
        let routes = ServerRoutes(
            respond: { await binding.respond($0) }, upgrade: { binding.upgrade($0, $1) }, admit: { binding.admit($0) })
        server = try TransportServer(
            loops: loops, listen: config.listen, tls: config.tls, routes: routes,
            routing: .byPathSuffix(prefix: "/twilio/media/"))
        metricsServer = try config.metricsListen.map { [loops] address in
            let page = MetricsPage(
                access: config.metricsToken.map { MetricsAccess(token: $0, trustsThisMachine: false) },
                jwtSecret: config.jwtSecret)
            return try TransportServer(
                loops: loops, listen: address, tls: nil,
                routes: ServerRoutes(
                    respond: { page.respond(to: $0) },
                    upgrade: { _, _ in .refuse(Problem.nothingHere.response) }))
        }
        metricsPort = metricsServer?.boundPort
        port = server.boundPort
        let scheme = config.tls == nil ? "http" : "https"
        publicURL = config.publicURL ?? "\(scheme)://\(config.listen.host):\(server.boundPort)"
        let gate = WebhookGuard(
            authTokens: config.carrier.map { [$0.authToken] } ?? [], sharedKeys: config.carrier?.sharedKeys ?? [],
            acceptUnsigned: config.acceptUnsignedWebhooks, urls: PublicURLs(base: publicURL))
        binding.expect(gate)
        services = CallServices(
            agent: endpoint, carrier: carrier, tools: ToolRunner(customers: customers),
            consults: consults, store: CallStore(database: database), writer: writer, journals: journals, live: live,
            phrases: SpokenPhrases(),
            registry: CallRegistry(callsMax: config.callsMax, isJournalWell: { journals.isWell }),
            playoutLeadMs: config.playoutLeadMs, coalescesAudio: config.coalescesAudio,
            urls: PublicURLs(base: publicURL), streamSilenceMs: config.streamSilenceMs, patience: config.patience)
        let tokens = StreamTokenMint(secret: (0..<32).map { _ in UInt8.random(in: .min ... .max) })
        table = LoopTable(group: loops, services: services, tokens: tokens)
        let orphans = OrphanedCalls(
            journals: journals, writer: writer, carrier: carrier, patienceMs: config.patience.orphanMs)
        orphans.take(try await writer.recover().unfinished)
        orphanWatch = Task { await orphans.watch() }
        let records = writer
        failedWatch = Task { await records.watchFailed() }
        let numbers = NumberDirectory(database: database)
        await Gateway.warmUp(numbers, services, localAgent != nil)
        await consults?.prepare(.initial)
        let webhooks = TwilioWebhooks(
            gate: gate, services: services, loops: table, tokens: tokens, numbers: numbers, customers: customers,
            orphans: orphans)
        let registry = services.registry
        healthDatabase = Database(
            url: cluster?.appURL ?? config.databaseURL ?? "", connectionsMax: 1, applicationName: "parley-health")
        let pulse = DatabasePulse(healthDatabase)
        let fence = FenceWatch(healthDatabase)
        fenceWatch = Task { await fence.watch(every: config.fenceCheckSeconds) }
        let api = APIRoutes(
            APIDependencies(
                database: database, customers: customers, jwtSecret: config.jwtSecret,
                readiness: {
                    ReadinessReport(checks: [
                        .init("database", isReady: await pulse.isAlive()),
                        .init("tenant fence", isReady: fence.fault == nil, detail: fence.fault ?? ""),
                        .init(
                            "journal", isReady: journals.isWell,
                            detail: journals.isWell ? "" : "the journals' directory takes no files"),
                        await Gateway.recordsCheck(records),
                        .init("accepting calls", isReady: !registry.isDraining),
                        .init(
                            "room for calls", isReady: !registry.isFull,
                            detail: registry.isFull ? "PARLEY_CALLS_MAX calls are on" : ""),
                    ])
                },
                metricsAccess: config.metricsListen == nil
                    ? MetricsAccess(token: config.metricsToken, trustsThisMachine: !config.isBehindProxy) : nil))
        binding.bind(GatewayRoutes(webhooks: webhooks, api: api, live: live, loops: table, fence: fence))
        Log.info("gateway listens", ["address": "\(config.listen.host):\(port)", "public.url": publicURL])
    }

    /// An agent of this process, and how to be let in: with a key made now, which no other process on this machine knows.
    static func localAgent(on loops: LoopGroup) async throws -> (LocalAgentServer, AgentEndpoint) {
        let key = Base64.encode((0..<32).map { _ in UInt8.random(in: .min ... .max) })
        let agent = try await LocalAgentServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), apiKey: key)
        return (agent, AgentEndpoint(url: agent.url, apiKey: key))
    }

    private static func recordsCheck(_ writer: PostCallWriter) async -> ReadinessReport.Check {
        let isAccepted = await writer.isAccepted
        return ReadinessReport.Check(
            "call records", isReady: isAccepted,
            detail: isAccepted ? "" : "the database refuses one record after the other; they are in journals/failed")
    }

    /// What the first calls, and those beside them on a media thread, would otherwise wait for: connections, the voice, the
    /// sentences it will need, and whatever is read from the disk at its first use.
    private static func warmUp(_ numbers: NumberDirectory, _ services: CallServices, _ speaksHere: Bool) async {
        guard let number = DialledAddress("+12025550100"), let route = try? await numbers.route(number) else { return }
        services.phrases.prepare(route.profile.apology)
        services.consults?.warmUp(for: route.profile)
        _ = LocalMoment.text(Date(), in: TimeZone(identifier: route.profile.timeZone) ?? .gmt)
        var redacted = Redacted()
        _ = redacted.entry(
            .turn(Turn(number: 1, speaker: .caller, startedMs: 0, endedMs: 0, text: "It is 4111 1111 1111 1111.")))
        if speaksHere { _ = try? Synthesizer.shared.speech(route.profile.greeting) }
    }

    /// The loops that callers depend on, for a watchdog.
    package var watchedLoops: [MediaLoop] { loops.loops + [server.doorLoop] + (agentLoops?.loops ?? []) }

    /// New calls get the fallback from here on.
    package var isDraining: Bool { services.registry.isDraining }

    /// Calls between ring and end.
    package var callCount: Int { services.registry.count }

    /// Waits for calls with somebody on the line up to the drain time, then stops everything. New calls get the fallback
    /// meanwhile.
    package func stop(drainSeconds: Int? = nil) async {
        services.registry.drain()
        let deadline = ContinuousClock.now.advanced(by: .seconds(drainSeconds ?? config.drainSeconds))
        while services.registry.onTheLine() > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(100))
        }
        orphanWatch.cancel()
        fenceWatch.cancel()
        failedWatch.cancel()
        await server.shutdown(graceSeconds: 2)
        await metricsServer?.shutdown(graceSeconds: 0)
        await localAgent?.shutdown()
        await agentLoops?.shutdown()
        await loops.shutdown()
        _ = await writer.drain(timeoutMs: 5_000)
        await database.close()
        await healthDatabase.close()
        await cluster?.stop()
        services.journals.stopWatchingDisk()
        lock.release()
        Log.info("gateway stopped")
    }
}
