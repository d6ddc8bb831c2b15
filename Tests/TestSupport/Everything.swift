package import CallModel
package import Database
import FoundationEssentials

/// What came of a statement that should come to nothing.
package enum Attempt: Equatable {
    case wrote(Int)
    /// With its SQLSTATE.
    case failed(String)

    package var isHarmless: Bool { self == .wrote(0) || self == .failed("42501") }
    /// By the fence, by a missing grant, or because the column cannot be written at all.
    package var isRefused: Bool { self == .failed("42501") || self == .failed("428C9") }
}

extension TemporaryDatabase {
    /// Runs one statement as the application would, in a transaction of its own.
    package func attempt(_ tenant: TenantID?, _ sql: String, _ values: [SQLValue] = []) async -> Attempt {
        do {
            let body: @Sendable (borrowing Transaction) throws -> Int = { try $0.execute(sql, values) }
            return .wrote(
                try await tenant == nil
                    ? database.unscoped(body) : database.transaction(tenant: tenant ?? .initial, body))
        } catch {
            return .failed((error as? DatabaseError)?.sqlState ?? "\(error)")
        }
    }
}

/// One row of every table that a new tenant does not have from the start.
package enum Everything {
    package static func insert(for tenant: TenantID, into temporary: TemporaryDatabase) async throws {
        let (contact, lead, call) = (UUID(), UUID(), UUID())
        let t = SQLValue.uuid(tenant.uuid)
        try await temporary.owner.unscoped { transaction in
            try transaction.execute(
                "insert into contacts (tenant_id, id, phone, tags) values ($1, $2, '+14155550123', array['vip'])",
                [t, .uuid(contact)])
            try transaction.execute(
                "insert into dial_attempts (tenant_id, contact_id, number, caller_id, purpose)"
                    + " values ($1, $2, '+14155550123', '+14155550100', 'marketing')", [t, .uuid(contact)])
            try transaction.execute(
                "insert into dial_receipts (tenant_id, sequence, number, is_allowed, body, previous_hash, hash)"
                    + " values ($1, 1, '+14155550123', true, '{}', '0', '0')", [t])
            try transaction.execute("insert into clients (tenant_id, client_name) values ($1, 'Acme')", [t])
            try transaction.execute(
                "insert into contact_interactions (tenant_id, contact_id, interaction_type) values ($1, $2, 'note')",
                [t, .uuid(contact)])
            try transaction.execute(
                "insert into custom_fields (tenant_id, field_name, field_label, field_type)"
                    + " values ($1, 'size', 'Size', 'text')", [t])
            try transaction.execute(
                "insert into leads (tenant_id, id, contact_id) values ($1, $2, $3)", [t, .uuid(lead), .uuid(contact)])
            try transaction.execute(
                "insert into calls (tenant_id, id, lead_id, contact_id, carrier_call_sid) values ($1, $2, $3, $4, $5)",
                [t, .uuid(call), .uuid(lead), .uuid(contact), "CA00000000000000000000000000000001"])
            try transaction.execute(
                "insert into lead_scores (tenant_id, lead_id, call_id, score_type, score)"
                    + " values ($1, $2, $3, 'combined', 70)", [t, .uuid(lead), .uuid(call)])
            try transaction.execute("insert into lead_scoring_criteria (tenant_id) values ($1)", [t])
            try transaction.execute(
                "insert into conversations (tenant_id, call_id, turn_number, speaker, started_ms, ended_ms, text,"
                    + " heard_text) values ($1, $2, 1, 'caller', 0, 900, 'Hello', 'Hello')", [t, .uuid(call)])
            try transaction.execute(
                "insert into usage_records (tenant_id, call_id, kind, quantity) values ($1, $2, 'call', 1)",
                [t, .uuid(call)])
            try transaction.execute(
                "insert into consents (tenant_id, call_id, contact_id, kind, granted, source)"
                    + " values ($1, $2, $3, 'marketing_voice', false, 'call')", [t, .uuid(call), .uuid(contact)])
            try transaction.execute(
                "insert into lead_activities (tenant_id, lead_id, call_id, activity_type, subject)"
                    + " values ($1, $2, $3, 'ai_interaction', 'Call')", [t, .uuid(lead), .uuid(call)])
            try transaction.execute(
                "insert into follow_ups (tenant_id, lead_id, call_id, due_at) values ($1, $2, $3, now())",
                [t, .uuid(lead), .uuid(call)])
            try transaction.execute(
                "insert into meetings (tenant_id, lead_id, call_id, title, starts_at, ends_at)"
                    + " values ($1, $2, $3, 'Demo', now(), now() + interval '30 minutes')",
                [t, .uuid(lead), .uuid(call)])
            try transaction.execute(
                "insert into deals (tenant_id, contact_id, title) values ($1, $2, 'Deal')", [t, .uuid(contact)])
            try transaction.execute(
                "insert into tasks (tenant_id, contact_id, title) values ($1, $2, 'Task')", [t, .uuid(contact)])
            let consult = SQLValue.uuid(UUID())
            try transaction.execute(
                "insert into consults (tenant_id, id, call_id, question, source, asked_ms, ended_ms, ending)"
                    + " values ($1, $2, $3, 'May we?', 'tool', 0, 9, 'declined')", [t, consult, .uuid(call)])
            try transaction.execute(
                "insert into consult_answers (tenant_id, consult_id, position, specialist, took_ms, outcome)"
                    + " values ($1, $2, 1, 'payments', 5, 'late')", [t, consult])
            try transaction.execute(
                "insert into specialist_sections (tenant_id, specialist, position, title, body, sources, digest)"
                    + " values ($1, 'payments', 1, 'Cards', 'Mask the number.', 'PCI DSS', 'd')", [t])
            try transaction.execute(
                "insert into idempotency_keys (tenant_id, subject, key, request, status, body)"
                    + " values ($1, 'ann', 'k', 'd', 200, '{}')", [t])
            try transaction.execute(
                "insert into admin_audit (tenant_id, subject, role, action, table_name, request_id)"
                    + " values ($1, 'ann', 'agent', 'POST /api/v1/tasks', 'tasks', 'r')", [t])
            try transaction.execute(
                "insert into lead_stage_changes (tenant_id, lead_id, from_stage, to_stage, entered_at)"
                    + " values ($1, $2, 'LEAD', 'MQL', now())", [t, .uuid(lead)])
            try transaction.execute(
                "insert into contact_events (tenant_id, contact_id, event_type) values ($1, $2, 'page_view')",
                [t, .uuid(contact)])
            let user = SQLValue.uuid(UUID())
            try transaction.execute(
                "insert into users (tenant_id, id, email, full_name) values ($1, $2, 'ann@every.test', 'Ann')",
                [t, user])
            try transaction.execute(
                "insert into user_passwords (tenant_id, user_id, hash) values ($1, $2, '$argon2id$x')", [t, user])
            try transaction.execute(
                "insert into user_sessions (tenant_id, user_id, token_digest, expires_at)"
                    + " values ($1, $2, $3, now() + interval '1 day')", [t, user, .text("s \(tenant)")])
            try transaction.execute(
                "insert into user_invites (tenant_id, user_id, token_digest, expires_at)"
                    + " values ($1, $2, $3, now() + interval '1 day')", [t, user, .text("i \(tenant)")])
            try transaction.execute(
                "insert into api_keys (tenant_id, name, prefix, key_digest, role, created_by)"
                    + " values ($1, 'Key', 'prl_0', $2, 'agent', 'ann')", [t, .text("k \(tenant)")])
            // Its activities come with it.
            let campaign = SQLValue.uuid(UUID())
            try transaction.execute(
                "insert into campaigns (tenant_id, id, name) values ($1, $2, 'Spring')", [t, campaign])
            try transaction.execute(
                "insert into campaign_contacts (tenant_id, campaign_id, contact_id) values ($1, $2, $3)",
                [t, campaign, .uuid(contact)])
            try transaction.execute("insert into jobs (tenant_id, kind) values ($1, 'test.rest')", [t])
            try workOfUsers(of: t, in: transaction)
            let list = SQLValue.uuid(UUID())
            try transaction.execute(
                "insert into imports (tenant_id, id, state, ended_at) values ($1, $2, 'completed', now())", [t, list])
            try transaction.execute(
                "insert into import_errors (tenant_id, import_id, record_number, line, code, reason)"
                    + " values ($1, $2, 1, 2, 'nobody', 'No name.')", [t, list])
            let listed = SQLValue.uuid(UUID())
            try transaction.execute(
                "insert into do_not_call_files (tenant_id, id, list, file_date, digest, state, imported_at)"
                    + " values ($1, $2, 'internal', '2026-11-20', '0', 'whole', now())", [t, listed])
            try transaction.execute(
                "insert into do_not_call_numbers (tenant_id, file_id, number) values ($1, $2, 14155550199)",
                [t, listed])
            // Its delivery comes with it.
            try transaction.execute(
                "insert into webhook_endpoints (tenant_id, url, secret) values ($1, 'https://every.test/', 'whsec_eA==')",
                [t])
            try transaction.execute(
                "insert into webhook_events (tenant_id, type, data) values ($1, 'lead.created', '{}')", [t])
        }
    }

    private static func workOfUsers(of t: SQLValue, in transaction: borrowing Transaction) throws {
        let user = "(select id from users where tenant_id = $1 limit 1)"
        try transaction.execute("insert into todos (tenant_id, user_id, title) values ($1, \(user), 'Todo')", [t])
        try transaction.execute(
            "insert into notifications (tenant_id, user_id, kind, title, subject_table, subject_id)"
                + " values ($1, \(user), 'lead_hot', 'Hot lead', 'leads', gen_random_uuid())", [t])
        try transaction.execute(
            "insert into notification_preferences (tenant_id, user_id, kind) values ($1, \(user), 'lead_hot')", [t])
        try transaction.execute(
            "insert into daily_reports (tenant_id, report_date, report) values ($1, '2026-03-05', '{}')", [t])
    }

    /// Every row of one tenant, as seen past the fence.
    package static func fingerprint(
        of tenant: TenantID, _ tables: [String], in temporary: TemporaryDatabase
    ) async throws -> [String: String] {
        var prints: [String: String] = [:]
        for table in tables {
            prints[table] = try await temporary.rows(
                "select md5(string_agg(t::text, '|' order by t::text)) as print from \(table) t where tenant_id = $1",
                [.uuid(tenant.uuid)]
            ).first?.text("print")
        }
        return prints
    }
}
