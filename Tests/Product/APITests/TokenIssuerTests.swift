import CallModel
import Endpoints
import Foundation
import JOSE
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Tokens that PyJWT made, checked with the keys their issuer publishes.
@Suite struct TokenIssuerTests {
    /// What an issuer publishes, and how often it was asked.
    private final class Publisher: Sendable {
        let document = Mutex<[UInt8]?>(nil)
        let asked = Mutex(0)
        struct Away: Error {}

        func fetch() throws -> [UInt8] {
            asked.withLock { $0 += 1 }
            guard let document = document.withLock(\.self) else { throw Away() }
            return document
        }
    }

    private let fixture: IssuerFixture
    private let publisher = Publisher()
    private let issuer: TokenIssuer
    private let keys: TokenKeys

    init() throws {
        fixture = try IssuerFixture.read.get()
        let publisher = publisher
        issuer = TokenIssuer(name: fixture.issuer, audience: fixture.audience) { try publisher.fetch() }
        keys = try #require(TokenKeys(secret: nil, issuer: issuer))
        publisher.document.withLock { [keys = try IssuerFixture.keys()] in $0 = keys }
    }

    private func verify(_ token: String, after seconds: Double = 0) throws -> VerifiedToken {
        try JWT.verify(token, keys: keys, at: JWTTests.now.addingTimeInterval(seconds))
    }

    /// Until the keys that were asked for beside are there.
    private func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<5_000 where !condition() { try await Task.sleep(for: .milliseconds(1)) }
        #expect(condition())
    }

    private func good(_ name: String = "RS256") throws -> String { try #require(fixture.good[name]) }

    @Test func `PyJWT's RS256 and ES256 tokens open the API until they expire`() async throws {
        try await issuer.refresh(at: JWTTests.now)

        #expect(fixture.good.count >= 4)
        for (name, token) in fixture.good {
            let verified = try verify(token)
            #expect(verified.principal == APIPrincipal(subject: "5f0e", tenant: .initial, role: .manager), "\(name)")
            #expect(throws: JWTError.expired, "\(name)") { try verify(token, after: 3_600) }
        }
    }

    @Test func `other algorithms, keys, issuers and audiences are refused, each for what it is`() async throws {
        try await issuer.refresh(at: JWTTests.now)
        let errors: [String: JWTError] = [
            "algorithm": .algorithm(accepted: [.rs256, .es256]), "unknown key": .unknownKey, "signature": .signature,
            "iss": .claim("iss"), "aud": .claim("aud"),
        ]
        #expect(Set(fixture.refused.keys) == Set(errors.keys))

        for (reason, tokens) in fixture.refused {
            let error = try #require(errors[reason])
            for (name, token) in tokens {
                #expect(throws: error, "\(name)") { try verify(token) }
            }
        }
    }

    @Test func `a public key is no secret, also where the gateway has a secret of its own`() async throws {
        try await issuer.refresh(at: JWTTests.now)
        let both = try #require(TokenKeys(secret: Array("another secret of thirty-two byte".utf8), issuer: issuer))

        for (name, token) in try #require(fixture.refused["algorithm"]) where name.hasPrefix("HS256") {
            #expect(throws: JWTError.signature, "\(name)") { try JWT.verify(token, keys: both, at: JWTTests.now) }
        }
        #expect(throws: JWTError.algorithm(accepted: [.hs256, .rs256, .es256])) {
            try JWT.verify(try #require(fixture.refused["algorithm"]?["none"]), keys: both, at: JWTTests.now)
        }
    }

    @Test func `with a secret as well, its tokens open the API and need neither issuer nor audience`() async throws {
        try await issuer.refresh(at: JWTTests.now)
        let both = try #require(TokenKeys(secret: JWTTests.secret, issuer: issuer))
        let own = JWT.sign(JWTTests.ann, secret: JWTTests.secret, issuedAt: JWTTests.now)

        #expect(try JWT.verify(own, keys: both, at: JWTTests.now).principal == JWTTests.ann)
        #expect(try JWT.verify(try good(), keys: both, at: JWTTests.now).principal.subject == "5f0e")
    }

    @Test func `before the keys are there a good token is answered with 503, and the keys are fetched`() async throws {
        #expect(throws: JWTError.noKeys) { try verify(try good()) }
        #expect(Problem.refused(.noKeys).status == 503 && Problem.refused(.unknownKey).status == 401)

        try await eventually { (try? verify(good())) != nil }
        #expect(publisher.asked.withLock(\.self) == 1)
    }

    @Test func `an unknown key has the keys fetched again, once in thirty seconds however many are made up`()
        async throws
    {
        let document = try IssuerFixture.keys()
        publisher.document.withLock { $0 = Array(#"{"keys":[\#(Self.otherKey)]}"#.utf8) }
        try await issuer.refresh(at: JWTTests.now)
        publisher.document.withLock { $0 = document }

        for _ in 0..<20 { #expect(throws: JWTError.unknownKey) { try verify(try good(), after: 29) } }
        #expect(publisher.asked.withLock(\.self) == 1)

        for _ in 0..<20 { _ = try? verify(try good(), after: 30) }
        try await eventually { (try? verify(good(), after: 31)) != nil }
        #expect(publisher.asked.withLock(\.self) == 2)
    }

    @Test func `an issuer that is away, or publishes nonsense, leaves the keys as they are, for a day`() async throws {
        try await issuer.refresh(at: JWTTests.now)
        for document in [nil, Array("<html>".utf8)] {
            publisher.document.withLock { $0 = document }
            await #expect(throws: (any Error).self) { try await issuer.refresh(at: JWTTests.now) }
            #expect(throws: Never.self) { try verify(try good()) }
        }

        #expect(throws: JWTError.expired) { try verify(try good(), after: 86_399) }
        #expect(throws: JWTError.noKeys) { try verify(try good(), after: 86_400) }
    }

    @Test func `a key that is published no more opens nothing`() async throws {
        try await issuer.refresh(at: JWTTests.now)
        publisher.document.withLock { $0 = Array(#"{"keys":[\#(Self.otherKey)]}"#.utf8) }
        try await issuer.refresh(at: JWTTests.now)

        #expect(throws: JWTError.unknownKey) { try verify(try good()) }
    }

    @Test(arguments: [#"{"keys":[]}"#, #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AAAA"}]}"#])
    func `an issuer that publishes no key to use has withdrawn those it published`(_ document: String) async throws {
        try await issuer.refresh(at: JWTTests.now)
        publisher.document.withLock { $0 = Array(document.utf8) }
        await #expect(throws: WebKeySet.Mistake.self) { try await issuer.refresh(at: JWTTests.now) }

        #expect(throws: JWTError.noKeys) { try verify(try good()) }
    }

    /// Of RFC 7515, appendix A.3.
    private static let otherKey = """
        {"kty":"EC","crv":"P-256","kid":"other","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
        """
}
