import CallModel
import Database
import Dialing
import Foundation
import TestSupport
import Testing

@testable import Campaigns
@testable import Compliance

/// The tenant that there is, which has a number to call from, and rules under which it may call at any time.
struct CampaignStage: Sendable {
    let temporary: TemporaryDatabase
    let tenant: TenantID
    var rules = ""

    static let callerID = "+15550100100"

    static func make(tenant: TenantID = .initial, rules: String = "") async throws -> CampaignStage {
        let stage = CampaignStage(temporary: try await TemporaryDatabase.make(), tenant: tenant, rules: rules)
        try await stage.furnish()
        return stage
    }

    func furnish() async throws {
        _ = try await temporary.rows(
            "update tenants set calling_rule_sets = '{open}' where id = $1", [.uuid(tenant.uuid)])
    }

    /// The United States, where everything is allowed but what a test adds.
    var desk: DialDesk {
        get throws {
            DialDesk(
                try RuleBook([
                    "open.json": """
                    {"id": "open", "version": "1", "title": "Open", "countries": ["US"], "rules": [\(rules)]}
                    """
                ]))
        }
    }

    func campaign(
        pace: String = #"{"calls_max": 100}"#, rules: String = "{}", schedule: String = "{}", status: String = "active"
    ) async throws -> UUID {
        try #require(
            try await temporary.rows(
                """
                insert into campaigns (tenant_id, name, status, pace, rules, schedule, started_at)
                values ($1, 'Spring', $2, $3::jsonb, $4::jsonb, $5::jsonb, now()) returning id
                """, [.uuid(tenant.uuid), .text(status), .json(pace), .json(rules), .json(schedule)]
            ).first
        ).uuid("id")
    }

    /// Contacts in a campaign, with numbers of their own from this one on.
    @discardableResult
    func enrol(_ count: Int, in campaign: UUID, from first: Int = 0) async throws -> [UUID] {
        let rows = try await temporary.rows(
            """
            with people as (
                insert into contacts (tenant_id, contact_name, phone, timezone)
                select $1, 'Person ' || n, '+1312555' || lpad(n::text, 4, '0'), 'America/Chicago'
                from generate_series($3::integer, $3::integer + $4::integer - 1) n returning id, phone)
            insert into campaign_contacts (tenant_id, campaign_id, contact_id, next_at)
            select $1, $2, id, now() - interval '1 minute' from people order by phone returning contact_id
            """, [.uuid(tenant.uuid), .uuid(campaign), .int(first), .int(count)])
        return try rows.map { try $0.uuid("contact_id") }
    }

    @discardableResult
    func claim(
        _ campaign: UUID, callsMax: Int = 1_000, placesHere: Int = .max
    ) async throws -> CampaignClaim.Result {
        let claim = CampaignClaim(campaign, callsMax: callsMax, placesHere: placesHere, desk: try desk)
        return try await temporary.database.transaction(tenant: tenant, timeoutMs: 60_000) { try claim.take(in: $0) }
    }

    /// What the carrier would say in the end.
    func end(_ attempt: UUID, _ outcome: String, asked: Bool = true) async throws {
        _ = try await temporary.rows(
            """
            update dial_attempts set state = 'ended', outcome = $2, ended_at = now(),
                requested_at = case when $3::boolean then now() end
            where id = $1
            """, [.uuid(attempt), .text(outcome), .bool(asked)])
        let move = MoveOn(attempt: attempt)
        try await temporary.database.transaction(tenant: tenant, timeoutMs: 60_000) { try move.write(in: $0) }
    }

    struct Enrolment: Equatable {
        var status: String
        var reason: String?
        var attempts: Int
        var attempt: UUID?
        var secondsUntil: Double?
    }

    func enrolment(of contact: UUID) async throws -> Enrolment {
        let row = try #require(
            try await temporary.rows(
                """
                select status, reason, attempts, attempt_id,
                    extract(epoch from next_at - now())::double precision as seconds
                from campaign_contacts where contact_id = $1
                """, [.uuid(contact)]
            ).first)
        return Enrolment(
            status: try row.text("status"), reason: try row.textOrNil("reason"), attempts: try row.int("attempts"),
            attempt: try row.uuidOrNil("attempt_id"), secondsUntil: try row.doubleOrNil("seconds"))
    }

    func count(_ what: String, _ values: [SQLValue] = []) async throws -> Int {
        try await temporary.rows("select count(*)::integer as n from \(what)", values).first?.int("n") ?? -1
    }
}
