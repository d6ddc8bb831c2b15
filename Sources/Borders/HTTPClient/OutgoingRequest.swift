/// One request to somebody else's server.
package struct OutgoingRequest: Sendable {
    package var method: String
    /// Absolute, http or https.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?

    package init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What the server said, whatever its status; the body is at most as long as the client allows.
package struct RemoteAnswer: Sendable {
    package var status: Int
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]

    package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The header's value, or nil; `name` in any case.
    package func header(_ name: String) -> String? { headers[name.lowercased()] }
}
