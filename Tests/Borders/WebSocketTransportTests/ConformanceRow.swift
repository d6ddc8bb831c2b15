import Foundation
import Synchronization

@testable import WebSocketTransport

/// What somebody sends on a fresh connection, and what RFC 9110 and 9112 want for it.
struct ConformanceRow: Sendable {
    var says: String
    var sent: [UInt8]
    /// Of the one answer that comes.
    var statuses: Set<Int>
    /// The connection ends with that answer.
    var closes = true
    /// What the answer's body holds.
    var answers: String?

    init(_ says: String, _ sent: String, _ statuses: Int..., closes: Bool = true, answers: String? = nil) {
        self.init(says, Array(sent.utf8), Set(statuses), closes: closes, answers: answers)
    }

    init(_ says: String, _ sent: [UInt8], _ statuses: Set<Int>, closes: Bool = true, answers: String? = nil) {
        (self.says, self.sent, self.statuses, self.closes, self.answers) = (says, sent, statuses, closes, answers)
    }
}

/// The application behind the server under test: says what it was asked, and remembers where.
final class SeenPaths: Sendable {
    private let paths = Mutex<[String]>([])

    /// `GET /path [query] 3 bytes, authorization`
    var respond: @Sendable (HTTPRequest) async -> HTTPResponse {
        { [self] request in
            paths.withLock { $0.append(request.path) }
            return .text(
                "\(request.method) \(request.path) [\(request.query)] \(request.body.count) bytes, "
                    + (request.header("authorization") ?? "-"))
        }
    }

    func count(of path: String) -> Int { paths.withLock { seen in seen.count { $0 == path } } }
}

/// One answer as it came over the network.
struct HTTPAnswer: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body = ""

    /// All final answers in `bytes`, told apart by their lengths; what is no answer at the end is one of status -1.
    static func all(in text: String, toHead: Bool = false) -> [HTTPAnswer] {
        var answers: [HTTPAnswer] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            guard rest.starts(with: "HTTP/1.".utf8), let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else {
                return answers + [HTTPAnswer(status: -1, body: String(decoding: rest, as: UTF8.self))]
            }
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            var answer = HTTPAnswer(status: Int(lines[0].split(separator: " ")[1]) ?? -1)
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                answer.headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
            }
            rest = rest[end.upperBound...]
            if answer.status == 101 {
                (answer.body, rest) = (String(decoding: rest, as: UTF8.self), [])
            } else if !toHead, answer.status != 100 {
                let length =
                    answer.headers["content-length"].flatMap { Int($0) } ?? (answer.status == 204 ? 0 : rest.count)
                answer.body = String(decoding: rest.prefix(length), as: UTF8.self)
                rest = rest.dropFirst(length)
            }
            if answer.status != 100 { answers.append(answer) }
        }
        return answers
    }
}

extension Bench {
    /// Every loop of the group and the door, each asked by a post; those that do not answer within a second.
    func standingLoops() async -> [String] {
        var standing: [String] = []
        for loop in loops.loops + [server.doorLoop] {
            do { try await withTimeout(1) { await loop.run {} } } catch { standing.append(loop.name) }
        }
        return standing
    }
}
