import Foundation
import Synchronization
import WebSocketTransport

/// A carrier's REST interface that says of every call that it is on, or answers nothing but a status.
final class LiveCarrier: Sendable {
    let url: String
    private let state = Mutex<(refusal: Int?, asked: Int)>((nil, 0))

    init() throws {
        let loops = try LoopGroup(threads: 1)
        let box = Box()
        let server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { box.carrier.withLock { $0 }?.answer($0) ?? .empty(503) },
                upgrade: { _, _ in .refuse(.empty(404)) }))
        url = "http://127.0.0.1:\(server.boundPort)"
        box.carrier.withLock { $0 = self }
        Props.atEnd {
            box.carrier.withLock { $0 = nil }
            await server.shutdown(graceSeconds: 0)
            await loops.shutdown()
        }
    }

    private final class Box: Sendable { let carrier = Mutex<LiveCarrier?>(nil) }

    /// How often it has been asked.
    var asked: Int { state.withLock { $0.asked } }

    /// From now on every question is answered with this status; nil: with the call.
    func refuse(_ status: Int?) { state.withLock { $0.refusal = status } }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        let refusal = state.withLock { state in
            state.asked += 1
            return state.refusal
        }
        if let refusal { return .json(#"{"code":20429,"message":"Too Many Requests","status":429}"#, status: refusal) }
        let sid = request.path.split(separator: "/").last?.prefix { $0 != "." } ?? ""
        return .json(#"{"sid":"\#(sid)","account_sid":"\#(Stage.accountSid)","status":"in-progress"}"#)
    }
}
