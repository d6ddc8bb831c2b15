package import Settings
package import WebSocketTransport

/// Who is let in at the API, and at the metrics.
package enum APISettings {
    package static let jwtSecret = Setting(
        "PARLEY_JWT_SECRET", .bytes(32, example: "openssl rand -hex 32"),
        "HS256 secret for API tokens, 32 bytes or more; without it and PARLEY_JWKS_URL the API is closed, but on loopback without "
            + "an account",
        secret: true)
    package static let metricsListen = Setting(
        "PARLEY_METRICS_LISTEN", .address(like: "127.0.0.1:9090"),
        "address and port of their own for the metrics, e.g. 10.0.0.5:9090; absent: `/metrics` of the one listener")
    package static let metricsToken = Setting(
        "PARLEY_METRICS_TOKEN", .bearer,
        "bearer token for `/metrics`, 16 bytes or more; absent: only from this machine, or a super_admin's API token",
        secret: true)

    package static let all: [any AnySetting] = [jwtSecret, metricsListen, metricsToken]
}

extension SettingKind where Value == String {
    /// What can stand in an `Authorization` header and cannot be guessed.
    static var bearer: SettingKind {
        SettingKind { text throws(SettingMistake) in
            guard text.utf8.count >= 16, !text.contains(where: \.isWhitespace) else {
                throw .because(["use 16 bytes or more and no spaces, e.g. openssl rand -hex 16"])
            }
            return text
        }
    }
}
