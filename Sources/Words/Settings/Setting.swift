import Specialists

/// One setting: its contract name, default and meaning. The README's table and `parley doctor` are made from these.
package struct Setting: Sendable {
    package let name: String
    package let fallback: String?
    package let help: String
    package let isSecret: Bool

    private init(_ name: String, _ fallback: String?, _ help: String, secret: Bool = false) {
        self.name = name
        self.fallback = fallback
        self.help = help
        self.isSecret = secret
    }

    package static let all: [Setting] = [
        Setting("PARLEY_LISTEN", "127.0.0.1:8080", "address and port of the one HTTP and WebSocket server"),
        Setting(
            "PARLEY_PUBLIC_URL", nil,
            "how the carrier reaches it, e.g. https://voice.example.com; default: the listener"),
        Setting("PARLEY_TLS_CERT", nil, "PEM certificate chain; TLS on the listener when this and the key are set"),
        Setting("PARLEY_TLS_KEY", nil, "PEM private key"),
        Setting(
            "PARLEY_TLS_CA", nil, "PEM authorities to check the speech agent's certificate with; default: the machine's"
        ),
        Setting(
            "PARLEY_TRUSTED_PROXIES", nil,
            "numeric addresses of proxies in front, a comma between them: their connections are many people's, and have no share"
        ),
        Setting("PARLEY_DATA_DIR", "./var", "journals and the private database"),
        Setting(
            "PARLEY_DATABASE_URL", nil, "libpq URI of the application role; absent: a private PostgreSQL", secret: true),
        Setting(
            "PARLEY_DATABASE_OWNER_URL", nil, "libpq URI of the schema's owner, for parley migrate only", secret: true),
        Setting(
            "PARLEY_TWILIO_ACCOUNT_SID", nil,
            "the carrier account (AC…); absent on loopback: one for parley call alone, made in the data directory"),
        Setting("PARLEY_TWILIO_AUTH_TOKEN", nil, "its auth token; checks webhook signatures", secret: true),
        Setting(
            "PARLEY_TWILIO_SHARED_KEYS", nil,
            "webhook shared keys that sign instead of the token where the account uses them: id=secret, id=secret",
            secret: true),
        Setting("PARLEY_TWILIO_API_URL", "https://api.twilio.com", "base of the carrier's REST API"),
        Setting(
            "PARLEY_AGENT_URL", nil,
            "speech agent WebSocket; default Deepgram's when its key is set, else the local agent"),
        Setting("PARLEY_DEEPGRAM_API_KEY", nil, "Deepgram API key", secret: true),
        Setting("PARLEY_LLM_URL", nil, "OpenAI-compatible base URL for extraction; absent: the embedded rules"),
        Setting("PARLEY_LLM_API_KEY", nil, "its key", secret: true),
        Setting("PARLEY_LLM_MODEL", "gpt-5.4-mini", "its model"),
        Setting(
            "PARLEY_SPECIALISTS_DIR", SpecialistsSource.directoryDefault,
            "the specialists' files; with no folder there, those built in"),
        Setting(
            "PARLEY_JWT_SECRET", nil,
            "HS256 secret for API tokens, 32 bytes or more; absent: the API is closed, but on loopback without an account",
            secret: true),
        Setting(
            "PARLEY_METRICS_LISTEN", nil,
            "address and port of their own for the metrics, e.g. 10.0.0.5:9090; absent: `/metrics` of the one listener"),
        Setting(
            "PARLEY_METRICS_TOKEN", nil,
            "bearer token for `/metrics`, 16 bytes or more; absent: only from this machine, or a super_admin's API token",
            secret: true),
        Setting("PARLEY_MEDIA_THREADS", nil, "event-loop threads of the media plane; default: the number of cores"),
        Setting("PARLEY_CALLS_MAX", "1000", "calls at once; past it new calls get the fallback"),
        Setting("PARLEY_PLAYOUT_LEAD_MS", "100", "how far agent audio runs ahead of the caller's ear, 40 to 1000"),
        Setting(
            "PARLEY_COALESCE_AUDIO", "auto",
            "auto: audio in messages of 20 to 60 ms, larger under load; off: always 20 ms"),
        Setting("PARLEY_DRAIN_SECONDS", "30", "how long a stopping gateway waits for calls under way"),
        Setting("PARLEY_LOG", "info", "debug, info, warning or error"),
        Setting("PARLEY_CONFIG", "./parley.json5", "settings file; the environment wins over it"),
        Setting(
            "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS", "false",
            "true lets anybody who reaches the listener place calls; never on a public address"),
    ]
}
