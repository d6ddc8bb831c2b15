import Foundation
import TestSupport
import Testing

/// The console as people use it: in Debian's Chromium, over a gateway with rows to show.
@Suite(.serialized) struct ConsoleInBrowserTests {
    private func hold(_ what: String) async throws {
        let gateway = try await ServedGateway.start()
        try await gateway.notifyUser()

        let said = try await PythonEnvironment.run(
            "python", [Checkout.path("Tests/python/console.py"), what],
            environment: [
                "PARLEY_URL": gateway.url, "PARLEY_EMAIL": gateway.email, "PARLEY_PASSWORD": ServedGateway.password,
            ], within: 900)

        #expect(said.contains("\n0 promises broken") || said.hasPrefix("0 promises broken"), "\(said)")
        #expect(gateway.said.isEmpty, "\(gateway.said)")
    }

    @Test(.timeLimit(.minutes(20)))
    func `every page is whole, quiet and accessible, for each role, in light and dark, wide and narrow`() async throws {
        try await hold("pages")
    }

    @Test(.timeLimit(.minutes(20)), arguments: ["use", "faults", "live", "lists", "people", "typed"])
    func `what people do with it works, and what goes wrong is said`(_ what: String) async throws {
        try await hold(what)
    }
}
