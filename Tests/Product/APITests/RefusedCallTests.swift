import Encoding
import Endpoints
import TestSupport
import Testing
import WebSocketTransport

@testable import API

@Suite struct RefusedCallTests {
    @Test func `a call that is refused under a key leaves its receipt, and has used no key`() async throws {
        let stage = try await APIStage.make()
        let key = [(name: "idempotency-key", value: "k-1")]
        let call: JSONValue = ["to": "+12015550175", "purpose": "informational"]
        #expect(await stage.send("POST", "/api/v1/calling-rules/stop", ["is_stopped": true]).status == 200)

        for _ in 0..<2 {
            let refused = await stage.send("POST", "/api/v1/calls", with: key, call)
            let said = String(decoding: refused.body, as: UTF8.self)
            #expect(refused.status == 409 && said.contains("receipt"), "\(said)")
        }

        #expect(try await stage.temporary.rows("select from dial_receipts").count == 2)
        #expect(try await stage.temporary.rows("select from idempotency_keys").isEmpty)
    }
}
