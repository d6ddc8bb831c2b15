import Foundation
import Testing

@testable import Gateway

@Suite struct DoctorTests {
    /// What the doctor finds in `subject`, of a gateway that listens on this machine alone.
    private func finding(
        _ subject: String, in folder: SettingsFolder, _ settings: [String: String] = [:]
    ) async throws -> Doctor.Finding {
        let environment = ["PARLEY_DATA_DIR": folder.path].merging(settings) { $1 }
        let findings = await Doctor(try GatewayConfig(environment: environment)).examine()
        return try #require(findings.first { $0.what == subject })
    }

    @Test func `a gateway of this machine's own is told of the account it has, and keeps it to itself`() async throws {
        let folder = try SettingsFolder()
        let before = try await finding("carrier", in: folder)
        let account = try LocalAccount.obtain(in: folder.path)

        let carrier = try await finding("carrier", in: folder)
        let api = try await finding("API", in: folder)

        let path = LocalAccount.path(in: folder.path)
        #expect(before.detail == "none; this machine may call with an account that parley serve makes in \(path)")
        #expect(carrier.detail == "none; this machine may call with the account in \(path)")
        #expect(api.detail == "open to tokens of this machine's own account; parley token prints one")
        // A telephone number needs more.
        #expect([before, carrier, api].allSatisfy { $0.state == .missing && !$0.mend.isEmpty })
        for secret in [account.authToken, account.apiSecret] { #expect(!"\(carrier) \(api)".contains(secret)) }
    }

    @Test func `an account that others could read is broken, not missing`() async throws {
        let folder = try SettingsFolder()
        _ = try LocalAccount.obtain(in: folder.path)
        let path = LocalAccount.path(in: folder.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)

        let carrier = try await finding("carrier", in: folder)
        let api = try await finding("API", in: folder)

        #expect(carrier.state == .broken && carrier.detail.contains("others may read it"))
        #expect(api.detail == "closed: no token can be checked")
    }

    @Test func `a gateway that others reach has no account of its own`() async throws {
        let folder = try SettingsFolder()
        _ = try LocalAccount.obtain(in: folder.path)
        let settings = ["PARLEY_LISTEN": "0.0.0.0:0"]

        #expect(try await finding("carrier", in: folder, settings).detail == "no credentials")
        #expect(try await finding("API", in: folder, settings).detail == "closed: no token can be checked")
    }
}
