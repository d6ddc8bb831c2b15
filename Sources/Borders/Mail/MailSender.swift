import CCurl
import Dispatch
package import Telemetry

#if canImport(Glibc)
    import Glibc
#endif

/// Hands mails to the operator's server, one connection each.
package struct MailSender: Sendable {
    package enum Answer: Equatable, Sendable {
        /// The server has taken it on itself.
        case taken
        /// It never will: there is no such mailbox, or the like.
        case refused(reason: String)
        /// Another time, perhaps: it was not reached, is busy, does not let us in.
        case failed(reason: String)
    }

    package let server: MailServer
    private let threads = DispatchQueue(label: "mail", qos: .background, attributes: .concurrent)
    private let metrics: Metrics

    package init(_ server: MailServer, metrics: Metrics = .shared) {
        self.server = server
        self.metrics = metrics
    }

    /// Blocks a thread of its own meanwhile: whoever calls limits how many there are at once.
    package func send(_ message: MailMessage, within limit: Duration) async -> Answer {
        let milliseconds = Int(clamping: Int64(limit / .milliseconds(1)))
        let answer = await withCheckedContinuation { continuation in
            threads.async { [server] in continuation.resume(returning: Self.perform(message, server, milliseconds)) }
        }
        metrics.add(MailMetrics.sent[answer.outcome.rawValue])
        return answer
    }

    private static func perform(_ message: MailMessage, _ server: MailServer, _ timeoutMs: Int) -> Answer {
        var answer = parley_mail_answer()
        let texts = [server.url, server.login?.user, server.login?.password, server.authoritiesPath]
        let headers = message.headers(from: server.from)
        unsafe withCStrings(texts + headers) { strings in
            guard let url = unsafe strings[0] else { return }
            var host = unsafe parley_mail_server(
                url: url, user: strings[1], password: strings[2], authorities: strings[3],
                needs_tls: server.needsTLS ? 1 : 0)
            let body = message.body
            unsafe parley_mail(
                &host, server.from.address, message.to.address, strings + texts.count, headers.count, body,
                body.utf8.count, timeoutMs, &answer)
        }
        if answer.is_taken != 0 { return .taken }
        let said = unsafe withUnsafeBytes(of: answer.reason) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        // 530 to 539 are about us, and not about the mail: TLS, or who we are.
        let isFinal = (500...599).contains(answer.code) && !(530...539).contains(answer.code)
        return isFinal ? .refused(reason: said) : .failed(reason: said)
    }

    private static func withCStrings(_ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Void) {
        let copies = unsafe texts.map { text in unsafe text.flatMap { unsafe strdup($0) } }
        defer { unsafe copies.forEach { unsafe free($0) } }
        let pointers = unsafe copies.map { unsafe UnsafePointer($0) } + [nil]
        unsafe pointers.withUnsafeBufferPointer { buffer in
            if let first = buffer.baseAddress { unsafe body(first) }
        }
    }
}

extension MailSender.Answer {
    var outcome: MailOutcome {
        switch self {
        case .taken: .taken
        case .refused: .refused
        case .failed: .failed
        }
    }
}
