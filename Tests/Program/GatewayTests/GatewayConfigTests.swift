import CallModel
import Foundation
import LiveCalls
import Settings
import Telemetry
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import Gateway

@Suite struct GatewayConfigTests {
    private static let sid = "AC" + String(repeating: "0", count: 32)

    @Test func `without any setting the gateway is local, signed and closed to tokens`() throws {
        let config = try GatewayConfig(environment: ["PATH": "/bin"])

        #expect(config.listen == ListenAddress(host: "127.0.0.1", port: 8_080))
        #expect(config.publicURL == nil && config.tls == nil && config.databaseURL == nil)
        #expect(config.dataDirectory == "./var")
        #expect(config.carrier == nil && config.jwtSecret == nil && config.languageModel == nil)
        #expect(config.agent == .local)
        #expect(config.mediaThreads == ProcessInfo.processInfo.activeProcessorCount)
        #expect(config.callsMax == 1_000 && config.playoutLeadMs == 100 && config.drainSeconds == 30)
        #expect(config.logLevel == .info)
        #expect(!config.acceptUnsignedWebhooks)
    }

    @Test func `what is set is taken`() throws {
        let config = try GatewayConfig(environment: [
            "PARLEY_LISTEN": "[::1]:9000", "PARLEY_PUBLIC_URL": "https://voice.example.com/",
            "PARLEY_DATA_DIR": "/data", "PARLEY_DATABASE_URL": "postgresql://app:word@db/parley",
            "PARLEY_TWILIO_ACCOUNT_SID": Self.sid, "PARLEY_TWILIO_AUTH_TOKEN": "token",
            "PARLEY_LLM_URL": "http://localhost:11434/v1", "PARLEY_LLM_API_KEY": "key",
            "PARLEY_JWT_SECRET": String(repeating: "s", count: 32), "PARLEY_MEDIA_THREADS": "3",
            "PARLEY_CALLS_MAX": "42", "PARLEY_PLAYOUT_LEAD_MS": "60", "PARLEY_DRAIN_SECONDS": "0",
            "PARLEY_LOG": "debug",
        ])

        #expect(config.listen == ListenAddress(host: "::1", port: 9_000))
        #expect(config.publicURL == "https://voice.example.com")
        #expect(config.dataDirectory == "/data")
        #expect(config.databaseURL == "postgresql://app:word@db/parley")
        #expect(config.carrier?.accountSid == Self.sid && config.carrier?.authToken == "token")
        #expect(config.carrier?.apiURL == "https://api.twilio.com")
        #expect(config.languageModel?.model == "gpt-5.4-mini" && config.languageModel?.apiKey == "key")
        #expect(config.jwtSecret?.count == 32)
        #expect(config.mediaThreads == 3 && config.callsMax == 42)
        #expect(config.playoutLeadMs == 60 && config.drainSeconds == 0)
        #expect(config.logLevel == .debug && !config.acceptUnsignedWebhooks)
    }

    @Test func `a key alone means Deepgram, an address alone an agent without a key`() throws {
        let hosted = try GatewayConfig(environment: ["PARLEY_DEEPGRAM_API_KEY": "key"])
        let own = try GatewayConfig(environment: ["PARLEY_AGENT_URL": "ws://agent:1234/"])

        #expect(hosted.agent == .remote(url: "wss://agent.deepgram.com/v1/agent/converse", apiKey: "key"))
        #expect(own.agent == .remote(url: "ws://agent:1234", apiKey: nil))
    }

    @Test func `an empty value is no value`() throws {
        let config = try GatewayConfig(environment: ["PARLEY_DEEPGRAM_API_KEY": "", "PARLEY_CALLS_MAX": ""])

        #expect(config.agent == .local)
        #expect(config.callsMax == 1_000)
    }

    @Test func `all mistakes are in one report, each with its name`() throws {
        let wrong = [
            "PARLEY_LISTEN": "8080", "PARLEY_PUBLIC_URL": "voice.example.com", "PARLEY_TLS_CERT": "/nowhere.pem",
            "PARLEY_DATABASE_URL": "mysql://db", "PARLEY_TWILIO_ACCOUNT_SID": Self.sid,
            "PARLEY_AGENT_URL": "https://agent", "PARLEY_LLM_URL": "llm", "PARLEY_JWT_SECRET": "short",
            "PARLEY_MEDIA_THREADS": "0", "PARLEY_CALLS_MAX": "many", "PARLEY_PLAYOUT_LEAD_MS": "39",
            "PARLEY_DRAIN_SECONDS": "-1", "PARLEY_LOG": "loud", "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS": "yes",
            "PARLEY_METRICS_LISTEN": ":9090", "PARLEY_METRICS_TOKEN": "short",
            "PARLEY_TRUSTED_PROXIES": "127.0.0.1, proxy.example.com",
        ]

        let report = try SettingsFolder.mistakes(wrong)

        for name in wrong.keys { #expect(report.contains("  \(name)"), "\(name)") }
        #expect(report.contains("17 mistakes"))
        #expect(report.contains("from 40 to 1000"))
    }

    @Test(arguments: [
        ("PARLEY_CALL_MAX", "did you mean PARLEY_CALLS_MAX?"), ("PARLEY_LOGS", "did you mean PARLEY_LOG?"),
        ("PARLEY_TWILIO_TOKEN_AUTH", "unknown setting"), ("PARLEY_CALLS_MAX_FILE", "unknown setting"),
    ])
    func `an unknown setting is a mistake, with the one that was meant`(_ name: String, _ says: String) throws {
        let report = try SettingsFolder.mistakes([name: "1"])

        #expect(report.contains(name) && report.contains(says))
    }

    @Test func `a secret may lie in a file`() throws {
        let folder = try SettingsFolder()
        let file = try folder.write("  the token\n", "token")

        let config = try GatewayConfig(environment: [
            "PARLEY_TWILIO_ACCOUNT_SID": Self.sid, "PARLEY_TWILIO_AUTH_TOKEN_FILE": file,
        ])

        #expect(config.carrier?.authToken == "the token")
        let missing = try SettingsFolder.mistakes(["PARLEY_JWT_SECRET_FILE": folder.path + "/none"])
        #expect(missing.contains("PARLEY_JWT_SECRET_FILE: cannot read \(folder.path)/none"))
        let both = try SettingsFolder.mistakes(["PARLEY_LLM_API_KEY": "a", "PARLEY_LLM_API_KEY_FILE": file])
        #expect(both.contains("PARLEY_LLM_API_KEY and PARLEY_LLM_API_KEY_FILE: set one of them"))
    }

    @Test func `the settings file is read by section, and the environment wins over it`() throws {
        let folder = try SettingsFolder()
        let file = try folder.write(
            """
            // how the office runs it
            {
                listen: '127.0.0.2:9090',
                twilio: { account_sid: '\(Self.sid)', auth_token: "from the file", },
                calls_max: 7,
                insecure: { accept: { unsigned_webhooks: true } },
                log: "warning", /* quiet */
            }
            """, "parley.json5")

        let config = try GatewayConfig(environment: ["PARLEY_CONFIG": file, "PARLEY_LOG": "error"])

        #expect(config.listen == ListenAddress(host: "127.0.0.2", port: 9_090))
        #expect(config.carrier?.accountSid == Self.sid && config.carrier?.authToken == "from the file")
        #expect(config.callsMax == 7)
        #expect(config.acceptUnsignedWebhooks)
        #expect(config.logLevel == .error)
    }

    @Test(arguments: [
        ["PARLEY_LISTEN": "0.0.0.0:8080"], ["PARLEY_LISTEN": "[::]:8080"], ["PARLEY_LISTEN": "192.168.1.7:8080"],
        ["PARLEY_LISTEN": "8.8.8.8:8080"], ["PARLEY_LISTEN": "0:8080"], ["PARLEY_LISTEN": "[::ffff:10.0.0.1]:8080"],
        ["PARLEY_LISTEN": "voice.example.com:8080"], ["PARLEY_LISTEN": "localhost.example.com:8080"],
        ["PARLEY_LISTEN": "127.0.0.1.example.com:8080"], ["PARLEY_PUBLIC_URL": "https://voice.example.com"],
        ["PARLEY_PUBLIC_URL": "http://10.0.0.1:8080"], ["PARLEY_PUBLIC_URL": "https://[2001:db8::1]/"],
    ])
    func `what is insecure is refused where others than this machine reach the gateway`(_ way: [String: String]) throws
    {
        let insecure = "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS"

        let report = try SettingsFolder.mistakes(way.merging([insecure: "true"]) { $1 })

        #expect(report.contains("\(insecure): refused where others reach the gateway: \(way.keys.first ?? "")"))
        // Said as "false", or not at all, it is no mistake.
        #expect(throws: Never.self) { try GatewayConfig(environment: way.merging([insecure: "false"]) { $1 }) }
    }

    @Test(arguments: [
        ["PARLEY_LISTEN": "127.0.0.1:8080"], ["PARLEY_LISTEN": "127.3.2.1:0"], ["PARLEY_LISTEN": "[::1]:8080"],
        ["PARLEY_LISTEN": "localhost:8080"], ["PARLEY_LISTEN": "[::ffff:127.0.0.1]:8080"],
        ["PARLEY_PUBLIC_URL": "http://127.0.0.1:8080"], ["PARLEY_PUBLIC_URL": "http://localhost:9/"],
        ["PARLEY_PUBLIC_URL": "http://[::1]:8080"], [:],
    ])
    func `what is insecure is taken where only this machine reaches the gateway`(_ way: [String: String]) throws {
        let config = try GatewayConfig(
            environment: way.merging(["PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS": "true"]) { $1 })

        #expect(config.acceptUnsignedWebhooks)
    }

    @Test func `what is wrong with the settings file is said with its path`() throws {
        let folder = try SettingsFolder()
        let unknown = try folder.write("{ twilio: { auth_tokn: 'x' } }", "a.json5")
        let broken = try folder.write("{ listen: ", "b.json5")
        let large = try folder.write("// " + String(repeating: "x", count: 70_000) + "\n{}", "c.json5")

        #expect(
            try SettingsFolder.mistakes(["PARLEY_CONFIG": unknown]).contains(
                "\(unknown): unknown setting twilio_auth_tokn"))
        #expect(try SettingsFolder.mistakes(["PARLEY_CONFIG": broken]).contains("\(broken): not valid JSON5"))
        #expect(
            try SettingsFolder.mistakes(["PARLEY_CONFIG": large]).contains("\(large): cannot be read, or is larger"))
        #expect(
            try SettingsFolder.mistakes(["PARLEY_CONFIG": "/none"]).contains("PARLEY_CONFIG: there is no file at /none")
        )
    }

    @Test func `no report prints a secret`() throws {
        let folder = try SettingsFolder()
        let broken = try folder.write("{ twilio: { auth_token: 'hunter2' }, jwt_secret: hunter2", "a.json5")
        let listed = try folder.write("{ twilio: { auth_token: ['hunter2'] } }", "b.json5")

        for environment in [
            ["PARLEY_DATABASE_URL": "mysql://app:hunter2@db/x", "PARLEY_DATABASE_OWNER_URL": "hunter2"],
            ["PARLEY_JWT_SECRET": "hunter2", "PARLEY_TWILIO_AUTH_TOKEN": "hunter2"], ["PARLEY_CONFIG": broken],
            ["PARLEY_METRICS_TOKEN": "hunter2"],
            ["PARLEY_CONFIG": listed],
        ] {
            let report = try SettingsFolder.mistakes(environment)
            #expect(!report.contains("hunter2"), "\(report)")
        }
    }

    @Test func `nodes that share the secret of stream tokens take each other's, others do not`() throws {
        func mint(_ secret: String) throws -> StreamTokenMint {
            try GatewayConfig(environment: ["PARLEY_STREAM_SECRET": secret]).calls.tokenMint()
        }
        let sid = try #require(CallSid("CA" + String(repeating: "0", count: 32)))
        let shared = String(repeating: "s", count: 32)
        let token = try mint(shared).mint(for: sid, expiresAt: 60).text

        #expect(throws: Never.self) { try mint(shared).verify(token, for: sid, now: 0) }
        for stranger in [String(repeating: "t", count: 32), ""] {
            #expect(throws: StreamTokenError.forgedOrOtherCall) { try mint(stranger).verify(token, for: sid, now: 0) }
        }
    }

    @Test func `everything that opens a door is marked a secret`() {
        let open = GatewaySettings.all.filter { !$0.isSecret }.map(\.name)

        #expect(open.allSatisfy { !$0.contains("TOKEN") && !$0.contains("API_KEY") && !$0.contains("SECRET") })
        #expect(!open.contains { $0.hasPrefix("PARLEY_DATABASE") })
        #expect(Set(GatewaySettings.all.map(\.name)).count == GatewaySettings.all.count)
    }
}
