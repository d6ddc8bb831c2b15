import Foundation
import TestSupport
import Testing

/// A client that a stranger's program makes of the document, and what it can do with it.
@Suite struct GeneratedClientTests {
    @Test(.timeLimit(.minutes(10))) func `a client made of the document walks through every address`() async throws {
        let gateway = try await ServedGateway.start()
        try await gateway.notifyUser()
        let document = try await gateway.document()
        let client = gateway.folder + "/parley_client"

        let made = try await PythonEnvironment.run(
            "openapi-python-client",
            [
                "generate", "--path", document.path, "--output-path", client, "--meta", "none",
                "--config", Checkout.path("Tests/python/client.yaml"),
            ])
        #expect(!made.contains("WARNING") && !made.contains("rror"), "\(made)")
        let walked = try await PythonEnvironment.run(
            "python", [Checkout.path("Tests/python/walk.py"), document.path, gateway.folder],
            environment: [
                "PARLEY_URL": gateway.url, "PARLEY_EMAIL": gateway.email, "PARLEY_PASSWORD": ServedGateway.password,
            ])

        #expect(walked.contains("operations walked"), "\(walked)")
        #expect(gateway.said.isEmpty, "\(gateway.said)")
    }
}
