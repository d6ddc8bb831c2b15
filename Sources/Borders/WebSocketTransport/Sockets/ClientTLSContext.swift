import CTransport
import Glibc

/// One OpenSSL client context, shared by all loops: loading the machine's authorities takes tens of milliseconds.
///
/// `@unchecked Sendable`: OpenSSL counts references to an `SSL_CTX` atomically and only reads one in use.
@safe final class ClientTLSContext: @unchecked Sendable {
    let handle: OpaquePointer
    private let sessions = ClientTLSSessions()

    private static let lock = Lock()
    /// Guarded by `lock`. A process uses two or three kinds; a file's is kept while the file stays as it is.
    nonisolated(unsafe) private static var made: [ClientTLS: (context: ClientTLSContext, version: [Int])] = [:]

    private init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
        unsafe sessions.serve(handle)
    }

    deinit {
        unsafe SSL_CTX_set_ex_data(handle, 0, nil)
        unsafe SSL_CTX_free(handle)
    }

    /// Connections that have resumed an earlier one's session, as OpenSSL counts them.
    var resumedCount: Int { unsafe SSL_CTX_ctrl(handle, SSL_CTRL_SESS_HIT, 0, nil) }

    /// Reads files: not on a loop.
    static func shared(for tls: ClientTLS) throws(TransportError) -> ClientTLSContext {
        let result: Result<ClientTLSContext, TransportError> = lock.withLock {
            var file: String?
            if case .caFile(let path) = tls { file = path }
            let version = file.map { Self.version(of: $0) } ?? []
            if let known = unsafe made[tls], known.version == version { return .success(known.context) }
            guard let handle = unsafe parley_client_tls_new(file, tls != .insecureNoVerification) else {
                return .failure(
                    .tlsFailed(path: file ?? "(system authorities)", reason: TransportError.lastTLSError()))
            }
            let context = unsafe ClientTLSContext(handle)
            unsafe made[tls] = (context, version)
            return .success(context)
        }
        return try result.get()
    }

    /// What changes when a file is replaced or written to.
    private static func version(of path: String) -> [Int] {
        var about = Glibc.stat()
        guard unsafe stat(path, &about) == 0 else { return [] }
        return [Int(truncatingIfNeeded: about.st_ino), about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec]
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
