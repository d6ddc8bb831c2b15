import Endpoints
import Foundation
import TestSupport
import Testing

/// The document as a gateway serves it, read by strangers' programs.
@Suite struct DocumentTests {
    @Test(.timeLimit(.minutes(10))) func `the document is one to openapi-spec-validator, and its examples fit`()
        async throws
    {
        let gateway = try await ServedGateway.start()
        let document = try await gateway.document()

        #expect(document.value["openapi"] == "3.1.0")
        let said = try await PythonEnvironment.run("openapi-spec-validator", ["--schema", "3.1", document.path])
        #expect(said.contains("OK"), "\(said)")
        let examples = try await PythonEnvironment.run(
            "python", [Checkout.path("Tests/python/check-examples.py"), document.path])
        #expect(examples.contains(" 0 mistakes"), "\(examples)")
        #expect(gateway.said.isEmpty, "\(gateway.said)")
    }
}
