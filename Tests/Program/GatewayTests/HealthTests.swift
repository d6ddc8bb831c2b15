import CallModel
import Database
import Foundation
import FoundationNetworking
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Gateway

@Suite struct HealthTests {
    @Test func `fifteen hundred who ask at once cost one question, and so do those of the next second`() async {
        let questions = Mutex(0)
        let pulse = DatabasePulse {
            questions.withLock { $0 += 1 }
            try? await Task.sleep(for: .milliseconds(50))
            return true
        }

        for _ in 0..<2 {
            let answers = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<1_500 { group.addTask { await pulse.isAlive() } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 1_500 && answers.allSatisfy { $0 })
        }

        // Two only where the askers themselves took longer than a second to come.
        #expect(questions.withLock { $0 } <= 2)
    }

    @Test func `a database that goes away is noticed, and so is its return`() async throws {
        let isThere = Mutex(true)
        let pulse = DatabasePulse { isThere.withLock { $0 } }
        #expect(await pulse.isAlive())

        for state in [false, true] {
            isThere.withLock { $0 = state }
            let changedAt = ContinuousClock.now
            while await pulse.isAlive() != state, ContinuousClock.now - changedAt < .seconds(20) {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(await pulse.isAlive() == state)
        }
    }

    @Test func `the watch finds a fence that was opened by hand, and one that was mended`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let fence = FenceWatch(temporary.database)
        await fence.look()
        #expect(fence.fault == nil)

        _ = try await temporary.rows("alter table calls disable row level security")
        await fence.look()
        #expect(fence.fault?.contains("calls: row-level security is not enabled") == true)

        _ = try await temporary.rows("select app.protect('calls')")
        await fence.look()
        #expect(fence.fault == nil)
    }

    @Test func `a database that does not answer opens no fence and closes none`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let database = Database(url: temporary.appURL, connectionsMax: 1)
        let fence = FenceWatch(database)
        _ = try await temporary.rows("alter table calls disable row level security")
        await fence.look()
        #expect(fence.fault != nil)

        await database.close()
        await fence.look()

        #expect(fence.fault != nil)
    }

    @Test func `a gateway does not start on a database whose fence has a gap, and the doctor says so`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let folder = try SettingsFolder()
        var environment = [
            "PARLEY_DATABASE_URL": temporary.appURL, "PARLEY_DATA_DIR": folder.path, "PARLEY_LISTEN": "127.0.0.1:0",
            "PARLEY_LOG": "error", "PARLEY_AGENT_URL": "ws://127.0.0.1:9",
        ]
        environment["PARLEY_SPECIALISTS_DIR"] = folder.path + "/none"
        let config = try GatewayConfig(environment: environment)
        func verdict() async -> Doctor.Finding? { await Doctor(config).examine().first { $0.what == "database" } }
        #expect(await verdict()?.state == .ok)

        for (damage, says) in [
            ("alter table calls disable row level security", "calls: row-level security is not enabled"),
            ("create view open as select * from leads", "open: view without security_invoker"),
        ] {
            _ = try await temporary.rows(damage)
            let error = await #expect(throws: Gateway.StartError.self) { _ = try await Gateway.start(config) }
            #expect(error?.description.contains(says) == true)
            let finding = await verdict()
            #expect(finding?.state == .broken)
            #expect(finding?.detail.contains(says) == true && finding?.mend.contains("app.protect") == true)
            _ = try await temporary.rows("select app.protect('calls')")
        }
    }

    @Test func `a running gateway closes its API while the fence is open, and takes calls all the same`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let folder = try SettingsFolder()
        var config = try GatewayConfig(environment: [
            "PARLEY_DATABASE_URL": temporary.appURL, "PARLEY_DATA_DIR": folder.path, "PARLEY_LISTEN": "127.0.0.1:0",
            "PARLEY_LOG": "error", "PARLEY_AGENT_URL": "ws://127.0.0.1:9",
            "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS": "true",
            "PARLEY_JWT_SECRET": String(repeating: "s", count: 32),
        ])
        config.fenceCheckSeconds = 1
        let gateway = try await Gateway.start(config)
        func status(_ path: String) async throws -> Int {
            let url = try #require(URL(string: "http://127.0.0.1:\(gateway.port)\(path)"))
            return try await (URLSession.shared.data(from: url).1 as? HTTPURLResponse)?.statusCode ?? 0
        }
        func becomes(_ expected: Int, _ path: String) async throws -> Bool {
            for _ in 0..<600 where try await status(path) != expected { try await Task.sleep(for: .milliseconds(50)) }
            return try await status(path) == expected
        }
        #expect(try await becomes(200, "/readyz"))
        #expect(try await status("/api/v1/calls") == 401)

        _ = try await temporary.rows("alter table calls no force row level security")
        #expect(try await becomes(503, "/readyz"))
        #expect(try await status("/api/v1/calls") == 503)
        #expect(try await status("/healthz") == 200)
        var ring = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(gateway.port)/twilio/voice")))
        ring.httpMethod = "POST"
        ring.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        let zeros = String(repeating: "0", count: 32)
        ring.httpBody = Data(
            ("CallSid=CA\(zeros)&AccountSid=AC\(zeros)&From=%2B14155550199&To=%2B15550100100"
                + "&CallStatus=ringing&Direction=inbound&ApiVersion=2010-04-01").utf8)
        #expect((try await URLSession.shared.data(for: ring).1 as? HTTPURLResponse)?.statusCode == 200)

        _ = try await temporary.rows("select app.protect('calls')")
        #expect(try await becomes(200, "/readyz"))
        #expect(try await status("/api/v1/calls") == 401)
        await gateway.stop(drainSeconds: 0)
    }

    @Test func `the doctor says which migrations are missing`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await Migrator(ownerURL: temporary.ownerURL).down(count: 1)
        let config = try GatewayConfig(environment: ["PARLEY_DATABASE_URL": temporary.appURL])

        let finding = await Doctor(config).examine().first { $0.what == "database" }

        #expect(finding?.state == .broken)
        #expect(finding?.detail.contains(try Migration.all().last?.name ?? "none") == true)
    }

    @Test func `the doctor and the start are well behind a transaction pooler`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let pooler = try await Pooler.start(before: temporary)
        let folder = try SettingsFolder()
        let config = try GatewayConfig(environment: [
            "PARLEY_DATABASE_URL": pooler.appURL, "PARLEY_DATA_DIR": folder.path, "PARLEY_LISTEN": "127.0.0.1:0",
            "PARLEY_LOG": "error", "PARLEY_AGENT_URL": "ws://127.0.0.1:9",
        ])

        let finding = await Doctor(config).examine().first { $0.what == "database" }
        #expect(finding?.state == .ok && finding?.detail.contains("pooler") == true)
        for _ in 0..<2 {
            let gateway = try await Gateway.start(config)
            await gateway.stop(drainSeconds: 0)
        }
    }
}
