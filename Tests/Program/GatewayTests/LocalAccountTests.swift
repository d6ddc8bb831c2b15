import Foundation
import Testing
import TwilioProtocol

@testable import Gateway

/// A gateway that nobody but this machine reaches makes a carrier account of its own; no other does.
@Suite struct LocalAccountTests {
    private func config(_ settings: [String: String] = [:], in folder: SettingsFolder) throws -> GatewayConfig {
        try GatewayConfig(environment: ["PARLEY_DATA_DIR": folder.path].merging(settings) { $1 })
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func `with nothing set the account is made once, for its user alone, and found again`() throws {
        let folder = try SettingsFolder()
        var serve = try config(in: folder)
        var call = try config(in: folder)
        #expect(try !call.takeLocalAccount(isMade: false))

        #expect(try serve.takeLocalAccount(isMade: true))
        #expect(try call.takeLocalAccount(isMade: false))

        #expect(serve.carrier?.accountSid == call.carrier?.accountSid)
        #expect(serve.carrier?.authToken == call.carrier?.authToken)
        #expect(serve.carrier?.apiURL == LocalAccount.carrierURL)
        #expect(serve.jwtSecret == call.jwtSecret && serve.jwtSecret?.count == 64)
        #expect(serve.carrier?.authToken.utf8.count == 64)
        let path = LocalAccount.path(in: folder.path)
        #expect(try mode(path) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["local-account.json"])
        var again = try config(in: folder)
        #expect(try again.takeLocalAccount(isMade: true))
        #expect(again.carrier?.authToken == serve.carrier?.authToken)
    }

    @Test func `no two data directories share an account`() throws {
        let one = try LocalAccount.obtain(in: try SettingsFolder().path + "/a")
        let two = try LocalAccount.obtain(in: try SettingsFolder().path + "/b")

        #expect(one.authToken != two.authToken && one.apiSecret != two.apiSecret && one.accountSid != two.accountSid)
    }

    @Test(arguments: [
        ["PARLEY_LISTEN": "0.0.0.0:8080"], ["PARLEY_LISTEN": "[::]:8080"], ["PARLEY_LISTEN": "192.0.2.1:8080"],
        ["PARLEY_PUBLIC_URL": "https://voice.example.com"], ["PARLEY_PUBLIC_URL": "https://localhost.example.com"],
        ["PARLEY_PUBLIC_URL": "https://127.0.0.1.example.com"],
        ["PARLEY_TWILIO_API_URL": "https://carrier.example.com"],
        ["PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS": "true"],
        ["PARLEY_TWILIO_ACCOUNT_SID": "AC" + String(repeating: "0", count: 32), "PARLEY_TWILIO_AUTH_TOKEN": "token"],
    ])
    func `a gateway that others reach, or that has an account, makes none`(_ settings: [String: String]) throws {
        let folder = try SettingsFolder()
        var config = try config(settings, in: folder)
        let before = config.carrier?.authToken

        #expect(try !config.takeLocalAccount(isMade: true))

        #expect(config.carrier?.authToken == before && config.jwtSecret == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(arguments: [
        ["PARLEY_LISTEN": "[::1]:0"], ["PARLEY_LISTEN": "127.8.8.8:1"], ["PARLEY_LISTEN": "localhost:80"],
        ["PARLEY_PUBLIC_URL": "http://localhost:8080"], ["PARLEY_TWILIO_API_URL": "http://127.0.0.1:9000"],
    ])
    func `every loopback address is this machine`(_ settings: [String: String]) throws {
        let folder = try SettingsFolder()
        var config = try config(settings, in: folder)

        #expect(try config.takeLocalAccount(isMade: true))

        #expect(config.carrier?.apiURL == settings["PARLEY_TWILIO_API_URL"] ?? LocalAccount.carrierURL)
    }

    @Test func `a secret for tokens that is set stays`() throws {
        let folder = try SettingsFolder()
        let secret = String(repeating: "s", count: 32)
        var config = try config(["PARLEY_JWT_SECRET": secret], in: folder)

        #expect(try config.takeLocalAccount(isMade: true))

        #expect(config.jwtSecret == Array(secret.utf8))
    }

    @Test func `a file that others could read or write is not used`() throws {
        let folder = try SettingsFolder()
        _ = try LocalAccount.obtain(in: folder.path)
        let path = LocalAccount.path(in: folder.path)
        for open in [0o640, 0o604, 0o622] {
            try FileManager.default.setAttributes([.posixPermissions: open], ofItemAtPath: path)
            #expect(throws: LocalAccount.Failure.unsafe(path: path, why: "others may read it (chmod 600)")) {
                try LocalAccount.obtain(in: folder.path)
            }
        }
        try FileManager.default.removeItem(atPath: path)
        let elsewhere = try folder.write("{}", "elsewhere")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: elsewhere)
        #expect(throws: LocalAccount.Failure.unsafe(path: path, why: "it is a symbolic link")) {
            try LocalAccount.read(in: folder.path)
        }
    }

    @Test(arguments: [
        "", "{", "{}", #"{"account_sid":"AC0","auth_token":"1","api_secret":"2"}"#,
        #"{"account_sid":"\#("AC" + String(repeating: "0", count: 32))","auth_token":"","api_secret":""}"#,
        String(repeating: "x", count: 5_000),
    ])
    func `a damaged file opens nothing`(_ text: String) throws {
        let folder = try SettingsFolder()
        let path = try folder.write(text, "local-account.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)

        #expect(throws: LocalAccount.Failure.unreadable(path: path)) { try LocalAccount.obtain(in: folder.path) }
    }
}

@Suite struct SharedKeySettingTests {
    private static let account = [
        "PARLEY_TWILIO_ACCOUNT_SID": "AC" + String(repeating: "0", count: 32), "PARLEY_TWILIO_AUTH_TOKEN": "token",
    ]

    @Test func `keys are read with their ids, and with the algorithm that is named`() throws {
        let written = "KW01=shk_secret_0123456789, KW02=HMAC_SHA1:another=secret/+0123"
        let config = try GatewayConfig(
            environment: Self.account.merging(["PARLEY_TWILIO_SHARED_KEYS": written]) { $1 })

        let keys = try #require(config.carrier?.sharedKeys)
        #expect(keys.map(\.id) == ["KW01", "KW02"])
        #expect(keys.map(\.secret) == ["shk_secret_0123456789", "another=secret/+0123"])
        #expect(keys.map(\.algorithm) == [.hmacSHA256, .hmacSHA1])
        #expect(config.carrier?.signingKey?.id == "KW01")
    }

    @Test(arguments: [
        ("hunter2hunter2hunter2", "key 1 is not id=secret"), ("a=0123456789abcdef,=hunter2hunter2x", "key 2 is not"),
        ("a=hunter2", "key 1 has less than 16 bytes"), ("a=hunter2hunter2hunter2 a=hunter2hunter2hunter2", "two keys"),
    ])
    func `a mistake is named without the secret`(_ written: String, _ says: String) throws {
        let report = try SettingsFolder.mistakes(Self.account.merging(["PARLEY_TWILIO_SHARED_KEYS": written]) { $1 })

        #expect(report.contains("PARLEY_TWILIO_SHARED_KEYS") && report.contains(says), "\(report)")
        #expect(!report.contains("hunter2"))
    }

    @Test func `keys without their account are a mistake`() throws {
        #expect(
            try SettingsFolder.mistakes(["PARLEY_TWILIO_SHARED_KEYS": "a=0123456789abcdef"]).contains(
                "set PARLEY_TWILIO_ACCOUNT_SID"))
    }
}
