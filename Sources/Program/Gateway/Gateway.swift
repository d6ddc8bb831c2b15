package import API
import CRM
import CallModel
import CallReading
import Campaigns
package import Database
import Dialing
import Encoding
import Endpoints
import Foundation
import Jobs
import Journal
import LanguageModel
import LiveCalls
import LocalSpeech
import Mail
package import PostCall
import Specialists
import Telemetry
import Telephony
import TwilioProtocol
package import WebSocketTransport
import WebhooksOut

/// The gateway: the only place that knows all the others. Starts them in order, and stops them in the opposite one.
package final class Gateway: Sendable {
    package let config: GatewayConfig
    package let database: Database
    package let publicURL: String
    package let port: Int
    package let live: LiveFeed
    package let writer: PostCallWriter
    private let journals: JournalStore
    private let board: Switchboard
    private let loops: LoopGroup
    private let server: TransportServer
    private let metricsServer: TransportServer?
    /// Of the metrics' own address; nil without one.
    package let metricsPort: Int?
    private let ownAgent: OwnAgent?
    private let cluster: PrivateCluster?
    private let orphanWatch: Task<Void, Never>
    private let chores: Chores
    private let jobs: JobWorker
    /// Nil where there is no carrier to place calls with.
    private let dialer: CampaignDialer?
    /// For health alone, so that no call waits behind those who ask for it.
    private let healthDatabase: Database
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
    ///
    /// - Parameter ownAgent: starts the speech agent where the settings name none.
    package static func start(
        _ config: GatewayConfig, ownAgent: () async throws -> OwnAgent = { throw OwnAgent.Missing() }
    ) async throws -> Gateway {
        Log.level = config.logLevel
        Metrics.shared.declare(GatewayMetrics.all.flatMap(\.series))
        BuildInfo.note(in: .shared)
        try FileManager.default.createDirectory(
            atPath: config.dataDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        // Before all else: what is in the directory may be the living calls of another gateway.
        let lock = try await step("PARLEY_DATA_DIR") { try JournalLock(directory: journals(config)) }
        let (database, cluster) = try await openDatabase(config)
        var agent: OwnAgent?
        do {
            if config.agent == .local { agent = try await ownAgent() }
            return try await Gateway(config, database, cluster, lock, agent)
        } catch {
            await agent?.stop()
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
        _ config: GatewayConfig, _ database: Database, _ cluster: PrivateCluster?, _ lock: JournalLock,
        _ ownAgent: OwnAgent?
    ) async throws {
        self.lock = lock
        self.config = config
        self.database = database
        self.cluster = cluster
        self.ownAgent = ownAgent
        journals = try JournalStore(directory: Gateway.journals(config))
        journals.watchDisk()
        let language = config.languageModel.flatMap { LLMEndpoint($0.url, apiKey: $0.apiKey, model: $0.model) }
        let extractor = CallExtractor(rules: RuleExtractor(), llm: language.map { LLMExtractor(endpoint: $0) })
        let knowledge = ConsultKnowledge.load(from: config.specialistsDirectory, config.consults, database, language)
        let pipeline = PostCallPipeline.standard(extractor)
        writer = PostCallWriter(database: database, journals: journals, pipeline: pipeline)
        var limits = TransportLimits()
        limits.trustedProxies = config.trustedProxies
        loops = try LoopGroup(threads: config.mediaThreads, limits: limits)
        let issuer = config.issuer.map { TokenIssuer($0) }
        issuer?.look()
        let keys = TokenKeys(secret: config.jwtSecret, issuer: issuer)
        live = LiveFeed(keys: keys)

        let customers = CustomerDirectory(database: database)
        let binding = DeferredRoutes()
        server = try TransportServer(
            loops: loops, listen: config.listen, tls: config.tls, routes: binding.routes,
            routing: .byPathSuffix(prefix: "/twilio/media/"))
        metricsServer = try Gateway.metricsServer(config, loops, keys)
        metricsPort = metricsServer?.boundPort
        port = server.boundPort
        publicURL = config.publicURL ?? Gateway.localURL(config, server.boundPort)
        let gate = config.webhookGuard(publicURL)
        binding.expect(gate)
        let numbers = NumberDirectory(database: database)
        let services = CallServices(
            agent: try config.agentEndpoint(ownAgent), carrier: config.carrierAccount,
            guests: Gateway.guests(knowledge, database),
            office: Gateway.backOffice(numbers, customers, database, writer, live),
            journals: journals, settings: config.calls, urls: PublicURLs(base: publicURL))
        board = Switchboard(services, on: loops)
        board.take(orphans: try await writer.recover().unfinished)
        orphanWatch = Task { [board] in await board.watchOrphans() }
        await Gateway.warmUp(numbers, board, ownAgent != nil)
        await knowledge?.prepare(.initial)
        healthDatabase = Database(
            url: cluster?.appURL ?? config.databaseURL ?? "", connectionsMax: 1, applicationName: "parley-health")
        let fence = FenceWatch(healthDatabase)
        let files = Gateway.fileWork(config, database)
        chores = Gateway.chores(config, fence, writer, journals, issuer, files.chores)
        jobs = try Gateway.worker(
            database, Gateway.dialling(config, database, board, publicURL),
            CallEnrichment(database: database, pipeline: pipeline),
            WebhookDelivery(database: database, rules: config.webhookAddresses),
            files.handlers, config.mail, publicURL)
        let readiness = Readiness(
            pulse: DatabasePulse(healthDatabase), fence: fence, journals: journals, records: writer,
            calls: board.registry)
        let dependencies = Gateway.dependencies(config, database, customers, keys, publicURL, readiness)
        let router = APIRoutes.router(
            dependencies, live: LiveDoor(live, dependencies).upgrade,
            more: TwilioWebhooks(gate: gate, board: board).routes, carrier: gate.gate)
        Metrics.shared.declare(router.series)
        binding.bind(GatewayRoutes(router: router, fence: fence))
        dialer = await Gateway.dialer(config, database, board.registry)
        await jobs.start()
        Log.info("gateway listens", ["address": "\(config.listen.host):\(port)", "public.url": publicURL])
    }

    private static func localURL(_ config: GatewayConfig, _ port: Int) -> String {
        "\(config.tls == nil ? "http" : "https")://\(config.listen.host):\(port)"
    }

    /// What the API's addresses need of all this.
    private static func dependencies(
        _ config: GatewayConfig, _ database: Database, _ customers: CustomerDirectory, _ keys: TokenKeys?,
        _ publicURL: String, _ readiness: Readiness
    ) -> APIDependencies {
        var dependencies = APIDependencies(
            database: database, customers: customers, keys: keys, readiness: { await readiness.report() },
            metricsAccess: config.metricsListen == nil
                ? MetricsAccess(token: config.metricsToken, trustsThisMachine: !config.isBehindProxy) : nil,
            logins: Logins(database: database, site: config.loginSite(publicURL)))
        let folder = config.specialistsDirectory
        dependencies.importFiles = config.importFiles
        dependencies.doNotCallFiles = config.doNotCallFiles
        dependencies.campaignCallsMax = config.campaigns.callsMax
        dependencies.webhookAddresses = config.webhookAddresses
        dependencies.phone = config.phone
        dependencies.specialists = { SpecialistsReport(SpecialistsSource.read(folder)) }
        return dependencies
    }

    /// Who sits in on calls. Who answered comes first: what is a machine's is no consult.
    private static func guests(_ knowledge: ConsultKnowledge?, _ database: Database) -> [GuestInvitation] {
        let answers = GuestInvitation.answers { try await DialAnswers.note($1, of: $0, in: database) }
        return [answers] + (knowledge.map { [.consults($0.services)] } ?? [])
    }

    /// Placing calls, where there is a carrier to place them with.
    private static func dialling(
        _ config: GatewayConfig, _ database: Database, _ board: Switchboard, _ publicURL: String
    ) -> [JobHandler] {
        guard let carrier = config.carrierAccount else { return [] }
        let placement = CallPlacement(
            database: database, carrier: carrier, urls: PublicURLs(base: publicURL),
            asksCarrierWhoAnswers: config.carrier?.asksWhoAnswers ?? false, places: board.registry
        ) { _ = await board.open($0) }
        return [
            placement.handler, FollowCalls.handler(database, carrier), DropCall.handler(database, carrier),
            MoveOn.handler,
        ]
    }

    /// Who dials for campaigns from now on, where there is a carrier to dial with.
    private static func dialer(
        _ config: GatewayConfig, _ database: Database, _ calls: CallRegistry
    ) async -> CampaignDialer? {
        guard config.carrierAccount != nil else { return nil }
        let dialer = CampaignDialer(
            database: database, settings: config.campaigns, placesFree: { calls.dialledFree })
        await dialer.start()
        return dialer
    }

    /// What is done with files that were brought to this node.
    private static func fileWork(
        _ config: GatewayConfig, _ database: Database
    ) -> (handlers: [JobHandler], chores: [Chore]) {
        let doNotCall = DoNotCallWorker(database, config.doNotCallFiles)
        let imports = ImportWorker(database: database, files: config.importFiles)
        return (
            [imports.handler] + doNotCall.handlers, [ImportUpkeep(database, config.importFiles).chore, doNotCall.chore]
        )
    }

    /// What one of the nodes does for all.
    private static func worker(
        _ database: Database, _ dialling: [JobHandler], _ enrichment: CallEnrichment, _ webhooks: WebhookDelivery,
        _ imports: [JobHandler], _ mailServer: MailServer?, _ publicURL: String
    ) throws -> JobWorker {
        let mail = mailServer.map {
            NotificationMail(database: database, sender: MailSender($0), publicURL: publicURL)
        }
        return JobWorker(
            database: database,
            handlers: [
                PruneJobs.handler, enrichment.handler, RescoreLeads.handler,
                NotifyUsers.handler(sendsMail: mail != nil),
                WriteDailyReport.handler, webhooks.handler, TellOfDueFollowUps.handler, PruneWebhookEvents.handler,
            ] + imports + dialling + (mail.map { [$0.handler] } ?? []),
            periodic: [
                try PeriodicJob(PruneJobs(), everySeconds: 3_600),
                try PeriodicJob(RescoreLeads(), everySeconds: RescoreLeads.everySeconds),
                try PeriodicJob(NotifyUsers(), everySeconds: NotifyUsers.everySeconds),
                try PeriodicJob(WriteDailyReport(), everySeconds: WriteDailyReport.everySeconds),
                try PeriodicJob(TellOfDueFollowUps(), everySeconds: TellOfDueFollowUps.everySeconds),
                try PeriodicJob(PruneWebhookEvents(), everySeconds: PruneWebhookEvents.everySeconds),
            ] + (dialling.isEmpty ? [] : [try PeriodicJob(FollowCalls(), everySeconds: FollowCalls.everySeconds)]))
    }

    /// The metrics' own listener, where they have one.
    private static func metricsServer(
        _ config: GatewayConfig, _ loops: LoopGroup, _ keys: TokenKeys?
    ) throws -> TransportServer? {
        try config.metricsListen.map { address in
            let page = MetricsPage(
                access: config.metricsToken.map { MetricsAccess(token: $0, trustsThisMachine: false) }, keys: keys)
            return try TransportServer(
                loops: loops, listen: address, tls: nil,
                routes: ServerRoutes(
                    respond: { page.respond(to: $0) },
                    upgrade: { _, _ in .refuse(Problem.nothingHere.response) }))
        }
    }

    /// What this node does again and again, whatever others do.
    private static func chores(
        _ config: GatewayConfig, _ fence: FenceWatch, _ records: PostCallWriter, _ journals: JournalStore,
        _ issuer: TokenIssuer?, _ upkeep: [Chore]
    ) -> Chores {
        Chores(
            [
                Chore("tenant fence", every: .seconds(config.fenceCheckSeconds)) { await fence.look() },
                Chore("refused call records", every: .seconds(3_600)) { try await records.retryFailed() },
                Chore("written journals", every: .seconds(3_600)) { journals.prune() },
            ] + upkeep + (issuer?.chores ?? []))
    }

    /// What the first calls, and those beside them on a media thread, would otherwise wait for: connections and the voice
    /// besides what the calls themselves need.
    private static func warmUp(_ numbers: NumberDirectory, _ board: Switchboard, _ speaksHere: Bool) async {
        guard let number = DialledAddress("+12025550100"), let route = try? await numbers.route(number) else { return }
        board.warmUp(for: route.profile)
        if speaksHere { _ = try? Synthesizer.shared.speech(route.profile.greeting) }
    }

    /// What the CRM and those who watch do for the calls.
    private static func backOffice(
        _ numbers: NumberDirectory, _ customers: CustomerDirectory, _ database: Database, _ writer: PostCallWriter,
        _ live: LiveFeed
    ) -> BackOffice {
        let store = CallStore(database: database)
        return BackOffice(
            route: { try await numbers.route($0, timeoutMs: $1) },
            customer: { try await customers.context(tenant: $0, phone: $1, timeoutMs: $2) },
            begin: { try await store.begin(opening: $0, answeredAt: $1, sessionID: $2.text) },
            submit: { await writer.submit($0) },
            submitInterrupted: { await writer.recoverInterrupted($0, reason: "node_shutdown") },
            progressed: { try await DialProgress.note($1, of: $0, in: database) },
            terms: { try await DialAnswers.terms(of: $0, in: database, timeoutMs: $1) },
            answered: { try await DialAnswers.note($1, of: $0, in: database) },
            publish: { live.publish($0) }, render: { try Synthesizer.shared.speech($0) })
    }

    /// The loops that callers depend on, for a watchdog.
    package var watchedLoops: [MediaLoop] { loops.loops + [server.doorLoop] + (ownAgent?.loops ?? []) }

    /// New calls get the fallback from here on.
    package var isDraining: Bool { board.registry.isDraining }

    /// Calls between ring and end.
    package var callCount: Int { board.registry.count }

    /// Waits for calls with somebody on the line up to the drain time, then stops everything. New calls get the fallback
    /// meanwhile.
    package func stop(drainSeconds: Int? = nil) async {
        await dialer?.stop()
        board.registry.drain()
        let deadline = ContinuousClock.now.advanced(by: .seconds(drainSeconds ?? config.drainSeconds))
        while board.registry.onTheLine() > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(100))
        }
        orphanWatch.cancel()
        chores.stop()
        await server.shutdown(graceSeconds: 2)
        await metricsServer?.shutdown(graceSeconds: 0)
        await ownAgent?.stop()
        await loops.shutdown()
        await jobs.stop(timeoutMs: 5_000)
        _ = await writer.drain(timeoutMs: 5_000)
        await database.close()
        await healthDatabase.close()
        await cluster?.stop()
        journals.stopWatchingDisk()
        lock.release()
        Log.info("gateway stopped")
    }
}
