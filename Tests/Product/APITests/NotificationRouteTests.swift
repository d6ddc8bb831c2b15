import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

@Suite struct NotificationRouteTests {
    @Test func `everybody has their own notifications, reads them, and says what they want`() async throws {
        let stage = try await APIStage.make()
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob", role: .manager))
        for person in [ann, ann, bob] {
            _ = try await stage.temporary.rows(
                """
                insert into notifications (tenant_id, user_id, kind, title, subject_table, subject_id)
                values ($1, $2::uuid, 'lead_hot', 'Hot lead', 'leads', gen_random_uuid())
                """, [.uuid(TenantID.initial.uuid), .text(person.subject)])
        }
        let address = "/api/v1/notifications"
        let page = try await stage.json("GET", address, as: ann)
        let one = "\(address)/\(page.rows.first?["id"]?.text ?? "")"

        #expect(page.rows.count == 2 && page.rows.first?["is_read"] == false)
        #expect(try await stage.json("GET", address, as: bob).rows.count == 1, "a manager too")
        #expect(await stage.status("GET", one, as: bob) == 404)
        let read = try await stage.json("PATCH", one, as: ann, ["is_read": true])
        #expect(read["read_at"] != .null)
        #expect(await stage.status("PATCH", one, as: ann, ["title": "x"]) == 422)
        #expect(try await stage.json("GET", address, query: "is_read=false", as: ann).rows.count == 1)
        #expect(try await stage.json("POST", "\(address)/read-all", as: ann)["read"] == 1)
        #expect(try await stage.json("GET", address, query: "is_read=false", as: bob).rows.count == 1)
        #expect(await stage.status("DELETE", one, as: ann) == 204)

        let kinds = try await stage.json("GET", "\(address)/preferences", as: ann)
        #expect(kinds.texts("kind").contains("lead_hot") && kinds.rows.allSatisfy { $0["on_page"] == true })
        let changed = try await stage.json(
            "PATCH", "\(address)/preferences", as: ann, ["kind": "lead_hot", "by_email": true])
        let hot = changed.rows.first { $0["kind"] == "lead_hot" }
        #expect(hot?["by_email"] == true && hot?["on_page"] == true)
        _ = try await stage.json("PATCH", "\(address)/preferences", as: ann, ["kind": "lead_hot", "on_page": false])
        let after = try await stage.json("GET", "\(address)/preferences", as: ann).rows.first {
            $0["kind"] == "lead_hot"
        }
        #expect(after?["by_email"] == true && after?["on_page"] == false, "what is not given stays")
        #expect(await stage.status("PATCH", "\(address)/preferences", ["kind": "lead_hot"]) == 409, "nobody's token")
        #expect(await stage.status("PATCH", "\(address)/preferences", as: ann, ["kind": "nope"]) == 422)
    }

    @Test func `reports are read by managers, and written by nobody`() async throws {
        let stage = try await APIStage.make()
        _ = try await stage.temporary.rows(
            "insert into daily_reports (tenant_id, report_date, report) select $1, day, '{\"calls\": {\"total\": 1}}'"
                + " from unnest(array['2026-03-04', '2026-03-05']::date[]) as day", [.uuid(TenantID.initial.uuid)])

        let page = try await stage.json("GET", "/api/v1/daily-reports")
        #expect(page.texts("report_date") == ["2026-03-05", "2026-03-04"])
        #expect(try await stage.json("GET", "/api/v1/daily-reports", query: "report_date=2026-03-04").rows.count == 1)
        #expect(await stage.status("GET", "/api/v1/daily-reports", as: .stranger) == 403)
        #expect(await stage.status("POST", "/api/v1/daily-reports", [:]) == 405)
    }
}
