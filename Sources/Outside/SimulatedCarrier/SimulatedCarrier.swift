import CallModel
import Foundation
import Telemetry
package import WebSocketTransport

/// A carrier on this machine: places calls into a gateway as Twilio would, and offers the REST interface the gateway
/// steers calls with. It reaches the gateway over real sockets only.
///
///     let carrier = try await SimulatedCarrier.start(config, loops: loops)
///     let script = try CallerScript.load(named: "qualified", from: .builtIn)
///     let report = try await carrier.placeCall(script: script) { print($0) }
///     try report.save(directory: "out")
///     await carrier.shutdown()
package actor SimulatedCarrier {
    package nonisolated let config: CarrierConfig
    /// Where the REST interface listens, when ``CarrierConfig/listen`` asks for one.
    package private(set) var restPort: Int?

    private static let endedCallsKeptMax = 10_000

    private let loops: LoopGroup
    private let client: WebhookClient
    private var server: TransportServer?
    private var calls: [CallSid: SimulatedCall] = [:]
    private var order: [CallSid] = []
    private var runs: [CallSid: Task<SimulatedCallReport, Never>] = [:]
    private var queuedCanceled: Set<CallSid> = []
    private var queued: Set<CallSid> = []
    private var nextSlot = ContinuousClock.now
    /// Watches every call placed through REST.
    private var watchOutbound: @Sendable (String, SimulatedCallEvent) -> Void = { _, _ in }
    private var outboundReports: [String: SimulatedCallReport] = [:]

    private init(config: CarrierConfig, loops: LoopGroup) {
        self.config = config
        self.loops = loops
        client = WebhookClient(signatureSettings: config.signatureSettings)
    }

    /// Starts the carrier, and its REST interface where the configuration names an address.
    package static func start(_ config: CarrierConfig, loops: LoopGroup) async throws -> SimulatedCarrier {
        let carrier = SimulatedCarrier(config: config, loops: loops)
        try await carrier.listen()
        return carrier
    }

    /// Sees the events of outbound calls, each with its CallSid; an inbound call has a watcher of its own.
    package func watchOutboundCalls(_ watch: @escaping @Sendable (String, SimulatedCallEvent) -> Void) {
        watchOutbound = watch
    }

    /// Places one inbound call into the gateway and follows it to its terminal callback.
    ///
    /// - Parameters:
    ///   - from: the caller's number; else the script's, else `+14155550100`.
    ///   - to: the number that is called; else the configured one.
    ///   - onEvent: called as things happen, from several threads: do no slow work in it.
    package func placeCall(
        from: String? = nil, to: String? = nil, script: CallerScript, options: CallOptions = CallOptions(),
        onEvent: @escaping @Sendable (SimulatedCallEvent) -> Void = { _ in }
    ) async throws -> SimulatedCallReport {
        let sid = try register { sid in
            let setup = SimulatedCall.Setup(
                callSid: sid, direction: "inbound", from: from ?? script.from ?? "+14155550100",
                to: to ?? config.number,
                source: .url(config.voiceURL, extra: []), fallbackURL: config.fallbackURL, statusURL: config.statusURL,
                statusEvents: config.inboundStatusEvents, callee: .answers(afterMs: 0, script: script),
                scriptName: script.name)
            return SimulatedCall(
                setup: setup, options: options, config: config, client: client, loop: loops.leastLoaded(),
                watch: onEvent)
        }
        guard let run = launch(sid) else { throw CarrierError.shutDown }
        return await run.value
    }

    /// Places the call of a phone that somebody holds, and tells it what becomes of it.
    func placeCall(_ phone: PhoneHandset, from: String, to: String?) throws -> SimulatedCall {
        let sid = try register { sid in
            var setup = SimulatedCall.Setup(
                callSid: sid, direction: "inbound", from: from, to: to ?? config.number,
                source: .url(config.voiceURL, extra: []), fallbackURL: config.fallbackURL, statusURL: config.statusURL,
                statusEvents: config.inboundStatusEvents, callee: .answers(afterMs: 0, script: nil),
                scriptName: "a phone")
            setup.phone = phone
            return SimulatedCall(
                setup: setup, options: PhoneHandset.options, config: config, client: client, loop: phone.loop,
                watch: { phone.tell($0) })
        }
        guard let call = calls[sid], let run = launch(sid) else { throw CarrierError.shutDown }
        Task {
            phone.over(await run.value)
            // A call keeps its sound; nobody asks for that of a phone that has gone.
            forget(sid)
        }
        return call
    }

    /// The caller of a call that is on hangs up. Its sid is the detail of the call's `placed` event.
    package func callerHangsUp(_ callSid: String) {
        guard let sid = CallSid(callSid) else { return }
        calls[sid]?.interrupt(.callerHungUp)
    }

    /// The report of an ended call that the gateway placed through REST; waits for its end.
    package func outboundReport(callSid: String) async -> SimulatedCallReport? {
        guard let sid = CallSid(callSid) else { return nil }
        if let run = runs[sid] { return await run.value }
        return outboundReports[callSid]
    }

    /// Hangs up whatever is still open, tells the gateway so, and stops listening.
    package func shutdown() async {
        for sid in queued { queuedCanceled.insert(sid) }
        for (sid, _) in runs { calls[sid]?.interrupt(.limitReached) }
        for run in runs.values { _ = await run.value }
        await server?.shutdown(graceSeconds: 1)
        server = nil
        client.shutdown()
    }

    // MARK: Used by the REST interface

    func register(_ make: (CallSid) -> SimulatedCall) throws -> CallSid {
        guard runs.count + queued.count < config.openCallsMax else {
            throw CarrierError.tooManyCalls(config.openCallsMax)
        }
        guard let sid = CallSid(SidGenerator.sid("CA")) else { throw CarrierError.shutDown }
        calls[sid] = make(sid)
        order.append(sid)
        if order.count > Self.endedCallsKeptMax, let oldest = order.first(where: { runs[$0] == nil }) {
            forget(oldest)
        }
        return sid
    }

    func call(_ sid: CallSid) -> SimulatedCall? { calls[sid] }

    func forget(_ sid: CallSid) {
        order.removeAll { $0 == sid }
        calls[sid] = nil
        outboundReports[sid.text] = nil
    }

    func isQueued(_ sid: CallSid) -> Bool { queued.contains(sid) }
    func isCanceledInQueue(_ sid: CallSid) -> Bool { queuedCanceled.contains(sid) }
    var callsInOrder: [SimulatedCall] { order.compactMap { calls[$0] } }

    /// Leaves the queue at the account's rate; a call cancelled before that never happened and calls nobody back.
    func enqueue(_ sid: CallSid) {
        let now = ContinuousClock.now
        let slot = max(now, nextSlot)
        nextSlot = slot + .milliseconds(Int(1_000 / max(0.01, config.callsPerSecond)))
        queued.insert(sid)
        Task {
            try? await Task.sleep(until: slot)
            queued.remove(sid)
            guard !queuedCanceled.contains(sid) else { return }
            _ = launch(sid)
        }
    }

    func cancelQueued(_ sid: CallSid) { queuedCanceled.insert(sid) }

    func makeOutbound(_ setup: SimulatedCall.Setup, options: CallOptions) -> SimulatedCall {
        let watch = watchOutbound
        let sid = setup.callSid.text
        return SimulatedCall(
            setup: setup, options: options, config: config, client: client, loop: loops.leastLoaded(),
            watch: { watch(sid, $0) })
    }

    private func launch(_ sid: CallSid) -> Task<SimulatedCallReport, Never>? {
        guard let call = calls[sid] else { return nil }
        let run = Task {
            let report = await call.run()
            ended(sid, report)
            return report
        }
        runs[sid] = run
        return run
    }

    private func ended(_ sid: CallSid, _ report: SimulatedCallReport) {
        runs[sid] = nil
        if report.direction != "inbound" { outboundReports[sid.text] = report }
    }

    private func listen() throws {
        guard let address = config.listen else { return }
        let routes = ServerRoutes(
            respond: { [weak self] request in
                await self?.answer(request) ?? CarrierREST.error(503, 20_503, "Service is shutting down")
            },
            upgrade: { [weak self, phones = config.phones] request, loop in
                guard let phones, request.path == PhoneDesk.path else { return .refuse(.empty(404)) }
                return phones.upgrade(request, loop) { [weak self] phone, from, to in
                    guard let self else { throw CarrierError.shutDown }
                    return try await self.placeCall(phone, from: from, to: to)
                }
            },
            admit: { [phones = config.phones] request in
                guard let phones, request.path == PhoneDesk.path else { return .admit() }
                guard let refusal = phones.refusal(of: request) else { return .admit() }
                return .refuse(refusal)
            })
        let server = try TransportServer(loops: loops, listen: address, tls: nil, routes: routes)
        self.server = server
        restPort = server.boundPort
        Log.info("simulated carrier listens", ["port": server.boundPort])
    }
}

/// Why the carrier takes no call.
package enum CarrierError: Error, Equatable, CustomStringConvertible {
    case tooManyCalls(Int)
    case shutDown

    package var description: String {
        switch self {
        case .tooManyCalls(let limit): "the simulated carrier has \(limit) calls open already; wait for one to end."
        case .shutDown: "the simulated carrier is shutting down."
        }
    }
}
