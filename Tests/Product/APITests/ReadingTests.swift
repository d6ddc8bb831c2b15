import CRM
import CallModel
import Database
import Endpoints
import Foundation
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// The reading routes over a real database.
@Suite struct ReadingTests {
    static let consultID = "66666666-6666-4666-8666-666666666666"
    static let callID = "22222222-2222-4222-8222-222222222222"
    static let leadID = "33333333-3333-4333-8333-333333333333"
    static let sid = "CA0123456789abcdef0123456789abcdef"

    /// One finished call with everything a call can yield.
    static func arrange(_ temporary: TemporaryDatabase) async throws {
        let evidence = """
            [{"turn_number": 2, "speaker": "caller", "words": "about fifty thousand", "started_ms": 4000,
            "ended_ms": 6000}]
            """
        let extraction = """
            {"bant": {"budget": {"value": "high", "confidence": 0.9, "evidence": \(evidence)}, "budget_amount": 50000,
            "need": {"value": "unknown", "confidence": 0, "evidence": []}}}
            """
        let ear = """
            {"pickup_to_first_audio_ms": 310, "longest_silence_ms": 900,
            "responses": [{"caller_ended_ms": 6000, "first_audio_ms": 6900}],
            "barge_ins": [{"detected_ms": 8000, "clear_sent_ms": 8004, "discarded_ms": 1200}]}
            """
        let statements: [(sql: String, values: [SQLValue])] = [
            (
                """
                insert into contacts (tenant_id, id, contact_name, business_name, phone)
                values ($1, '44444444-4444-4444-8444-444444444444', 'Jane <b>Doe</b>', 'Acme', '+14155550100')
                """, []
            ),
            (
                """
                insert into leads (tenant_id, id, contact_id, contact_person, company_name, phone, lead_score, budget,
                    status_bucket, stage, qualification_data)
                values ($1, '\(leadID)', '44444444-4444-4444-8444-444444444444', 'Jane Doe', 'Acme', '+14155550100',
                    82, 'high', 'P1', 'MQL',
                    '{"need": {"value": "urgent", "confidence": 0.7, "evidence": \(evidence), "call_id": "x"}}')
                """, []
            ),
            (
                """
                insert into calls (tenant_id, id, lead_id, contact_id, carrier_call_sid, from_number, to_number, status,
                    call_start_time, call_end_time, duration, outcome, disposition, summary, extraction, ear,
                    finalized_at)
                values ($1, '\(callID)', '\(leadID)', '44444444-4444-4444-8444-444444444444', '\(sid)', '+14155550100',
                    '+15550100100', 'completed', '2026-03-05 10:00:00.123456+00', '2026-03-05 10:01:00+00', 60,
                    'meeting_booked', 'completed', 'Wants a demo.', $2::jsonb, $3::jsonb, now())
                """, [.json(extraction), .json(ear)]
            ),
            (
                """
                insert into conversations (tenant_id, call_id, turn_number, speaker, started_ms, ended_ms, text,
                    interrupted, heard_text)
                values ($1, '\(callID)', 1, 'agent', 300, 3000, 'Hello, how can I help?', false,
                        'Hello, how can I help?'),
                    ($1, '\(callID)', 2, 'caller', 4000, 6000, 'We have about fifty thousand.', false,
                        'We have about fifty thousand.'),
                    ($1, '\(callID)', 3, 'agent', 6900, 8004, 'Great, and who else decides?', true, 'Great, and')
                """, []
            ),
            (
                """
                insert into lead_scores (tenant_id, lead_id, call_id, score_type, score, scored_at)
                values ($1, '\(leadID)', '\(callID)', 'combined', 40, '2026-01-01'),
                    ($1, '\(leadID)', '\(callID)', 'combined', 82, '2026-03-05')
                """, []
            ),
            (
                """
                insert into follow_ups (tenant_id, lead_id, call_id, due_at, reason)
                values ($1, '\(leadID)', '\(callID)', '2026-03-06', 'Send the offer')
                """, []
            ),
            (
                """
                insert into meetings (tenant_id, lead_id, call_id, title, starts_at, ends_at)
                values ($1, '\(leadID)', '\(callID)', 'Demo', '2026-03-09 15:00+00', '2026-03-09 15:30+00')
                """, []
            ),
            (
                """
                insert into consults (id, tenant_id, call_id, question, source, reasons, specialists, asked_ms,
                    offered_ms, agreed_ms, answered_ms, spoken_ms, heard_ms, ended_ms, ending, merged_text, delivered)
                values ('\(consultID)', $1, '\(callID)', 'May we call at night?', 'detected', '["regulation"]',
                    '{us-telemarketing-law}', 9000, 9100, 12000, 12100, 14000, 20000, 20000, 'delivered', 'No.', true)
                """, []
            ),
            (
                """
                insert into consult_answers (tenant_id, consult_id, position, specialist, reasons, text, took_ms, outcome)
                values ($1, '\(consultID)', 1, 'us-telemarketing-law', '["law"]', 'No.', 90, 'answered')
                """, []
            ),
            (
                """
                insert into consents (tenant_id, call_id, kind, granted, words, source, consult_id, reply_number, question,
                    decision, confidence, audio_position_ms)
                values ($1, '\(callID)', 'consult', true, 'yes', 'caller', '\(consultID)', 1, 'May we call at night?',
                    'yes', 0.97, 11900)
                """, []
            ),
            (
                """
                insert into usage_records (tenant_id, call_id, kind, quantity)
                values ($1, '\(callID)', 'connected_seconds', 60)
                """, []
            ),
        ]
        try await temporary.database.transaction(tenant: .initial) { tx in
            for (sql, values) in statements { try tx.execute(sql, [.uuid(TenantID.initial.uuid)] + values) }
        }
    }

    static func routes(_ temporary: TemporaryDatabase) -> Router {
        APIRoutes.router(dependencies(temporary), live: LiveFeedTests.upgrade)
    }

    static func dependencies(_ temporary: TemporaryDatabase) -> APIDependencies {
        APIDependencies(
            database: temporary.database, customers: CustomerDirectory(database: temporary.database),
            keys: JWTTests.keys, readiness: { ReadinessReport(checks: []) }, metrics: Metrics(),
            now: { JWTTests.now })
    }

    static func token(_ tenant: TenantID = .initial) -> String {
        let principal = APIPrincipal(subject: "ann", tenant: tenant, role: .agent)
        return JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
    }

    static func json(_ response: HTTPResponse) throws -> [String: Any] {
        let body = response.body
        return try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }

    @Test func `a call is read by our id and by the carrier's, with everything it yielded`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await Self.arrange(temporary)
        let routes = Self.routes(temporary)

        let byID = await routes.respond(to: RouteTests.get("/api/v1/calls/\(Self.callID)", token: Self.token()))
        let bySid = await routes.respond(to: RouteTests.get("/api/v1/calls/\(Self.sid)", token: Self.token()))

        #expect(byID.status == 200 && byID.body == bySid.body)
        let call = try Self.json(byID)
        let turns = try #require(call["turns"] as? [[String: Any]])
        #expect(turns.compactMap { $0["heard_text"] as? String }.last == "Great, and")
        #expect(turns.compactMap { $0["interrupted"] as? Bool } == [false, false, true])
        let lead = try #require(call["lead"] as? [String: Any])
        let scores = try #require(lead["scores"] as? [[String: Any]])
        #expect(scores.count == 1 && scores[0]["score"] as? Int == 82)
        let bant = (call["extraction"] as? [String: Any])?["bant"] as? [String: Any]
        let proof = ((bant?["budget"] as? [String: Any])?["evidence"] as? [[String: Any]])?.first
        #expect(proof?["words"] as? String == "about fifty thousand")
        for list in ["follow_ups", "meetings", "consents"] { #expect((call[list] as? [Any])?.count == 1, "\(list)") }
        #expect((call["usage"] as? [String: Any])?["connected_seconds"] as? Int == 60)
        let consult = try #require((call["consults"] as? [[String: Any]])?.first)
        #expect(consult["spoken_ms"] as? Int == 14_000 && consult["ending"] as? String == "delivered")
        #expect((consult["answers"] as? [[String: Any]])?.first?["outcome"] as? String == "answered")
        let consent = try #require((call["consents"] as? [[String: Any]])?.first)
        #expect(consent["decision"] as? String == "yes" && consent["audio_position_ms"] as? Int == 11_900)
    }

    @Test func `the answers have the fields the description names, and no others`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await Self.arrange(temporary)
        let routes = Self.routes(temporary)
        let document = try Self.json(await routes.respond(to: RouteTests.get("/api/v1/openapi.json")))
        let components = document["components"] as? [String: Any]
        let schemas = try #require(components?["schemas"] as? [String: [String: Any]])
        func fields(_ name: String) -> Set<String> {
            Set((schemas[name]?["properties"] as? [String: Any])?.keys.map { $0 } ?? [])
        }

        let call = try Self.json(
            await routes.respond(to: RouteTests.get("/api/v1/calls/\(Self.sid)", token: Self.token())))
        let list = try Self.json(await routes.respond(to: RouteTests.get("/api/v1/calls", token: Self.token())))
        let lead = try Self.json(
            await routes.respond(to: RouteTests.get("/api/v1/leads/\(Self.leadID)", token: Self.token())))
        let context = try Self.json(
            await routes.respond(to: RouteTests.get("/api/customer-context/(415) 555-0100", token: Self.token())))

        for written in ["\u{202D}+14155550100\u{202C}", "tel:+14155550100"] {
            let found = try Self.json(
                await routes.respond(to: RouteTests.get("/api/customer-context/\(written)", token: Self.token())))
            #expect(found["phone"] as? String == "+14155550100" && found["is_known"] as? Bool == true, "\(written)")
        }
        #expect(Set(call.keys) == fields("CallDetail"))
        #expect(Set((list["data"] as? [[String: Any]])?.first?.keys.map { $0 } ?? []) == fields("Call"))
        #expect(Set(lead.keys) == fields("LeadDetail"))
        #expect(Set(context.keys).isSubset(of: fields("CustomerContext")) && context["is_known"] as? Bool == true)
        let required = try #require(schemas["CustomerContext"]?["required"] as? [String])
        #expect(Set(required).isSubset(of: context.keys))
        for (field, schema) in [
            ("turns", "Turn"), ("follow_ups", "NextFollowUp"), ("meetings", "NextMeeting"), ("consents", "CallConsent"),
            ("consults", "Consult"),
        ] {
            #expect(Set((call[field] as? [[String: Any]])?.first?.keys.map { $0 } ?? []) == fields(schema), "\(field)")
        }
    }

    @Test func `another tenant's token sees nothing`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await Self.arrange(temporary)
        let routes = Self.routes(temporary)
        let stranger = Self.token(try await temporary.secondTenant())

        for path in ["/api/v1/calls/\(Self.callID)", "/api/v1/calls/\(Self.sid)", "/api/v1/leads/\(Self.leadID)"] {
            #expect(await routes.respond(to: RouteTests.get(path, token: stranger)).status == 404, "\(path)")
            #expect(await routes.respond(to: RouteTests.get(path, token: Self.token())).status == 200, "\(path)")
        }
        let list = try Self.json(await routes.respond(to: RouteTests.get("/api/v1/calls", token: stranger)))
        #expect((list["data"] as? [Any])?.isEmpty == true)
        let context = try Self.json(
            await routes.respond(to: RouteTests.get("/api/customer-context/+14155550100", token: stranger)))
        #expect(context["is_known"] as? Bool == false)
    }

    @Test func `pages go from newest to oldest, miss nothing and repeat nothing`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await temporary.database.transaction(tenant: .initial) { tx in
            // Three of the same moment: the id decides.
            try tx.execute(
                """
                insert into calls (tenant_id, status, outcome, call_start_time)
                select $1, 'failed', 'failed', timestamptz '2026-01-01' + (n / 3) * interval '1 microsecond'
                from generate_series(1, 25) n
                """, [.uuid(TenantID.initial.uuid)])
        }
        let routes = Self.routes(temporary)
        var seen: [String] = []
        var cursor: String?
        for _ in 0..<10 {
            let query = "limit=4&outcome=failed" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try Self.json(
                await routes.respond(to: RouteTests.get("/api/v1/calls", token: Self.token(), query: query)))
            seen += try #require(page["data"] as? [[String: Any]]).compactMap { $0["id"] as? String }
            cursor = page["next_cursor"] as? String
            if cursor == nil { break }
        }

        let all = try await temporary.rows("select id from calls order by call_start_time desc, id desc")
        #expect(seen == (try all.map { try $0.text("id") }) && seen.count == 25)
    }

    @Test func `an unchanged answer is a 304, a changed one is sent again`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await Self.arrange(temporary)
        let routes = Self.routes(temporary)
        var request = RouteTests.get("/api/v1/calls/\(Self.sid)", token: Self.token())
        let first = await routes.respond(to: request)
        let tag = try #require(first.headers.first { $0.name == "etag" }?.value)

        request.headers.append(("if-none-match", "\"x\", W/\(tag)"))
        request.headers.append(("if-none-match", "\"y\""))
        let again = await routes.respond(to: request)
        #expect(again.status == 304 && again.body.isEmpty && again.headers.contains { $0 == ("etag", tag) })

        try await temporary.database.transaction(tenant: .initial) { tx in
            try tx.execute("update calls set summary = 'Changed.'")
        }
        #expect(await routes.respond(to: request).status == 200)
    }
}
