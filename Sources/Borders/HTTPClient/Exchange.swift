import Foundation
import FoundationNetworking
import Synchronization

/// One request under way: collects the answer and hands it over once.
final class Exchange: Sendable {
    typealias Outcome = Result<RemoteAnswer, HTTPClientError>

    private struct State {
        var status: Int?
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        var waiting: CheckedContinuation<Outcome, Never>?
        var outcome: Outcome?
    }

    private let host: String
    private let bytesMax: Int
    private let isComplete: (@Sendable (Data) -> Bool)?
    private let state = Mutex(State())

    init(host: String, bytesMax: Int, isComplete: (@Sendable (Data) -> Bool)? = nil) {
        self.isComplete = isComplete
        self.host = host
        self.bytesMax = bytesMax
    }

    func outcome(of task: URLSessionTask) async -> Outcome {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.outcome == nil { state.waiting = continuation }
                return state.outcome
            }
            if let known {
                continuation.resume(returning: known)
            } else {
                task.resume()
            }
        }
    }

    /// The first outcome counts.
    func finish(_ outcome: Outcome) {
        let waiting = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            state.body = []
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: outcome)
    }

    func received(_ head: URLResponse?) {
        guard let head = head as? HTTPURLResponse else { return }
        var headers: [String: String] = [:]
        for (name, value) in head.allHeaderFields {
            if let name = name as? String, let value = value as? String { headers[name.lowercased()] = value }
        }
        state.withLock { state in
            state.status = head.statusCode
            state.headers = headers
        }
    }

    func received(_ data: Data) {
        let fits = state.withLock { state in
            guard state.outcome == nil else { return true }
            guard state.body.count + data.count <= bytesMax else { return false }
            state.body.append(contentsOf: data)
            return true
        }
        if !fits { return finish(.failure(.tooLong(host: host, bytesMax: bytesMax))) }
        if let isComplete, state.withLock({ $0.status }) == 200, isComplete(data) { completed() }
    }

    /// The server has said everything.
    func completed() {
        let answer = state.withLock { state in
            state.status.map { RemoteAnswer(status: $0, headers: state.headers, body: state.body) }
        }
        finish(answer.map { .success($0) } ?? .failure(.unreachable(host: host, reason: "it sent no HTTP answer")))
    }

    func failed(_ error: any Error) {
        let isCancelled = (error as? URLError)?.code == .cancelled
        finish(
            .failure(isCancelled ? .cancelled(host: host) : .unreachable(host: host, reason: Exchange.reason(error))))
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? URLError else { return "the connection failed" }
        return switch error.code {
        case .cannotFindHost, .dnsLookupFailed: "its name is not known"
        case .cannotConnectToHost: "it takes no connection"
        case .networkConnectionLost, .badServerResponse: "it closed the connection without an answer"
        case .secureConnectionFailed: "TLS was not agreed upon"
        case .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
            .serverCertificateNotYetValid:
            "its certificate is not trusted"
        default: "the connection failed (\(error.code.rawValue))"
        }
    }
}
