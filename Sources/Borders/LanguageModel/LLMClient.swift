package import Foundation
import HTTPClient

/// Posts chat requests: within one deadline, with two retries, and never more than a bounded answer.
package struct LLMClient: Sendable {
    static let answerBytesMax = 262_144
    private static let retriesMax = 2
    private static let retryDelayMax = Duration.seconds(8)

    let endpoint: LLMEndpoint
    private let http = HTTPClient(answerBytesMax: LLMClient.answerBytesMax)

    package init(endpoint: LLMEndpoint) { self.endpoint = endpoint }

    /// The body of the first answer with status 200.
    ///
    /// - Parameters:
    ///   - timeout: retries included; the endpoint's own when nil.
    ///   - streaming: makes, for every attempt, what sees the pieces of its answer and says when it is complete.
    package func post(
        _ body: Data, within timeout: Duration? = nil, streaming: (@Sendable () -> @Sendable (Data) -> Bool)? = nil
    ) async throws(LLMError) -> Data {
        let clock = ContinuousClock()
        let deadline = clock.now + (timeout ?? endpoint.timeout)
        var delay = endpoint.retryDelay
        var attempt = 0
        while true {
            let left = clock.now.duration(to: deadline)
            guard left > .zero else { throw .timedOut }
            let outcome = await attemptOnce(body, within: left, isComplete: streaming?())
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

    private func attemptOnce(
        _ body: Data, within left: Duration, isComplete: (@Sendable (Data) -> Bool)?
    ) async -> Result<LLMAnswer, LLMError> {
        let accepted = isComplete == nil ? "application/json" : "text/event-stream, application/json"
        var headers = [(name: "Content-Type", value: "application/json"), (name: "Accept", value: accepted)]
        if let key = endpoint.apiKey { headers.append((name: "Authorization", value: "Bearer \(key)")) }
        let request = OutgoingRequest("POST", endpoint.url.absoluteString, headers: headers, body: Array(body))
        do {
            return .success(LLMAnswer(try await http.send(request, within: left, until: isComplete)))
        } catch {
            return switch error {
            case .timedOut, .cancelled: .failure(.timedOut)
            case .tooLong(_, let bytesMax): .failure(.tooLong(bytesMax: bytesMax))
            case .notAnAddress, .unreachable: .failure(.unreachable("\(error)"))
            }
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

extension LLMAnswer {
    init(_ answer: RemoteAnswer) {
        self.init(
            status: answer.status, body: Data(answer.body), retryAfter: Self.retryAfter(answer),
            shouldRetry: answer.header("x-should-retry").map { $0 == "true" })
    }

    /// `retry-after-ms`, or `retry-after` in seconds.
    private static func retryAfter(_ answer: RemoteAnswer) -> Duration? {
        if let text = answer.header("retry-after-ms"), let ms = Int(text), (0...60_000).contains(ms) {
            return .milliseconds(ms)
        }
        if let text = answer.header("retry-after"), let s = Double(text), (0...60).contains(s) {
            return .milliseconds(Int(s * 1_000))
        }
        return nil
    }
}
