package import Foundation
import FoundationNetworking

/// Asks other people's servers: within a deadline, up to a bounded answer, and never anyone but the server named.
/// Redirects and refusals (401) are answers like any other; cookies, caches and stored credentials are off.
///
/// Connections are kept and used again, so one client serves many requests.
package final class HTTPClient: Sendable {
    private let session: URLSession
    private let exchanges = Exchanges()
    private let answerBytesMax: Int

    package init(answerBytesMax: Int, connectionsPerHostMax: Int = 16) {
        self.answerBytesMax = answerBytesMax
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = connectionsPerHostMax
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit { shutdown() }

    /// Ends what is under way; later requests fail as cancelled. May be called again.
    package func shutdown() {
        if exchanges.close() { session.invalidateAndCancel() }
    }

    /// - Parameters:
    ///   - limit: from here to the last byte of the answer.
    ///   - isComplete: sees every piece of an answer with status 200; true ends it there, for streams whose connection
    ///     stays open after their last word.
    package func send(
        _ request: OutgoingRequest, within limit: Duration, until isComplete: (@Sendable (Data) -> Bool)? = nil
    ) async throws(HTTPClientError) -> RemoteAnswer {
        guard let url = URL(string: request.url), let scheme = url.scheme?.lowercased(), let name = url.host,
            scheme == "http" || scheme == "https", !name.isEmpty
        else { throw .notAnAddress }
        let host = url.port.map { "\(name):\($0)" } ?? name
        // The idle timer of Foundation only backs up the deadline below, which counts from the beginning.
        var outgoing = URLRequest(url: url, timeoutInterval: limit / .seconds(1) + 5)
        outgoing.httpMethod = request.method
        outgoing.httpBody = request.body.map { Data($0) }
        for (name, value) in request.headers { outgoing.setValue(value, forHTTPHeaderField: name) }

        let exchange = Exchange(host: host, bytesMax: answerBytesMax, isComplete: isComplete)
        guard let task = exchanges.open(exchange, { session.dataTask(with: outgoing) }) else {
            throw .cancelled(host: host)
        }
        defer { exchanges.forget(task) }
        let timer = Task {
            try await Task.sleep(for: limit)
            exchange.finish(.failure(.timedOut(host: host, after: limit)))
        }
        defer { timer.cancel() }
        let outcome = await withTaskCancellationHandler {
            await exchange.outcome(of: task)
        } onCancel: {
            exchange.finish(.failure(.cancelled(host: host)))
        }
        task.cancel()
        return try outcome.get()
    }
}
