package import Settings

/// The listener, how it is reached, and its loops.
package enum TransportSettings {
    package static let listen = Setting(
        "PARLEY_LISTEN", .address(like: "127.0.0.1:8080"), default: ListenAddress(host: "127.0.0.1", port: 8_080),
        "address and port of the one HTTP and WebSocket server")
    package static let publicURL = Setting(
        "PARLEY_PUBLIC_URL", .baseURL("http", "https"),
        "how the carrier reaches it, e.g. https://voice.example.com; default: the listener")
    package static let certificate = Setting(
        "PARLEY_TLS_CERT", .readableFile,
        "PEM certificate chain; TLS on the listener when this and the key are set")
    package static let key = Setting("PARLEY_TLS_KEY", .readableFile, "PEM private key")
    package static let trustedProxies = Setting(
        "PARLEY_TRUSTED_PROXIES", .list(of: "a numeric address such as 10.0.0.5", TransportLimits.peerName),
        "numeric addresses of proxies in front, a comma between them: their connections are many people's, and have no share"
    )
    package static let mediaThreads = Setting(
        "PARLEY_MEDIA_THREADS", .whole(1...256), "event-loop threads of the media plane; default: the number of cores")

    package static let all: [any AnySetting] = [listen, publicURL, certificate, key, trustedProxies, mediaThreads]
}

extension SettingKind where Value == ListenAddress {
    /// - Parameter example: what is said to be right.
    package static func address(like example: String) -> SettingKind {
        SettingKind { text throws(SettingMistake) in
            guard let address = ListenAddress(parsing: text) else {
                throw .isNot("an address and port such as \(example)")
            }
            return address
        }
    }
}
