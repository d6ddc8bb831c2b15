import CTransport
import Glibc

/// One TCP connection, plain or TLS: the only owner of its descriptor and of its TLS state. Used on one loop at a time, the
/// one it is attached to.
@safe final class Wire {
    enum Reading: Equatable {
        /// So many bytes, at least one.
        case bytes(Int)
        /// Nothing at the moment.
        case nothing
        /// The other side has closed.
        case end
        case broken
    }

    enum Step { case done, pending, failed }

    let descriptor: Int32
    private let tls: OpaquePointer?
    /// Kept for as long as its connection: OpenSSL calls it back.
    private let context: AnyObject?
    /// One for reading, one for writing.
    private let watchers: UnsafeMutablePointer<ev_io>
    private var events: OpaquePointer?
    private var peer: Unmanaged<Peer>?
    private var watchesWriting = false
    /// TLS waits to write before it can read on.
    private var readingWantsWrite = false
    private var isClosed = false
    private var isEstablished: Bool

    var isTLS: Bool { unsafe tls != nil }

    /// Takes over `descriptor`, a non-blocking socket.
    private init(descriptor: Int32, tls: OpaquePointer?, context: AnyObject?) {
        self.descriptor = descriptor
        self.context = context
        unsafe self.tls = tls
        unsafe isEstablished = tls == nil
        unsafe watchers = .allocate(capacity: 2)
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe parley_ev_io_init(
            watchers, { _, watcher, _ in unsafe Wire.ready(watcher, reading: true) }, descriptor,
            Int32(PARLEY_EV_READ), me)
        unsafe parley_ev_io_init(
            watchers + 1, { _, watcher, _ in unsafe Wire.ready(watcher, reading: false) }, descriptor,
            Int32(PARLEY_EV_WRITE), me)
    }

    static func plain(_ descriptor: Int32) -> Wire { unsafe Wire(descriptor: descriptor, tls: nil, context: nil) }

    /// nil when OpenSSL has no memory; `descriptor` is closed then.
    static func server(_ descriptor: Int32, _ context: ServerTLSContext) -> Wire? {
        guard let tls = unsafe parley_tls_new(context.handle, descriptor, nil, false) else {
            Glibc.close(descriptor)
            return nil
        }
        return unsafe Wire(descriptor: descriptor, tls: tls, context: context)
    }

    /// - Parameter host: the name or numeric address that the certificate must be for.
    static func client(_ descriptor: Int32, _ context: ClientTLSContext, host: String, isNumeric: Bool) -> Wire? {
        guard let tls = unsafe parley_tls_new(context.handle, descriptor, host, isNumeric) else {
            Glibc.close(descriptor)
            return nil
        }
        return unsafe Wire(descriptor: descriptor, tls: tls, context: context)
    }

    deinit {
        close()
        unsafe watchers.deallocate()
    }

    // MARK: Events

    /// Wakes `peer` from here on when there is something to read. The peer owns this wire.
    func attach(to peer: Peer) {
        unsafe self.peer = .passUnretained(peer)
        unsafe events = peer.loop.events
        unsafe ev_io_start(peer.loop.events, watchers)
    }

    /// Wakes nobody until it is attached again; then another loop may have it.
    func detach() {
        guard let events = unsafe events else { return }
        unsafe ev_io_stop(events, watchers)
        unsafe ev_io_stop(events, watchers + 1)
        unsafe self.events = nil
        unsafe peer = nil
        watchesWriting = false
    }

    /// Whether the peer is woken when bytes can be written.
    func watchWriting(_ wanted: Bool) {
        guard wanted != watchesWriting, let events = unsafe events else { return }
        watchesWriting = wanted
        if wanted { unsafe ev_io_start(events, watchers + 1) } else { unsafe ev_io_stop(events, watchers + 1) }
    }

    /// What has arrived stays in the kernel while reading is not wanted.
    func watchReading(_ wanted: Bool) {
        guard let events = unsafe events else { return }
        if wanted { unsafe ev_io_start(events, watchers) } else { unsafe ev_io_stop(events, watchers) }
    }

    /// Wakes the peer for reading once more, in the loop's next turn.
    func readAgain() {
        // An event fed to libev would come in this turn still, before anybody else's.
        unsafe peer?._withUnsafeGuaranteedRef { $0.loop.wakeAgain($0) }
    }

    private static func ready(_ watcher: UnsafeMutablePointer<ev_io>?, reading: Bool) {
        guard let data = unsafe watcher?.pointee.data else { return }
        // Borrowed without counting: peers, and with them their wires, go outside of callbacks only.
        unsafe Unmanaged<Wire>.fromOpaque(data)._withUnsafeGuaranteedRef { $0.ready(reading: reading) }
    }

    private func ready(reading: Bool) {
        guard let peer = unsafe peer else { return }
        var reads = reading
        if !reading {
            reads = readingWantsWrite
            readingWantsWrite = false
            watchWriting(false)
        }
        unsafe peer._withUnsafeGuaranteedRef { peer in
            if !peer.isDoomed { peer.wireIsReady(reading: reads, writing: !reading) }
        }
    }

    // MARK: Bytes

    /// One step of the TLS handshake; `done` at once on a plain wire.
    func handshake() -> Step {
        guard let tls = unsafe tls, !isEstablished else { return .done }
        ERR_clear_error()
        let status = unsafe SSL_do_handshake(tls)
        if status == 1 {
            isEstablished = true
            return .done
        }
        switch unsafe SSL_get_error(tls, status) {
        case SSL_ERROR_WANT_READ: return .pending
        case SSL_ERROR_WANT_WRITE:
            watchWriting(true)
            return .pending
        default: return .failed
        }
    }

    /// Why the certificate of the other side was not taken; nil when it was, or none was checked.
    var certificateProblem: String? {
        guard let tls = unsafe tls else { return nil }
        let verdict = unsafe SSL_get_verify_result(tls)
        guard verdict != X509_V_OK, unsafe SSL_get_verify_mode(tls) != SSL_VERIFY_NONE else { return nil }
        return unsafe String(cString: X509_verify_cert_error_string(verdict))
    }

    func read(into bytes: UnsafeMutablePointer<UInt8>, capacity: Int) -> Reading {
        guard !isClosed else { return .broken }
        guard let tls = unsafe tls else {
            let count = unsafe parley_socket_receive(descriptor, bytes, capacity)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            return errno == EAGAIN || errno == EINTR ? .nothing : .broken
        }
        ERR_clear_error()
        let count = unsafe SSL_read(tls, bytes, Int32(clamping: capacity))
        if count > 0 { return .bytes(Int(clamping: count)) }
        switch unsafe SSL_get_error(tls, count) {
        case SSL_ERROR_WANT_READ: return .nothing
        case SSL_ERROR_WANT_WRITE:
            readingWantsWrite = true
            watchWriting(true)
            return .nothing
        case SSL_ERROR_ZERO_RETURN: return .end
        default: return .broken
        }
    }

    /// Writes what the kernel takes now. Over TLS, what is not taken must be offered again from the same place.
    /// - Returns: how many of the `count` bytes that were; nil when the connection is broken.
    func write(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int? {
        guard !isClosed else { return nil }
        var done = 0
        while done < count {
            if let tls = unsafe tls {
                ERR_clear_error()
                let written = unsafe SSL_write(tls, bytes + done, Int32(clamping: count - done))
                guard written > 0 else {
                    let error = unsafe SSL_get_error(tls, written)
                    return error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ ? done : nil
                }
                done += Int(clamping: written)
            } else {
                let written = unsafe parley_socket_send(descriptor, bytes + done, count - done)
                guard written >= 0 else {
                    if errno == EINTR { continue }
                    return errno == EAGAIN ? done : nil
                }
                done += written
            }
        }
        return done
    }

    /// Takes and forgets what has arrived, as it came over the network.
    func discard() -> Reading {
        var budget = 16
        while budget > 0 {
            let count = parley_socket_discard(descriptor, 64 << 10)
            if count == 0 { return .end }
            if count < 0 { return errno == EAGAIN || errno == EINTR ? .nothing : .broken }
            budget -= 1
        }
        return .bytes(1)
    }

    // MARK: End

    /// Nothing more will be written; the other side can still be heard.
    func finishWriting() {
        if let tls = unsafe tls, isEstablished {
            ERR_clear_error()
            _ = unsafe SSL_shutdown(tls)
        }
        Glibc.shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Resets the connection when it is closed, and ends both directions at once.
    func cut() { parley_socket_cut(descriptor) }

    /// Closes the connection. What it owns is gone after this.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        detach()
        if let tls = unsafe tls { unsafe SSL_free(tls) }
        Glibc.close(descriptor)
    }
}
