internal import CLibWebSockets

extension WebSocket {
    /// Client: hands over to `connector` until the socket is open.
    func connect(_ connector: Connector) {
        self.connector = connector
        connector.start()
    }

    /// Client: the upgrade was answered with something else than 101.
    var hasServerAnswered: Bool { closing.httpStatus != nil }

    /// Client: this attempt failed.
    func connectFailed(_ wsi: OpaquePointer, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
        if connector?.hasTimedOut == true { return 0 }
        let status = unsafe Int(lws_http_client_http_response(wsi))
        if status > 0, status != 101 { closing.httpStatus = status }
        if let bytes = unsafe bytes, count > 0 {
            let text = unsafe UnsafeRawBufferPointer(start: bytes, count: min(count, 256))
            closing.error = unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        } else if closing.error == nil {
            closing.error = "connect failed"
        }
        return 0
    }

    /// Client: adds the request's headers at `*bytes`, which has room for `count` bytes.
    func appendHeaders(_ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
        guard let request = connector?.request, let bytes = unsafe bytes else { return 0 }
        let cursor = unsafe bytes.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>.self)
        let text = request.headers.reduce(into: "") { $0 += "\($1.0): \($1.1)\r\n" }
        guard text.utf8.count < count else {
            note("request headers above \(count) bytes")
            return -1
        }
        for byte in text.utf8 {
            unsafe cursor.pointee.pointee = byte
            unsafe cursor.pointee += 1
        }
        return 0
    }
}
