import CallModel
import Database
import Endpoints
import Foundation
import Jobs
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Do-not-call files through the API, loaded by a node's jobs.
@Suite struct DoNotCallTests {
    private let address = "/api/v1/do-not-call-files"

    private func bring(
        _ stage: APIStage, _ text: String, _ query: String, as role: APIRole = .admin, type: String = "text/plain"
    ) async -> HTTPResponse {
        let token = JWT.sign(
            APIPrincipal(subject: "mia", tenant: .initial, role: role), secret: JWTTests.secret, issuedAt: JWTTests.now)
        return await stage.routes.respond(
            to: HTTPRequest(
                method: "POST", path: address, query: query,
                headers: [("authorization", "Bearer \(token)"), ("content-type", type)], body: Array(text.utf8)))
    }

    private func work(_ stage: APIStage) async throws {
        var settings = JobWorker.Settings()
        settings.pollMs = 10
        let worker = JobWorker(
            database: stage.temporary.database,
            handlers: DoNotCallWorker(stage.temporary.database, stage.doNotCallFiles).handlers, settings: settings,
            metrics: Metrics())
        await worker.start()
        while try await !stage.temporary.rows("select from jobs where state in ('waiting', 'running')").isEmpty {
            try await Task.sleep(for: .milliseconds(5))
        }
        await worker.stop(timeoutMs: 10_000)
    }

    private func kept(_ stage: APIStage) -> [String] {
        let folder = stage.doNotCallFiles.directory + "/\(TenantID.initial)"
        return (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    @Test func `a file that is brought holds once a node has loaded it, and is on no disk any more`() async throws {
        let stage = try await APIStage.make()

        let answer = await bring(stage, "+12025550104\n+12025550105\n", "list=internal&date=2026-11-20")
        let id = try #require(JSONValue(answer.body)?["id"]?.text, "\(String(decoding: answer.body, as: UTF8.self))")
        #expect(answer.status == 201 && JSONValue(answer.body)?["state"] == "loading" && !kept(stage).isEmpty)
        try await work(stage)

        let row = try await stage.json("GET", "\(address)/\(id)", as: .admin)
        #expect(row["state"] == "whole" && row["added_count"] == 2, "\(row)")
        #expect(kept(stage).isEmpty)
        let again = await bring(stage, "+12025550104\n+12025550105\n", "list=internal&date=2026-11-20")
        #expect(JSONValue(again.body)?["id"]?.text == id && kept(stage).isEmpty)
        _ = try await stage.json("POST", "\(address)/\(id)/withdraw", as: .admin)
        _ = try await stage.json("POST", "\(address)/\(id)/withdraw", as: .admin, is: 409)
        try await work(stage)
        #expect(try await stage.temporary.rows("select from do_not_call_numbers").isEmpty)
    }

    @Test(arguments: [
        ("list=federal&date=2026-11-20", 422), ("list=1a-foo&date=2026-11-20", 422),
        ("list=us-tx&date=2026-02-30", 422), ("date=2026-11-20", 422),
        ("list=us-tx&date=2026-11-20&kind=change", 409), ("list=us-tx&date=2199-01-01", 409),
        ("list=us-tx&date=2026-11-20&kind=half", 422), ("list=us-tx&date=2026-11-20&country=XX", 422),
    ])
    func `what is said wrongly of a file is refused, and the file goes`(_ query: String, _ status: Int) async throws {
        let stage = try await APIStage.make()

        let answer = await bring(stage, "2025550104\n", query)

        #expect([status, status == 422 ? 400 : status].contains(answer.status), "\(answer.status)")
        #expect(kept(stage).isEmpty)
    }

    private func ended(_ stage: APIStage) async throws -> (state: String, failure: String) {
        try await work(stage)
        let row = try #require(try await stage.temporary.rows("select state, failure from do_not_call_files").first)
        return (try row.text("state"), try row.textOrNil("failure") ?? "")
    }

    @Test func `a load that is given up has failed, and its file goes`() async throws {
        let stage = try await APIStage.make()
        #expect(await bring(stage, "+12025550104\n", "list=internal&date=2026-11-20").status == 201)
        let attempts = LoadDoNotCallFile.policy.attemptsMax - 1
        _ = try await stage.temporary.rows("update jobs set attempts = $1::integer", [.int(attempts)])

        let (state, failure) = try await ended(stage)

        #expect(state == "failed" && failure.contains("30 times") && kept(stage).isEmpty)
    }

    @Test func `a load whose file is gone has failed once nobody can have it any more`() async throws {
        let stage = try await APIStage.make()
        #expect(await bring(stage, "+12025550104\n", "list=internal&date=2026-11-20").status == 201)
        try FileManager.default.removeItem(atPath: stage.doNotCallFiles.directory + "/\(TenantID.initial)")
        try await stage.temporary.owner.unscoped { transaction in
            try transaction.execute("set local session_replication_role = replica")
            try transaction.execute("update do_not_call_files set updated_at = now() - interval '49 hours'")
        }

        let (state, failure) = try await ended(stage)

        #expect(state == "failed" && failure.contains("disk"))
    }

    @Test func `managers bring none, and a form is no file`() async throws {
        let stage = try await APIStage.make()

        #expect(await bring(stage, "1", "list=internal&date=2026-11-20", as: .manager).status == 403)
        #expect(await bring(stage, "1", "list=internal&date=2026-11-20", type: "multipart/form-data").status == 415)
        #expect(await bring(stage, "", "list=internal&date=2026-11-20").status == 422)
    }
}
