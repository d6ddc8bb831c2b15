import CallModel
import Database
import Foundation
import Jobs
import TestSupport
import Testing

/// Nodes that are killed, as processes of their own: `jobs-benchmark node`, whose jobs are chains.
@Suite(.serialized) struct KilledWorkerTests {
    private static let leaseMs = 250
    private static let chains = 4

    private struct Link: JobKind {
        static let kind = "bench.link"
        var chain: Int
        var number = 1
        var last: Int
    }

    @Test func `a node killed at every step it makes, one after the other, loses nothing and does nothing twice`()
        async throws
    {
        let stage = try await Self.stage(links: 60)
        var dieAt = 0
        while try await !Self.isDone(stage) {
            dieAt += 1
            #expect(dieAt < 400, "the chains do not end")
            let node = try Self.node(stage, dieAt: dieAt)
            while node.isRunning, try await !Self.isDone(stage) { try await Task.sleep(for: .milliseconds(5)) }
            kill(node.processIdentifier, SIGKILL)
            node.waitUntilExit()
        }

        #expect(dieAt > 20, "a node died \(dieAt) times only")
        try await Self.check(stage, links: 60)
    }

    @Test func `of two nodes one or the other is killed at any moment, and nothing is lost or done twice`() async throws
    {
        let stage = try await Self.stage(links: 150)
        var nodes = [try Self.node(stage), try Self.node(stage)]
        var kills = 0
        while try await !Self.isDone(stage) {
            try await Task.sleep(for: .milliseconds(.random(in: 20...250)))
            let victim = nodes.removeFirst()
            kill(victim.processIdentifier, SIGKILL)
            victim.waitUntilExit()
            kills += 1
            nodes.append(try Self.node(stage))
        }
        for node in nodes {
            kill(node.processIdentifier, SIGKILL)
            node.waitUntilExit()
        }

        #expect(kills > 3)
        try await Self.check(stage, links: 150)
    }

    private static func stage(links: Int) async throws -> JobStage {
        let stage = try await JobStage.make()
        _ = try await stage.temporary.rows("drop table app.effects")
        _ = try await stage.temporary.rows("create table app.effects (chain int, number int)")
        _ = try await stage.temporary.rows("grant insert on app.effects to parley_app")
        let theirs = try await stage.temporary.secondTenant()
        for chain in 0..<chains {
            try await stage.enqueue([Link(chain: chain, last: links)], for: chain % 2 == 0 ? .initial : theirs)
        }
        return stage
    }

    private static func node(_ stage: JobStage, dieAt: Int = 0) throws -> Process {
        let process = Process()
        process.executableURL = Checkout.products.appending(path: "jobs-benchmark")
        process.arguments = ["node", stage.temporary.appURL, "\(dieAt)", "\(leaseMs)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func isDone(_ stage: JobStage) async throws -> Bool {
        try await stage.temporary.rows(
            "select from jobs where kind = 'bench.link' and state in ('waiting', 'running') limit 1"
        ).isEmpty
    }

    private static func check(_ stage: JobStage, links: Int) async throws {
        let effects = try await stage.temporary.rows("select chain, number from app.effects order by chain, number")
        let expected = (0..<chains).flatMap { chain in (1...links).map { [chain, $0] } }
        #expect(try effects.map { [try $0.int("chain"), try $0.int("number")] } == expected)
        let states = try await stage.temporary.rows(
            "select state, count(*) as n from jobs where kind = 'bench.link' group by state")
        #expect(try states.map { try $0.text("state") } == ["done"])
        #expect(try states.first?.int("n") == chains * links)
        let doubled = try await stage.temporary.rows(
            """
            select from jobs where kind = 'bench.tick' and created_at > (select min(created_at) + interval '2 seconds' from jobs)
            group by tenant_id, floor(extract(epoch from created_at)) having count(*) > 1
            """)
        #expect(doubled.isEmpty, "a periodic job was enqueued twice for one time")
    }
}
