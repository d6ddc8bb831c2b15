internal import CLibWebSockets
import Glibc
import Synchronization
import Telemetry

/// Making and ending what libwebsockets counts globally: contexts, virtual hosts, its log.
@safe enum LWSContext {
    /// Its reference counts of OpenSSL and of the event-loop plug-in are not atomic.
    private static let lock = Lock()
    /// Guarded by `lock`.
    nonisolated(unsafe) private static var hasInitialisedTLS = false
    private static let log: Void = unsafe lws_set_log_level(
        Int32(LLL_ERR) | Int32(LLL_WARN), { _, line in if let line = unsafe line { unsafe LWSLog.emit(line) } })

    /// The first is for clients without a subprotocol. A server must echo one that a client offers, so those that speech
    /// services use are named here.
    static let subprotocols = ["parley", "token", "bearer", "realtime"]
    /// Kept for each connection. A frame of audio fits; what is longer comes in pieces and is put together.
    static let receiveBytes = 1_024
    private static let serviceBytes: UInt32 = 16_384

    /// libwebsockets keeps the pointer, so the table lives as long as the process.
    nonisolated(unsafe) private static let protocols: UnsafeMutablePointer<lws_protocols> = {
        let table = UnsafeMutablePointer<lws_protocols>.allocate(capacity: subprotocols.count + 1)
        for (index, name) in subprotocols.enumerated() {
            var entry = unsafe lws_protocols()
            unsafe entry.name = UnsafePointer(strdup(name))
            unsafe entry.callback = transportCallback
            unsafe entry.rx_buffer_size = receiveBytes
            // One send call for anything up to this; the rest would be copied aside.
            unsafe entry.tx_packet_size = 1 << 20
            unsafe (table + index).initialize(to: entry)
        }
        unsafe (table + subprotocols.count).initialize(to: lws_protocols())
        return unsafe table
    }()

    // Virtual hosts keep these two by pointer.
    nonisolated(unsafe) private static let hostName = unsafe strdup("parley")
    nonisolated(unsafe) private static let alpn = unsafe strdup("http/1.1")

    /// No pings or hang-ups of the library's own: the loop's sweep does both.
    nonisolated(unsafe) private static let silentRetry: UnsafeMutablePointer<lws_retry_bo_t> = {
        let retry = UnsafeMutablePointer<lws_retry_bo_t>.allocate(capacity: 1)
        unsafe retry.initialize(to: lws_retry_bo_t())
        return unsafe retry
    }()

    static func make(loop: OpaquePointer, limits: TransportLimits) -> OpaquePointer? {
        _ = log
        var info = unsafe lws_context_creation_info()
        unsafe info.port = CONTEXT_PORT_NO_LISTEN
        unsafe info.pt_serv_buf_size = serviceBytes
        // Room for headers a bit above the limit, so that those can be answered with 431.
        unsafe info.max_http_header_data = UInt16(min(60_000, limits.httpHeaderBytesMax + 8_192))
        // The sweep keeps the real time; these are for what it does not see.
        unsafe info.timeout_secs = UInt32(limits.httpResponseTimeoutSeconds + 30)
        unsafe info.count_threads = 1
        var foreign: UnsafeMutableRawPointer? = unsafe UnsafeMutableRawPointer(loop)
        return unsafe withUnsafeMutablePointer(to: &foreign) { foreign in
            unsafe info.foreign_loops = foreign
            return unsafe lock.withLock {
                // Every global initialisation moves the index under which libwebsockets finds its connection in an
                // OpenSSL session, and would break the handshakes that other loops have under way.
                unsafe info.options = parley_context_options(!hasInitialisedTLS)
                unsafe hasInitialisedTLS = true
                return unsafe lws_create_context(&info)
            }
        }
    }

    static func destroy(_ context: OpaquePointer) { lock.withLock { unsafe lws_context_destroy(context) } }

    /// A virtual host that does not listen: sockets are handed to it. nil when the certificate or key does not load.
    static func serverHost(
        in context: OpaquePointer, tls: ServerTLS?, idleSeconds: Int
    ) -> OpaquePointer? {
        var info = unsafe hostInfo()
        unsafe info.port = CONTEXT_PORT_NO_LISTEN_SERVER
        unsafe info.options = parley_server_vhost_options(tls != nil)
        unsafe info.keepalive_timeout = Int32(idleSeconds + 5)
        unsafe info.ssl_options_set = parley_tls_options_without_old_versions()
        // Unused by a server; without it libwebsockets would load all authorities of the machine on the loop's thread.
        if tls != nil, let unused = try? ClientTLSContext.shared(for: .insecureNoVerification) {
            unsafe info.provided_client_ssl_ctx = unused.handle
        }
        return unsafe withCStrings([tls?.certificatePath, tls?.keyPath]) { strings in
            unsafe info.ssl_cert_filepath = strings[0]
            unsafe info.ssl_private_key_filepath = strings[1]
            return unsafe lock.withLock { unsafe lws_create_vhost(context, &info) }
        }
    }

    /// A virtual host for outgoing connections; it borrows `tls`.
    static func clientHost(in context: OpaquePointer, tls: ClientTLSContext?) -> OpaquePointer? {
        var info = unsafe hostInfo()
        unsafe info.port = CONTEXT_PORT_NO_LISTEN
        unsafe info.options = parley_client_vhost_options(tls != nil)
        // Given before the host is made, or libwebsockets makes a context of its own and keeps that.
        if let tls { unsafe info.provided_client_ssl_ctx = tls.handle }
        return unsafe lock.withLock { unsafe lws_create_vhost(context, &info) }
    }

    private static func hostInfo() -> lws_context_creation_info {
        var info = unsafe lws_context_creation_info()
        unsafe info.protocols = UnsafePointer(protocols)
        unsafe info.vhost_name = UnsafePointer(hostName)
        unsafe info.alpn = UnsafePointer(alpn)
        unsafe info.retry_and_idle_policy = UnsafePointer(silentRetry)
        return unsafe info
    }
}

/// Lends C strings for the time of `body`; nil stays NULL.
func withCStrings<Result>(_ strings: [String?], _ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
    let copies = unsafe strings.map { unsafe $0.flatMap { unsafe strdup($0) } }
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe body(copies.map { unsafe $0.map { unsafe UnsafePointer($0) } })
}

/// What libwebsockets has to say, at most a few lines a while: much of it is about strangers' malformed requests.
@safe enum LWSLog {
    private static let window = Atomic<Int>(0)
    private static let lines = Atomic<Int>(0)
    private static let linesMax = 10
    private static let windowSeconds = 10

    static func emit(_ line: UnsafePointer<CChar>) {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        let current = now.tv_sec / windowSeconds
        if window.exchange(current, ordering: .relaxed) != current { lines.store(0, ordering: .relaxed) }
        guard lines.add(1, ordering: .relaxed).newValue <= linesMax else { return }
        let text = unsafe String(cString: line)
        Log.warning("libwebsockets", ["text": text.split(separator: "\n").joined(separator: " ")])
    }
}
