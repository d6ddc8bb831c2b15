import Answering
import CallModel
package import Database
import FoundationEssentials
package import LiveCalls

/// Who answered, and on what terms they were called.
package enum DialAnswers {
    /// Nil where there is no such attempt.
    package static func terms(
        of call: DialledCall, in database: Database, timeoutMs: Int
    ) async throws -> DialTerms? {
        try await database.transaction(tenant: call.tenant, timeoutMs: timeoutMs, urgency: .live) { tx in
            let rows = try tx.query(
                """
                select a.on_machine, a.voicemail_message, a.menu_key, a.call_reason, t.name as company
                from dial_attempts a join tenants t on t.id = a.tenant_id where a.id = $1::uuid
                """, [.uuid(call.attempt)])
            guard let row = rows.first else { return nil }
            return DialTerms(
                call: call, onMachine: MachinePolicy(rawValue: try row.text("on_machine")) ?? .hangup,
                message: try row.textOrNil("voicemail_message"), menuKey: try row.textOrNil("menu_key")?.first,
                reason: try row.textOrNil("call_reason"), company: try row.text("company"))
        }
    }

    /// What is known later replaces what was known before; a message that was left stays so.
    package static func note(_ note: AnswerNote, of call: DialledCall, in database: Database) async throws {
        try await database.transaction(tenant: call.tenant, urgency: .live) { tx in
            try tx.send(
                """
                update dial_attempts set answered_by = $2, answered_by_after_ms = $3::integer,
                    first_word_ms_after_greeting = coalesce($4::integer, first_word_ms_after_greeting),
                    message_left_at = case when $5::boolean then coalesce(message_left_at, now()) else message_left_at end
                where id = $1::uuid
                """,
                [
                    .uuid(call.attempt), .text(note.kind.rawValue), .int(note.afterMs), .int(note.firstWordMs),
                    .bool(note.leftMessage),
                ])
        }
    }
}
