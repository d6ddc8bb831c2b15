import Foundation
import FoundationNetworking

/// Posts chat requests: within one deadline, with two retries, and never more than a bounded answer.
struct LLMClient: Sendable {
    static let answerBytesMax = 262_144
    private static let retriesMax = 2
    private static let retryDelayMax = Duration.seconds(8)

    let endpoint: LLMEndpoint

    /// The body of the first answer with status 200.
    func post(_ body: Data) async throws(LLMError) -> Data {
        let clock = ContinuousClock()
        let deadline = clock.now + endpoint.timeout
        var delay = endpoint.retryDelay
        var attempt = 0
        while true {
            let left = clock.now.duration(to: deadline)
            guard left > .zero else { throw .timedOut }
            let outcome = await attemptOnce(body, within: left)
            switch outcome {
            case .success(let answer) where answer.status == 200: return answer.body
            case .success(let answer):
                guard attempt < LLMClient.retriesMax, answer.mayRetry else {
                    throw .refusedByServer(status: answer.status, code: answer.errorCode)
                }
                delay = answer.retryAfter ?? delay
            case .failure(let error):
                guard attempt < LLMClient.retriesMax, case .unreachable = error else { throw error }
            }
            attempt += 1
            let wait = min(delay, LLMClient.retryDelayMax) * Double.random(in: 0.9...1.1)
            guard wait < clock.now.duration(to: deadline) else { throw .timedOut }
            do { try await clock.sleep(for: wait) } catch { throw .timedOut }
            delay = endpoint.retryDelay * (1 << attempt)
        }
    }

    private func attemptOnce(_ body: Data, within left: Duration) async -> Result<LLMAnswer, LLMError> {
        let seconds = Double(left.components.seconds) + Double(left.components.attoseconds) / 1e18
        var request = URLRequest(url: endpoint.url, timeoutInterval: max(0.05, seconds))
        request.httpMethod = "POST"
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("application/json", forHTTPHeaderField: "Accept")
        if let key = endpoint.apiKey { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        let fetch = BoundedFetch(bytesMax: LLMClient.answerBytesMax)
        let timer = Task {
            try await Task.sleep(for: left)
            fetch.stop(.timedOut)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await fetch.run(request)
        } onCancel: {
            fetch.stop(.timedOut)
        }
    }
}

struct LLMAnswer: Sendable {
    var status: Int
    var body: Data
    var retryAfter: Duration?
    /// The server's own `x-should-retry`.
    var shouldRetry: Bool?

    var errorCode: String? {
        struct Envelope: Decodable {
            struct Detail: Decodable { var code: String? }
            var error: Detail?
        }
        guard let code = (try? JSONDecoder().decode(Envelope.self, from: body))?.error?.code else { return nil }
        let isPlain =
            code.utf8.count <= 64 && code.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return isPlain ? code : nil
    }

    var mayRetry: Bool {
        if let shouldRetry { return shouldRetry }
        guard errorCode != "insufficient_quota" else { return false }
        return [408, 409, 429].contains(status) || (500...599).contains(status)
    }
}

/// One request whose answer is read up to a bound; redirects are refused, as they would carry the key elsewhere.
///
/// Unchecked: everything mutable sits behind `lock`.
private final class BoundedFetch: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let bytesMax: Int
    private let lock = NSLock()
    private var waiting: CheckedContinuation<Result<LLMAnswer, LLMError>, Never>?
    private var finished: Result<LLMAnswer, LLMError>?
    private var session: URLSession?
    private var body = Data()
    private var head: HTTPURLResponse?

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    func run(_ request: URLRequest) async -> Result<LLMAnswer, LLMError> {
        await withCheckedContinuation { continuation in
            lock.lock()
            if let finished {
                lock.unlock()
                continuation.resume(returning: finished)
                return
            }
            waiting = continuation
            let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
            self.session = session
            lock.unlock()
            session.dataTask(with: request).resume()
        }
    }

    func stop(_ error: LLMError) { finish(.failure(error)) }

    private func finish(_ result: Result<LLMAnswer, LLMError>) {
        lock.lock()
        let continuation = waiting
        let session = self.session
        waiting = nil
        self.session = nil
        if finished == nil { finished = result }
        lock.unlock()
        session?.invalidateAndCancel()
        continuation?.resume(returning: result)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        lock.withLock { head = response as? HTTPURLResponse }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLong = lock.withLock {
            guard body.count + data.count <= bytesMax else { return true }
            body.append(data)
            return false
        }
        if isTooLong { finish(.failure(.tooLong(bytesMax: bytesMax))) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error {
            let code = (error as? URLError)?.code
            finish(.failure(code == .timedOut ? .timedOut : .unreachable("error \((error as NSError).code)")))
            return
        }
        let (head, body) = lock.withLock { (self.head, self.body) }
        guard let head = head ?? task.response as? HTTPURLResponse else {
            finish(.failure(.unreachable("no response")))
            return
        }
        finish(
            .success(
                LLMAnswer(
                    status: head.statusCode, body: body, retryAfter: BoundedFetch.retryAfter(head),
                    shouldRetry: head.value(forHTTPHeaderField: "x-should-retry").map { $0 == "true" })))
    }

    /// `retry-after-ms`, or `retry-after` in seconds.
    private static func retryAfter(_ head: HTTPURLResponse) -> Duration? {
        if let text = head.value(forHTTPHeaderField: "retry-after-ms"), let ms = Int(text), (0...60_000).contains(ms) {
            return .milliseconds(ms)
        }
        if let text = head.value(forHTTPHeaderField: "retry-after"), let s = Double(text), (0...60).contains(s) {
            return .milliseconds(Int(s * 1_000))
        }
        return nil
    }
}
