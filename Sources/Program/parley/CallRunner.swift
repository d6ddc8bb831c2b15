import API
import CallModel
import Foundation
import HTTPClient
import SimulatedCarrier
import WebSocketTransport

/// Places simulated calls into a gateway and shows them as they happen: what the caller says and does comes from the
/// simulated carrier, what was understood and answered from the gateway's live feed, the record from its API.
struct CallRunner: Sendable {
    let gatewayURL: String
    /// Opens the API; nil: the call runs, and neither transcript nor record can be shown.
    let token: String?
    let carrier: SimulatedCarrier
    let loops: LoopGroup
    let screen: CallScreen
    /// How the screen names the caller when several calls run at once.
    var name: String?

    struct Outcome: Sendable {
        var report: SimulatedCallReport
        var record: View.CallDetail?
        /// Hang-up to the record being there, in ms.
        var recordAfterMs: Int?
    }

    private let http = HTTPClient(answerBytesMax: 4 << 20)

    func run(_ script: CallerScript, from: String? = nil, to: String? = nil) async throws -> Outcome {
        let (screen, name) = (screen, name)
        let watch = LiveWatch(screen, name)
        let report = try await carrier.placeCall(from: from, to: to, script: script) { event in
            screen.show(event, caller: name)
            // The call is known once it was placed: from then on its own events are watched.
            if event.kind == .placed { try? watchLive(watch, callSid: event.detail) }
        }
        let ended = ContinuousClock.now
        let record = await record(of: report.callSid)
        let waited = ContinuousClock.now - ended
        let after = Int(waited.components.seconds * 1_000 + waited.components.attoseconds / 1_000_000_000_000_000)
        watch.stop()
        return Outcome(report: report, record: record, recordAfterMs: record == nil ? nil : after)
    }

    /// Once it is whole; nil where it is not within a quarter of a minute.
    func record(of callSid: String) async -> View.CallDetail? {
        guard token != nil else { return nil }
        let end = ContinuousClock.now.advanced(by: .seconds(15))
        while ContinuousClock.now < end {
            if let view = try? await fetchRecord(callSid), view.finalizedAt != nil { return view }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private func watchLive(_ watch: LiveWatch, callSid: String) throws {
        guard let token else { return }
        try watch.start(callSid, gatewayURL: gatewayURL, token: token, loops.leastLoaded())
    }

    private func fetchRecord(_ callSid: String) async throws -> View.CallDetail? {
        guard let token else { return nil }
        let request = OutgoingRequest(
            "GET", "\(gatewayURL)/api/v1/calls/\(callSid)",
            headers: [(name: "Authorization", value: "Bearer \(token)")])
        let answer = try await http.send(request, within: .seconds(5))
        guard answer.status == 200 else { return nil }
        return try View.CallDetail.read(Array(answer.body))
    }
}
