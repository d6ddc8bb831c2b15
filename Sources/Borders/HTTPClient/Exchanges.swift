import Foundation
import FoundationNetworking
import Synchronization

/// Passes what Foundation's session reports to the ``Exchange`` it belongs to.
final class Exchanges: NSObject, URLSessionDataDelegate, Sendable {
    private struct State {
        var isOpen = true
        var byTask: [Int: Exchange] = [:]
    }

    private let state = Mutex(State())

    /// Nil once closed: a session that was invalidated ends the process when it is asked for a task.
    func open(_ exchange: Exchange, _ makeTask: () -> URLSessionDataTask) -> URLSessionDataTask? {
        state.withLock { state in
            guard state.isOpen else { return nil }
            let task = makeTask()
            state.byTask[task.taskIdentifier] = exchange
            return task
        }
    }

    func forget(_ task: URLSessionTask) {
        state.withLock { _ = $0.byTask.removeValue(forKey: task.taskIdentifier) }
    }

    /// True for the call that closed it. What is under way ends with Foundation's own report.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
    }

    private subscript(_ task: URLSessionTask) -> Exchange? {
        state.withLock { $0.byTask[task.taskIdentifier] }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        self[dataTask]?.received(response)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        self[dataTask]?.received(data)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        self[task]?.received(response)
        completionHandler(nil)
    }

    /// A 401 with a challenge, read to its end. Unanswered, it leaves Foundation on Linux waiting for ever; answered with
    /// a refusal, it becomes an error. The server's answer is wanted, so the exchange ends here.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        if let exchange = self[task] {
            exchange.received(task.response)
            exchange.completed()
        }
        completionHandler(.cancelAuthenticationChallenge, nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let exchange = self[task] else { return }
        if let error {
            exchange.failed(error)
        } else {
            exchange.received(task.response)
            exchange.completed()
        }
    }
}
