internal import CLibWebSockets
import Glibc

/// One libwebsockets connection and what we ask of it. Valid from adoption (or connect) until its destroy callback;
/// used on its loop's thread only.
@safe struct Wire {
    let wsi: OpaquePointer

    /// `framed`: the frame's header and mask are in the bytes already.
    enum Kind { case text, binary, ping, framed, http }

    /// An earlier write is not all out yet: writing now would corrupt the stream.
    var isPartial: Bool { unsafe lws_partial_buffered(wsi) != 0 }
    var isTLS: Bool { unsafe lws_is_ssl(wsi) != 0 }
    var descriptor: Int32 { unsafe lws_get_socket_fd(wsi) }

    /// The one place that writes.
    ///
    /// - Parameter bytes: `count` bytes with `PARLEY_LWS_PRE` writable bytes before them; client frames are masked in
    ///   place.
    /// - Precondition: not ``isPartial``.
    /// - Returns: false when the connection is broken and has to be killed.
    func write(_ bytes: UnsafeMutablePointer<UInt8>, count: Int, as kind: Kind) -> Bool {
        precondition(!isPartial, "write over a partial write of a connection")
        let form =
            switch kind {
            case .text: LWS_WRITE_TEXT
            case .binary: LWS_WRITE_BINARY
            case .ping: LWS_WRITE_PING
            case .framed, .http: LWS_WRITE_HTTP
            }
        return unsafe lws_write(wsi, bytes, count, form) >= 0
    }

    func askWritable() { _ = unsafe lws_callback_on_writable(wsi) }
    func letRead(_ allowed: Bool) { _ = unsafe lws_rx_flow_control(wsi, allowed ? 1 : 0) }
    func disarmTimeout() { unsafe parley_lws_no_timeout(wsi) }

    /// The close frame that goes out when the current callback returns -1.
    func setCloseReason(_ code: UInt16, _ reason: String) {
        var text = Array(reason.utf8.prefix(123))
        while !text.isEmpty, String(validating: text, as: UTF8.self) == nil { text.removeLast() }
        let count = text.count
        unsafe text.withUnsafeMutableBufferPointer { text in
            unsafe lws_close_reason(wsi, lws_close_status(rawValue: UInt32(code)), text.baseAddress, count)
        }
    }

    /// Ends the connection; outside of its own callbacks only. May take a second call to be final.
    func kill() { unsafe parley_lws_kill(wsi) }

    /// Ends both directions at once, at the socket.
    func cut() { parley_socket_cut(descriptor) }

    var peerAddress: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            guard let start = text.baseAddress, unsafe lws_get_peer_simple(wsi, start, 64) != nil else { return "" }
            let name = unsafe String(cString: start)
            return name.hasPrefix("::ffff:") ? String(name.dropFirst(7)) : name
        }
    }

    /// The connection's ``Peer``, as given to ``attach(_:)``.
    func attach(_ peer: Peer?) {
        unsafe lws_set_opaque_user_data(wsi, peer.map { unsafe Unmanaged.passUnretained($0).toOpaque() })
    }
}
