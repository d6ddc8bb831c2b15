import Foundation
package import LanguageModel
import Synchronization
import Testing
package import WebSocketTransport

/// A chat endpoint on a free port of loopback that answers what a test wrote down, in order; the last answer repeats.
package final class LLMStub: Sendable {
    package struct Answer: Sendable {
        package var status = 200
        package var body: String
        package var headers: [(name: String, value: String)] = []
        package var delay = Duration.zero

        package init(
            status: Int = 200, body: String, headers: [(name: String, value: String)] = [], delay: Duration = .zero
        ) {
            self.status = status
            self.body = body
            self.headers = headers
            self.delay = delay
        }
    }

    private let loops: LoopGroup
    private let server: TransportServer
    private let requests: Requests

    private final class Requests: Sendable {
        let taken = Mutex<[HTTPRequest]>([])
    }

    package init(_ answers: [Answer]) throws {
        let requests = Requests()
        self.requests = requests
        loops = try LoopGroup(threads: 1)
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { request in
                    let index = requests.taken.withLock {
                        $0.append(request)
                        return $0.count - 1
                    }
                    let answer = answers[min(index, answers.count - 1)]
                    if answer.delay > .zero { try? await Task.sleep(for: answer.delay) }
                    var response = HTTPResponse.json(answer.body, status: answer.status)
                    response.headers += answer.headers
                    return response
                }, upgrade: { _, _ in .refuse(.empty(404)) }))
    }

    /// The requests so far.
    package var taken: [HTTPRequest] { requests.taken.withLock { $0 } }

    package func endpoint(timeout: Duration = .seconds(100)) throws -> LLMEndpoint {
        var endpoint = try #require(
            LLMEndpoint("http://127.0.0.1:\(server.boundPort)/v1", apiKey: "secret-key", model: "test-model"))
        endpoint.retryDelay = .milliseconds(1)
        endpoint.timeout = timeout
        return endpoint
    }

    package func stop() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }

    /// A chat completion whose message is `content`.
    package static func completion(_ content: String, finish: String = "stop") -> String {
        let message = (try? JSONEncoder().encode(content)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
        return #"{"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"#
            + message + #"},"finish_reason":""# + finish + #""}]}"#
    }
}
