import FoundationEssentials

/// The REST API refused, or something between it and us did. Decide by ``code``, never by ``message``.
package struct TwilioRESTError: Error, Equatable, CustomStringConvertible {
    /// What a caller may do about it.
    package enum Advice: Equatable, Sendable {
        /// Not processed: ask again after a back-off with jitter.
        case retryLater
        /// Perhaps processed: find out before asking again.
        case ambiguous
        /// Too many calls at once for this account: stop dialling for a while.
        case pauseDialling
        /// Credentials are wrong: stop and alarm.
        case fixCredentials
        /// Nothing changes by asking again.
        case giveUp
    }

    /// The HTTP status.
    package var status: Int
    /// The carrier's own code; nil when a proxy answered, or none was given.
    package var code: Int?
    package var message: String

    package init(status: Int, code: Int?, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// Reads both forms of an error body, the classic and the RFC 9457 one; anything else, HTML included, is kept to its
    /// status.
    package init(status: Int, body: [UInt8]) {
        struct Body: Decodable {
            var code: Int?
            var message: String?
            var detail: String?
            var title: String?
        }
        let read = body.count <= 65_536 ? try? JSONDecoder().decode(Body.self, from: Data(body)) : nil
        let text = read?.message ?? read?.detail ?? read?.title ?? "HTTP \(status) without a readable error"
        self.init(status: status, code: read?.code, message: String(text.prefix(300)))
    }

    package var advice: Advice {
        switch (code, status) {
        case (10_004, _): .pauseDialling
        case (20_003, _), (_, 401): .fixCredentials
        case (20_429, _), (_, 429): .retryLater
        case (_, 500...599): .ambiguous
        default: .giveUp
        }
    }

    /// Safe to send again unchanged, later.
    package var isRetryable: Bool { advice == .retryLater }

    /// The call is already over: success, when the aim was to hang up.
    package var isCallAlreadyOver: Bool { code == 21_220 || code == 20_404 }

    package var description: String {
        "Twilio REST answered \(status)\(code.map { ", code \($0)" } ?? ""): \(advice)."
    }

    /// What the simulated carrier answers.
    package var json: [UInt8] {
        struct Body: Encodable {
            var code: Int?
            var message: String
            var more_info: String?
            var status: Int
        }
        let link = code.map { "https://www.twilio.com/docs/errors/\($0)" }
        let body = Body(code: code, message: message, more_info: link, status: status)
        return (try? JSONEncoder().encode(body)).map { Array($0) } ?? []
    }
}
