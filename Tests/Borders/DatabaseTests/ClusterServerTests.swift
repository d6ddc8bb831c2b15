import Foundation
import Testing

@testable import Database

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ClusterServerTests {
    /// It lets nobody in any more, and would stay for those who are connected.
    @Test func `a server that is told to stop before its start was seen is not waited for`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-test-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let host = try ClusterHost()
        let server = ClusterServer(
            host: host, location: try ClusterLocation(dataDirectory: folder, host: host), durable: false)
        let child = try server.launch(again: false) {}
        try server.settle(child)
        let client = Database(url: server.url(ClusterServer.superuser), connectionsMax: 1)
        #expect(await client.ping())
        child.signal(SIGTERM)
        while !server.isShuttingDown { try await Task.sleep(for: .milliseconds(10)) }

        let began = ContinuousClock.now
        #expect(throws: DatabaseError.self) { try server.settle(child) }

        #expect(ContinuousClock.now - began < .seconds(40), "whoever starts a server waits a minute for it")
        #expect(!child.isRunning)
        await client.close()
        ClusterServer.end(child)
    }
}
