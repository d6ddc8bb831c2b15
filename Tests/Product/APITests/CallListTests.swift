import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Calls as lists and numbers.
@Suite struct CallListTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    private func call(
        _ at: String, _ outcome: String?, seconds: Int? = nil, direction: String = "inbound",
        from: String = "+14155550100"
    ) async throws {
        _ = try await stage.temporary.rows(
            """
            insert into calls (tenant_id, status, call_start_time, answered_at, duration, outcome, direction, from_number,
                sentiment, intent_detected)
            values ($1, case when $3::text is null then 'in_progress' else 'completed' end, $2::timestamptz,
                case when $4::integer is null then null else $2::timestamptz end, $4::integer, $3, $5, $6, 'neutral',
                'information')
            """,
            [
                .uuid(TenantID.initial.uuid), .text(at), .text(outcome), .int(seconds), .text(direction), .text(from),
            ])
    }

    @Test func `calls are narrowed by what they are`() async throws {
        try await call("2026-03-01T10:00:00Z", "meeting_booked", seconds: 120)
        try await call("2026-03-02T10:00:00Z", "nurture", seconds: 30, direction: "outbound")
        try await call("2026-03-03T10:00:00Z", nil, from: "+14155550199")
        func count(_ query: String) async throws -> Int {
            try await stage.json("GET", "/api/v1/calls", query: query).rows.count
        }

        #expect(try await count("") == 3)
        #expect(try await count("outcome=nurture") == 1)
        #expect(try await count("direction=inbound") == 2)
        #expect(try await count("status=in_progress") == 1)
        #expect(try await count("duration_min=60") == 1)
        #expect(try await count("duration_max=60") == 1)
        #expect(try await count("started_after=2026-03-02T00:00:00Z&started_before=2026-03-03T00:00:00Z") == 1)
        #expect(try await count("from=%2B14155550199") == 1)
        #expect(try await count("sentiment=neutral&intent=information") == 3)
        let oldest = try await stage.json("GET", "/api/v1/calls", query: "sort=started_at&limit=1")
        #expect(oldest.rows.first?["outcome"] == "meeting_booked")
        let live = try await stage.json("GET", "/api/v1/calls/live")
        #expect(live.rows.map { $0["from"] } == ["+14155550199"])
        for query in ["outcome=won", "created_after=2026-03-02T00:00:00Z", "sort=duration_seconds", "limit=201"] {
            #expect(await stage.status("GET", "/api/v1/calls", query: query) == 400, "\(query)")
        }
    }

    @Test func `calls are counted by the day of the tenant's zone`() async throws {
        _ = try await stage.temporary.rows("update tenants set time_zone = 'America/New_York'")
        // The first is on the evening of the first of March there.
        try await call("2026-03-02T03:00:00Z", "meeting_booked", seconds: 100)
        try await call("2026-03-02T15:00:00Z", "nurture", seconds: 50)
        try await call("2026-03-02T16:00:00Z", "no_speech")
        try await call("2026-03-02T17:00:00Z", nil)
        let span = "started_after=2026-03-01T00:00:00Z&started_before=2026-03-05T00:00:00Z"
        let stats = try await stage.json("GET", "/api/v1/calls/stats", query: span)

        #expect(stats["total"] == 4 && stats["answered"] == 2 && stats["duration_seconds"] == 150)
        #expect(stats["average_seconds"] == 75 && stats["successes"] == 1)
        #expect(stats["outcomes"] == ["meeting_booked": 1, "nurture": 1, "no_speech": 1])
        guard case .number(let rate)? = stats["success_rate"] else {
            Issue.record("\(stats.json)")
            return
        }
        #expect(abs(rate - 1.0 / 3) < 0.000_1)
        #expect(
            stats["by_day"] == [
                ["day": "2026-03-01", "calls": 1, "duration_seconds": 100, "successes": 1],
                ["day": "2026-03-02", "calls": 3, "duration_seconds": 50, "successes": 0],
            ])
        for query in [
            "started_after=2026-03-05T00:00:00Z&started_before=2026-03-05T00:00:00Z",
            "started_after=2020-03-05T00:00:00Z&started_before=2026-03-05T00:00:00Z", "day=1",
        ] {
            #expect(await stage.status("GET", "/api/v1/calls/stats", query: query) == 400, "\(query)")
        }
    }
}
