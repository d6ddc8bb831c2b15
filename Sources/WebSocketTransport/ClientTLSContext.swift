internal import CLibWebSockets
import Glibc

/// One OpenSSL client context, shared by all loops: loading the machine's authorities takes tens of milliseconds.
///
/// `@unchecked Sendable`: OpenSSL counts references to an `SSL_CTX` atomically and only reads one in use.
@safe final class ClientTLSContext: @unchecked Sendable {
    let handle: OpaquePointer

    private static let lock = Lock()
    /// Guarded by `lock`. A process uses two or three kinds.
    nonisolated(unsafe) private static var made: [ClientTLS: ClientTLSContext] = [:]

    private init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe SSL_CTX_free(handle) }

    /// Reads files: not on a loop.
    static func shared(for tls: ClientTLS) throws(TransportError) -> ClientTLSContext {
        let result: Result<ClientTLSContext, TransportError> = lock.withLock {
            if let known = unsafe made[tls] { return .success(known) }
            var file: String?
            if case .caFile(let path) = tls { file = path }
            guard let handle = unsafe parley_client_tls_new(file, tls != .insecureNoVerification) else {
                return .failure(
                    .tlsFailed(path: file ?? "(system authorities)", reason: TransportError.lastTLSError()))
            }
            let context = unsafe ClientTLSContext(handle)
            // A file of authorities may be replaced: read it for every loop and every test anew.
            if file == nil { unsafe made[tls] = context }
            return .success(context)
        }
        return try result.get()
    }
}

extension TransportError {
    /// What OpenSSL complained about last on this thread.
    static func lastTLSError() -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            guard let start = text.baseAddress else { return "" }
            unsafe parley_tls_error(start, 256)
            return unsafe String(cString: start)
        }
    }
}
