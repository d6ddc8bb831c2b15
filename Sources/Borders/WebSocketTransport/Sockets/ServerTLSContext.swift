import CTransport
import Glibc

/// One OpenSSL server context: a certificate chain and its key, as they were when it was made.
///
/// `@unchecked Sendable`: OpenSSL counts references to an `SSL_CTX` atomically and only reads one in use.
@safe final class ServerTLSContext: @unchecked Sendable {
    let handle: OpaquePointer

    /// Reads files: not on a loop.
    init(_ files: ServerTLS) throws(TransportError) {
        for path in [files.certificatePath, files.keyPath] where unsafe access(path, R_OK) != 0 {
            throw .tlsFailed(path: path, reason: TransportError.lastSystemError())
        }
        guard let handle = unsafe parley_server_tls_new(files.certificatePath, files.keyPath) else {
            throw .tlsFailed(path: files.certificatePath, reason: TransportError.lastTLSError())
        }
        unsafe self.handle = handle
    }

    deinit { unsafe SSL_CTX_free(handle) }
}
