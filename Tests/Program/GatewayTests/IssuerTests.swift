import API
import Endpoints
import Foundation
import LanguageModel
import TestSupport
import Testing
import WebSocketTransport

@testable import Gateway

/// `PARLEY_JWKS_URL` and what it goes with.
@Suite struct IssuerTests {
    private static let here = [
        "PARLEY_JWKS_URL": "https://accounts.example.com/jwks.json",
        "PARLEY_JWT_ISSUER": "https://accounts.example.com/",
        "PARLEY_JWT_AUDIENCE": "authenticated",
    ]

    @Test func `an issuer is named with its keys and its audience, to the letter`() throws {
        #expect(
            try GatewayConfig(environment: Self.here).issuer
                == GatewayConfig.Issuer(
                    name: "https://accounts.example.com/", audience: "authenticated",
                    keysURL: "https://accounts.example.com/jwks.json"))
        #expect(try GatewayConfig(environment: [:]).issuer == nil)
    }

    @Test func `keys without issuer or audience, or over plain HTTP from elsewhere, are mistakes`() throws {
        for name in Self.here.keys {
            var some = Self.here
            some[name] = nil
            #expect(try SettingsFolder.mistakes(some).contains("set all three or none"), "\(name)")
        }
        for url in [
            "http://accounts.example.com/jwks.json", "ftp://127.0.0.1/", "https://", "keys.json", "file:///keys",
        ] {
            let report = try SettingsFolder.mistakes(Self.here.merging(["PARLEY_JWKS_URL": url]) { $1 })
            #expect(report.contains("PARLEY_JWKS_URL: \"\(url)\""), "\(url)")
        }
        for url in ["http://127.0.0.1:9000/jwks.json", "http://localhost/jwks.json"] {
            let settings = Self.here.merging(["PARLEY_JWKS_URL": url]) { $1 }
            #expect(try GatewayConfig(environment: settings).issuer?.keysURL == url)
        }
    }

    @Test func `the keys come over HTTP, and PyJWT's tokens are checked with them`() async throws {
        let fixture = try IssuerFixture.read.get()
        let stub = try LLMStub([
            .init(body: String(decoding: try IssuerFixture.keys(), as: UTF8.self)), .init(status: 503, body: "away"),
        ])
        let issuer = TokenIssuer(
            GatewayConfig.Issuer(
                name: fixture.issuer, audience: fixture.audience,
                keysURL: try stub.endpoint().url.absoluteString + "/jwks.json"))
        let keys = try #require(TokenKeys(secret: nil, issuer: issuer))
        let now = Date(timeIntervalSince1970: 1_800_000_000)

        try await issuer.refresh(at: now)
        for token in fixture.good.values {
            #expect(try JWT.verify(token, keys: keys, at: now).principal.role == .manager)
        }

        let error = await #expect(throws: (any Error).self) { try await issuer.refresh(at: now) }
        #expect("\(try #require(error))" == "PARLEY_JWKS_URL is answered with 503, not with keys")
        #expect(stub.taken.allSatisfy { $0.method == "GET" && $0.path.hasSuffix("/jwks.json") })
        await stub.stop()
    }

    @Test func `the doctor fetches the keys and says what they are`() async throws {
        let folder = try SettingsFolder()
        let stub = try LLMStub([
            .init(body: String(decoding: try IssuerFixture.keys(), as: UTF8.self)), .init(body: #"{"keys":[]}"#),
        ])
        let config = try GatewayConfig(
            environment: Self.here.merging([
                "PARLEY_DATA_DIR": folder.path, "PARLEY_LISTEN": "0.0.0.0:0",
                "PARLEY_JWKS_URL": try stub.endpoint().url.absoluteString + "/jwks.json",
            ]) { $1 })

        let well = await Doctor(config).examine()
        let ill = await Doctor(config).examine()

        #expect(well.first { $0.what == "API" }?.detail == "open to tokens of https://accounts.example.com/ alone")
        let keys = try #require(well.first { $0.what == "token issuer" })
        #expect(keys.state == .ok && keys.detail.hasPrefix("2 keys at http://127.0.0.1:"))
        #expect(keys.detail.contains("not used: an RSA key of 1024 bits"))
        let none = try #require(ill.first { $0.what == "token issuer" })
        #expect(none.state == .broken && none.detail.contains("no key that tokens can be checked with"))
        await stub.stop()
    }
}
