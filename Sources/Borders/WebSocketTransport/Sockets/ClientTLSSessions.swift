import CTransport
import Runtime

/// One TLS session for each server name, so that further connections resume it: no signature to verify, and no parsed
/// certificates of their own, some 6 KB each with a chain of one.
///
/// Only sessions of full handshakes are kept, and for ``secondsMax``: so long at most a certificate that has expired or a
/// withdrawn authority is still good. `@unchecked Sendable`: handshakes of all loops come here; `kept` is guarded by `lock`.
@safe final class ClientTLSSessions: @unchecked Sendable {
    /// The only owner of a session of its own: a connection that breaks off spoils the one it has.
    @safe private final class Kept {
        let session: OpaquePointer
        let until: MonotonicTime

        init?(copyOf session: OpaquePointer, until: MonotonicTime) {
            guard let copy = unsafe SSL_SESSION_dup(session) else { return nil }
            unsafe self.session = copy
            self.until = until
        }

        deinit { unsafe SSL_SESSION_free(session) }
    }

    private static let namesMax = 64
    private static let secondsMax: Int64 = 600
    private let lock = Lock()
    private var kept: [String: Kept] = [:]

    /// The context's connections find their way here by its application data. It must not outlive this.
    func serve(_ context: OpaquePointer) {
        unsafe SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
        unsafe SSL_CTX_sess_set_new_cb(context) { connection, session in
            guard let connection = unsafe connection, let session = unsafe session else { return 0 }
            unsafe ClientTLSSessions.of(connection)?.keep(session, of: connection)
            // The library's reference stays its own.
            return 0
        }
        unsafe SSL_CTX_set_info_callback(context) { connection, event, _ in
            guard event & SSL_CB_HANDSHAKE_START != 0, let connection = unsafe connection else { return }
            unsafe ClientTLSSessions.of(connection)?.offer(to: connection)
        }
    }

    private static func of(_ connection: OpaquePointer) -> ClientTLSSessions? {
        unsafe SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), 0).map {
            unsafe Unmanaged<ClientTLSSessions>.fromOpaque($0).takeUnretainedValue()
        }
    }

    private func keep(_ session: OpaquePointer, of connection: OpaquePointer) {
        let until = MonotonicTime.now().adding(milliseconds: Self.secondsMax * 1_000)
        guard unsafe SSL_session_reused(connection) == 0, unsafe SSL_SESSION_is_resumable(session) != 0,
            let name = unsafe Self.serverName(of: connection), let fresh = unsafe Kept(copyOf: session, until: until)
        else { return }
        lock.withLock {
            if kept[name] == nil, kept.count >= Self.namesMax { kept = [:] }
            kept[name] = fresh
        }
    }

    /// Before the first message of a handshake.
    private func offer(to connection: OpaquePointer) {
        guard unsafe SSL_get_session(connection) == nil, let name = unsafe Self.serverName(of: connection),
            let known = lock.withLock({ kept[name] }), MonotonicTime.now() < known.until,
            let copy = unsafe SSL_SESSION_dup(known.session)
        else { return }
        unsafe SSL_set_session(connection, copy)
        unsafe SSL_SESSION_free(copy)
    }

    private static func serverName(of connection: OpaquePointer) -> String? {
        unsafe SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name).map { unsafe String(cString: $0) }
    }
}
