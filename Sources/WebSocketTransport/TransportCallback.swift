internal import CLibWebSockets

/// Everything libwebsockets calls, for all protocols of all virtual hosts. It runs on the connection's loop thread,
/// lends `bytes` for the call, and ends the connection when -1 is returned.
///
/// WebSockets are borrowed from the loop's list without reference counting: a frame costs no retain of its own. That is
/// sound because a socket leaves the list only in its destroy callback or outside of all callbacks.
let transportCallback:
    @convention(c) (
        OpaquePointer?, lws_callback_reasons, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, Int
    ) -> Int32 = { wsi, reason, _, bytes, count in
        guard let wsi = unsafe wsi else { return 0 }
        switch reason {
        case LWS_CALLBACK_RECEIVE, LWS_CALLBACK_CLIENT_RECEIVE:
            return unsafe withSocket(wsi) { unsafe $0.receive(wsi, bytes, count) }
        case LWS_CALLBACK_SERVER_WRITEABLE, LWS_CALLBACK_CLIENT_WRITEABLE:
            return unsafe withSocket(wsi) { $0.becameWritable() }
        case LWS_CALLBACK_RECEIVE_PONG, LWS_CALLBACK_CLIENT_RECEIVE_PONG:
            return unsafe withSocket(wsi) { $0.heardPong() }
        case LWS_CALLBACK_ESTABLISHED, LWS_CALLBACK_CLIENT_ESTABLISHED:
            return unsafe withSocket(wsi) { $0.established() }
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
            return unsafe withSocket(wsi) { unsafe $0.peerCloses(bytes, count) }
        case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
            return unsafe withSocket(wsi) { unsafe $0.connectFailed(wsi, bytes, count) }
        case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
            return unsafe withSocket(wsi) { unsafe $0.appendHeaders(bytes, count) }
        case LWS_CALLBACK_HTTP:
            return unsafe withHTTP(wsi) { $0.headersComplete() }
        case LWS_CALLBACK_HTTP_BODY:
            return unsafe withHTTP(wsi) { unsafe $0.bodyPiece(bytes, count) }
        case LWS_CALLBACK_HTTP_BODY_COMPLETION:
            return unsafe withHTTP(wsi) { $0.bodyComplete() }
        case LWS_CALLBACK_HTTP_WRITEABLE:
            return unsafe withHTTP(wsi) { $0.becameWritable() }
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
            return unsafe withHTTP(wsi) { $0.confirmUpgrade() }
        case LWS_CALLBACK_WSI_DESTROY:
            guard let peer = unsafe lws_get_opaque_user_data(wsi) else { return 0 }
            unsafe lws_set_opaque_user_data(wsi, nil)
            let gone = unsafe Unmanaged<Peer>.fromOpaque(peer).takeUnretainedValue()
            gone.wire = nil
            gone.wireGone()
            gone.loop.noteDeparture()
            return 0
        default:
            return 0
        }
    }

private func withSocket(_ wsi: OpaquePointer, _ body: (WebSocket) -> Int32) -> Int32 {
    guard let peer = unsafe lws_get_opaque_user_data(wsi) else { return -1 }
    return unsafe Unmanaged<WebSocket>.fromOpaque(peer)._withUnsafeGuaranteedRef(body)
}

private func withHTTP(_ wsi: OpaquePointer, _ body: (HTTPConnection) -> Int32) -> Int32 {
    guard let peer = unsafe lws_get_opaque_user_data(wsi) else { return -1 }
    // An upgrade takes the connection off the loop's list in the middle of this: hold it.
    return body(unsafe Unmanaged<HTTPConnection>.fromOpaque(peer).takeUnretainedValue())
}
