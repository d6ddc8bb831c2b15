import Foundation
import TestSupport
import Testing

/// Whatever schemathesis makes of the document, a gateway answers as the document says.
@Suite(.serialized) struct SchemathesisTests {
    /// A key's user may ask twenty times a second.
    private static let keys = 24

    /// - Parameter filters: of operations; none: all.
    private func ask(_ phases: String, examples: Int, _ filters: [String] = []) async throws {
        let gateway = try await ServedGateway.start()
        let document = try await gateway.document()
        let keys = try await gateway.keys(Self.keys)

        let said = try await PythonEnvironment.run(
            "schemathesis",
            [
                "--config-file", Checkout.path("Tests/python/schemathesis.toml"), "run", document.path, "--url",
                gateway.url, "--phases", phases, "--max-examples", "\(examples)",
            ] + filters,
            environment: [
                "PARLEY_KEY": keys[0], "PARLEY_KEYS": keys.joined(separator: " "),
                "PYTHONPATH": Checkout.path("Tests/python"),
            ], within: 900)

        #expect(said.contains("No issues found"), "\(said)")
        #expect(gateway.said.isEmpty, "\(gateway.said)")
    }

    @Test(.timeLimit(.minutes(20)))
    func `what a schema allows and what it forbids is answered as the document says`() async throws {
        try await ask("examples,coverage,fuzzing", examples: 3)
    }

    @Test(
        .timeLimit(.minutes(10)),
        arguments: [
            ["tasks", "clients", "pipeline stages", "api keys"], ["contacts", "deals"],
            ["leads", "follow ups", "meetings"], ["profiles", "phone numbers"],
            ["webhook endpoints", "custom fields", "todos", "users"],
        ])
    func `what follows from an answer by the document's links is answered so as well`(_ tags: [String]) async throws {
        try await ask("stateful", examples: 30, tags.flatMap { ["--include-tag", $0] })
    }
}
