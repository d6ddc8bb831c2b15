import CCurl
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Posts to addresses that tenants name. Unlike ``HTTPClient``, which asks servers that the operator has named, it looks at
/// every address that a name stands for when it connects, so that no name leads inside; follows no redirect; and goes through
/// no proxy, which would look names up itself.
package struct PublicPost: Sendable {
    package enum Answer: Equatable, Sendable {
        /// - Parameter retryAfterSeconds: what the server asks for, at most a day; nil when it asks for nothing.
        case status(Int, retryAfterSeconds: Int?)
        /// The name stands for an address that is none of the public internet's.
        case refused
        /// - Parameter reason: names the host at most.
        case failed(reason: String)
    }

    private final class Exchange: Sendable {
        let rules: AddressRules
        let isCancelled = Atomic(false)
        init(_ rules: AddressRules) { self.rules = rules }
    }

    private let rules: AddressRules
    private let threads: DispatchQueue

    /// - Parameter rules: for the addresses.
    package init(_ rules: AddressRules) {
        self.rules = rules
        threads = DispatchQueue(label: "webhooks", qos: .background, attributes: .concurrent)
    }

    /// Blocks a thread of its own meanwhile: whoever calls limits how many there are at once.
    ///
    /// - Parameter headers: without line breaks.
    package func send(
        _ body: [UInt8], to url: String, headers: [(name: String, value: String)], within limit: Duration
    ) async -> Answer {
        let exchange = Exchange(rules)
        let lines = headers.map { "\($0.name): \($0.value)" }
        let milliseconds = Int(clamping: Int64(limit / .milliseconds(1)))
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                threads.async {
                    continuation.resume(returning: Self.perform(url, lines, body, milliseconds, exchange))
                }
            }
        } onCancel: {
            exchange.isCancelled.store(true, ordering: .relaxed)
        }
    }

    private static func perform(
        _ url: String, _ lines: [String], _ body: [UInt8], _ timeoutMs: Int, _ exchange: Exchange
    ) -> Answer {
        var answer = parley_post_answer()
        let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
        let checks = unsafe parley_post_checks(
            is_allowed: { context, bytes, length in
                let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                let address = unsafe Array(UnsafeBufferPointer(start: bytes, count: length))
                return exchange.rules.allows(address) ? 1 : 0
            },
            is_cancelled: { context in
                let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                return exchange.isCancelled.load(ordering: .relaxed) ? 1 : 0
            }, context: UnsafeRawPointer(context))
        unsafe withCStrings(lines) { headers in
            unsafe parley_post(url, headers, lines.count, body, body.count, timeoutMs, checks, &answer)
        }
        withExtendedLifetime(exchange) {}
        if answer.status > 0 {
            let seconds = answer.retry_after
            return .status(answer.status, retryAfterSeconds: seconds > 0 ? seconds : nil)
        }
        if answer.is_refused != 0 { return .refused }
        let reason = unsafe withUnsafeBytes(of: answer.reason) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .failed(reason: reason)
    }

    private static func withCStrings(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Void
    ) {
        let copies = unsafe texts.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        let pointers = unsafe copies.map { unsafe UnsafePointer($0) } + [nil]
        unsafe pointers.withUnsafeBufferPointer { buffer in
            if let first = buffer.baseAddress { unsafe body(first) }
        }
    }
}
