import Foundation
import Glibc
import WebSocketTransport

/// What surrounds the target of a run: the generator's loop with both halves of every call, the carrier's REST
/// interface, and a folder that goes away with the run.
final class LoadStage: Sendable {
    let generator: LoadGenerator
    let folder: String
    let agentPort: Int
    private let options: LoadOptions
    private let tls: LoadTLS?
    private let loops: LoopGroup
    private let agent: TransportServer
    private let carrier: TransportServer

    init(_ options: LoadOptions, scenario: LoadScenario, fixtures: [[UInt8]]) throws {
        Self.raiseDescriptorLimit()
        self.options = options
        folder =
            FileManager.default.temporaryDirectory.path + "/parley-bench-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        let tls = options.tls ? try LoadTLS.make(in: folder) : nil
        self.tls = tls
        loops = try LoopGroup(threads: 1)
        let generator = LoadGenerator(
            loop: loops.loops[0], scenario: scenario, fixtures: fixtures, leadMs: options.playoutLeadMs,
            seed: options.seed)
        self.generator = generator
        agent = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: options.agentPort),
            tls: tls.map { ServerTLS(certificatePath: $0.certificate, keyPath: $0.key) },
            routes: ServerRoutes(
                respond: { _ in .text("not found\n", status: 404) },
                upgrade: { _, _ in .accept(generator.acceptAgent()) }))
        agentPort = agent.boundPort
        // The carrier's REST interface, in plain HTTP: every call is unknown there, which a gateway takes for over.
        carrier = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { _ in .text("not found\n", status: 404) },
                upgrade: { _, _ in .refuse(.text("not found\n", status: 404)) }))
    }

    var agentURL: String { "\(tls == nil ? "ws" : "wss")://127.0.0.1:\(agentPort)/v1/agent/converse" }

    /// The gateway of the run: the one given, or one of its own.
    func gateway() async throws -> LoadTarget {
        if let url = options.gatewayURL {
            return .given(
                url: url, accountSid: options.accountSid, authToken: options.authToken, pid: options.gatewayPID)
        }
        return try await ownGateway()
    }

    /// Starts a gateway with a database of its own.
    /// - Parameters:
    ///   - name: its folder; one gateway each.
    ///   - counting: where the allocation shim writes; nil runs without it.
    func ownGateway(
        name: String = "gateway", threads: Int? = nil, callsMax: Int = 20_000, counting: String? = nil
    ) async throws -> LoadTarget {
        let home = folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        var environment: [String: String] = [:]
        if let folder = options.specialistsDirectory { environment["PARLEY_SPECIALISTS_DIR"] = folder }
        if options.sendsOneFrameAMessage { environment["PARLEY_COALESCE_AUDIO"] = "off" }
        if let counting {
            environment["LD_PRELOAD"] = try AllocationProbe.shim(beside: options.executable)
            environment["ALLOCATION_SHIM_FILE"] = counting
            if options.allocationStacksPath != nil { environment["ALLOCATION_SHIM_STACKS"] = counting + ".stacks" }
        }
        return try await .gateway(
            executable: options.executable, agentURL: agentURL, carrierURL: "http://127.0.0.1:\(carrier.boundPort)",
            callsMax: callsMax, threads: threads ?? options.mediaThreads, tls: tls, folder: home,
            environment: environment)
    }

    func yardstick(_ kind: LoadTarget.Kind) async throws -> LoadTarget {
        try await .yardstick(kind, executable: options.executable, agentPort: agentPort, tls: tls, folder: folder)
    }

    func shutdown() async {
        generator.shutdown()
        await agent.shutdown(graceSeconds: 1)
        await carrier.shutdown(graceSeconds: 1)
        await loops.shutdown()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Two descriptors a call here, two in the gateway, which inherits the limit.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        let which = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(which, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(which, &limit)
    }
}
