import Foundation
import Settings
import TestSupport
import Testing

@testable import Gateway

@Suite struct GatewaySettingsTests {
    /// What is right and what is wrong for each setting there is; nothing is wrong for those that take any text.
    private static let texts: [String: (right: [String], wrong: [String])] = [
        "PARLEY_LISTEN": (["0.0.0.0:0", "[::1]:65535", "localhost:80"], ["8080", "::1:80", "a:65536", ":80", "a:-1"]),
        "PARLEY_PUBLIC_URL": (["http://a", "https://a.example:8443/b/"], ["a.example", "ftp://a", "https://a/#b"]),
        "PARLEY_TLS_CERT": (["/dev/null"], ["/none.pem"]), "PARLEY_TLS_KEY": (["/dev/null"], ["/none.pem"]),
        "PARLEY_TLS_CA": (["/dev/null"], ["/none.pem"]),
        "PARLEY_TRUSTED_PROXIES": (["10.0.0.5", "10.0.0.5, ::1"], ["proxy", "10.0.0.5, ", "10.0.0.0/8"]),
        "PARLEY_MEDIA_THREADS": (["1", "256"], ["0", "257", "-1", "two", "1.0", "0x1"]),
        "PARLEY_DATA_DIR": (["/data", "."], []),
        "PARLEY_DRAIN_SECONDS": (["0", "3600"], ["-1", "3601", "30s"]),
        "PARLEY_DATABASE_URL": (
            ["postgres://a", "postgresql://a:b@c:1/d?e=f"], ["mysql://a", "hunter2", "postgres://a#b"]
        ),
        "PARLEY_DATABASE_OWNER_URL": (["postgres://a", "postgresql://a@b/c"], ["mysql://a", "host=a"]),
        "PARLEY_TWILIO_ACCOUNT_SID": (
            ["AC" + String(repeating: "0", count: 32)], ["AC", "SK" + String(repeating: "0", count: 32)]
        ),
        "PARLEY_TWILIO_AUTH_TOKEN": (["token"], []),
        "PARLEY_TWILIO_SHARED_KEYS": (["a=0123456789abcdef, b=HMAC_SHA1:0123456789abcdef"], ["a", "a=short", "=b"]),
        "PARLEY_TWILIO_ASYNC_AMD": (["true", "false"], ["enable", "1"]),
        "PARLEY_TWILIO_API_URL": (["https://api.twilio.com", "http://127.0.0.1:1"], ["api.twilio.com", "ws://a"]),
        "PARLEY_AGENT_URL": (["ws://a:1", "wss://a/b"], ["https://a", "a"]), "PARLEY_DEEPGRAM_API_KEY": (["key"], []),
        "PARLEY_LLM_URL": (["http://localhost:11434/v1"], ["localhost", "ws://a"]), "PARLEY_LLM_API_KEY": (["key"], []),
        "PARLEY_LLM_MODEL": (["qwen3"], []), "PARLEY_SPECIALISTS_DIR": (["/specialists"], []),
        "PARLEY_CALLS_MAX": (["1", "100000"], ["0", "100001", "many", " 5"]),
        "PARLEY_PLAYOUT_LEAD_MS": (["40", "1000"], ["39", "1001", "100ms"]),
        "PARLEY_COALESCE_AUDIO": (["auto", "off"], ["on", "Auto", "true"]),
        "PARLEY_STREAM_SECRET": ([String(repeating: "s", count: 32)], [String(repeating: "s", count: 31)]),
        "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS": (["true", "false"], ["yes", "1", "TRUE"]),
        "PARLEY_INBOUND_CALLS_PERCENT": (["0", "100"], ["-1", "101", "half"]),
        "PARLEY_CAMPAIGN_CALLS_MAX": (["1", "10000"], ["0", "10001", "all"]),
        "PARLEY_JWT_SECRET": ([String(repeating: "s", count: 32)], [String(repeating: "s", count: 31)]),
        "PARLEY_METRICS_LISTEN": (["10.0.0.5:9090", "[::]:0"], ["9090", ":9090"]),
        "PARLEY_INSECURE_WEBHOOKS_TO_PRIVATE_ADDRESSES": (["true", "false"], ["yes", "1", "TRUE"]),
        "PARLEY_SMTP_URL": (
            ["smtp://mail.example.com:587", "smtps://a", "smtp://[::1]:25"],
            ["mail.example.com", "https://a", "smtp://", "smtp://a:b@c", "smtp://a/b"]
        ),
        "PARLEY_MAIL_FROM": (
            ["parley@example.com", "Parley <parley@example.com>", "<a@b>"],
            ["parley", "a@b@c", "Parley parley@example.com", "a@b\r\nBcc: c@d", "Parley <a@b", "@b", "a@"]
        ),
        "PARLEY_SMTP_USER": (["parley"], []), "PARLEY_SMTP_PASSWORD": (["secret"], []),
        "PARLEY_INSECURE_SMTP_WITHOUT_TLS": (["true", "false"], ["yes", "1", "TRUE"]),
        "PARLEY_METRICS_TOKEN": (["0123456789abcdef"], ["0123456789abcde", "0123456789 abcdef"]),
        "PARLEY_JWKS_URL": (["https://a/jwks.json", "http://localhost:1/k"], ["http://a.example/k", "https://", "a"]),
        "PARLEY_JWT_ISSUER": (["https://a/"], []), "PARLEY_JWT_AUDIENCE": (["authenticated"], []),
        "PARLEY_LOG": (["debug", "info", "warning", "error"], ["Info", "loud", "warn"]),
        "PARLEY_CONFIG": (["./parley.json5"], []),
    ]
    /// Each of them is nothing without the other.
    private static let pairs = [
        "PARLEY_TLS_CERT": "PARLEY_TLS_KEY", "PARLEY_TLS_KEY": "PARLEY_TLS_CERT",
        "PARLEY_TWILIO_ACCOUNT_SID": "PARLEY_TWILIO_AUTH_TOKEN",
        "PARLEY_TWILIO_AUTH_TOKEN": "PARLEY_TWILIO_ACCOUNT_SID",
        "PARLEY_TWILIO_SHARED_KEYS": "PARLEY_TWILIO_ACCOUNT_SID",
        "PARLEY_JWKS_URL": "PARLEY_JWT_ISSUER", "PARLEY_JWT_ISSUER": "PARLEY_JWT_AUDIENCE",
        "PARLEY_JWT_AUDIENCE": "PARLEY_JWKS_URL",
        "PARLEY_SMTP_URL": "PARLEY_MAIL_FROM", "PARLEY_MAIL_FROM": "PARLEY_SMTP_URL",
        "PARLEY_SMTP_USER": "PARLEY_SMTP_PASSWORD", "PARLEY_SMTP_PASSWORD": "PARLEY_SMTP_USER",
    ]

    @Test func `every setting is tried, and its default is right`() {
        #expect(Set(Self.texts.keys) == Set(GatewaySettings.all.map(\.name)))
        for setting in GatewaySettings.all {
            #expect(setting.fallback.map(setting.mistakes) ?? [] == [], "\(setting.name)")
            #expect(!setting.help.isEmpty && !setting.help.contains("|"), "\(setting.name)")
        }
    }

    @Test(arguments: GatewaySettings.all.map(\.name))
    func `a setting takes what is right and refuses what is wrong, by itself and in the gateway`(_ name: String) throws
    {
        let setting = try #require(GatewaySettings.all.first { $0.name == name })
        let texts = try #require(Self.texts[name])
        let others = Self.others(name)

        for text in texts.right {
            #expect(setting.mistakes(in: text) == [], "\(text)")
            let environment = others.merging([name: text]) { $1 }
            if name != "PARLEY_CONFIG" {
                #expect(throws: Never.self, "\(text)") { try GatewayConfig(environment: environment) }
            }
        }
        for text in texts.wrong {
            let lines = setting.mistakes(in: text)
            #expect(!lines.isEmpty, "\(text)")
            #expect(lines.allSatisfy { $0.hasPrefix("\(name): ") && !(setting.isSecret && $0.contains(text)) })
            let report = try SettingsFolder.mistakes(others.merging([name: text]) { $1 })
            #expect(lines.allSatisfy(report.contains), "\(report)")
        }
    }

    /// Settings without which `name` would be a mistake by itself.
    private static func others(_ name: String) -> [String: String] {
        var found: [String: String] = [:]
        var next = pairs[name]
        while let other = next, other != name, found[other] == nil {
            found[other] = texts[other]?.right.first
            next = pairs[other]
        }
        return found
    }

    @Test func `a setting that is declared is in the list, and no text names one that is not`() throws {
        let known = Set(GatewaySettings.all.map(\.name))
        let code = try Checkout.texts(under: "Sources", ending: ".swift")
        let pages = try Checkout.texts(under: "docs", ending: ".md") + [Checkout.text("README.md")]

        let declared = code.flatMap { $0.matches(of: #/\bSetting\(\s*"(PARLEY_\w+)"/#).map { String($0.1) } }
        let named = (code + pages).flatMap { $0.matches(of: #/\bPARLEY_[A-Z0-9_]*[A-Z0-9]\b/#).map { String($0.0) } }

        #expect(declared.count == known.count && Set(declared) == known)
        // The other names are the C shim's.
        let strange = Set(named).subtracting(known).filter {
            !$0.hasPrefix("PARLEY_EV_") && $0 != "PARLEY_CLOEXEC_NONBLOCK"
        }
        #expect(strange == [])
    }
}
