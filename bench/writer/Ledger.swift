import CallModel
import Database
import Foundation

/// What the database must hold when every call has exactly one record.
struct Ledger {
    static let customers = 6_000

    let source: EndedCalls
    private(set) var calls = 0
    private var turns = 0
    private var optOuts = 0
    private var booked = 0

    init(tenants: [TenantID]) { source = EndedCalls(tenants: tenants, customers: Ledger.customers) }

    mutating func expect(_ index: Int) {
        guard let call = source.call(index) else { return }
        calls += 1
        turns += call.turns
        if call.isOptOut { optOuts += 1 }
        if call.isBooked { booked += 1 }
    }

    func finalized(_ database: Database) async throws -> Int {
        try await sum("select count(*) as n from calls where finalized_at is not null", database)
    }

    /// A sentence for each count that is not as it should be.
    func faults(_ database: Database) async throws -> [String] {
        let expectations: [(what: String, sql: String, count: Int)] = [
            ("calls", "select count(*) as n from calls", calls),
            ("finalized calls", "select count(*) as n from calls where finalized_at is not null", calls),
            ("turns", "select count(*) as n from conversations", turns),
            ("calls with turns", "select count(distinct call_id) as n from conversations", calls),
            ("usage records", "select count(*) as n from usage_records", calls * 5),
            ("call activities", "select count(*) as n from lead_activities where subject like 'Call finished%'", calls),
            ("interactions", "select count(*) as n from contact_interactions", calls),
            ("AI disclosures", "select count(*) as n from consents where kind = 'ai_disclosure'", calls),
            ("refused consents", "select count(*) as n from consents where not granted", optOuts * 3),
            ("calls that end in an opt-out", "select count(*) as n from calls where outcome = 'do_not_call'", optOuts),
            ("meetings", "select count(*) as n from meetings", booked),
            (
                "calls with two combined scores",
                "select count(*) as n from (select from lead_scores where score_type = 'combined'"
                    + " group by call_id having count(*) > 1) twice", 0
            ),
            (
                "contacts of one number",
                "select count(*) as n from (select from contacts group by phone"
                    + " having count(*) > 1) twice", 0
            ),
        ]
        var faults: [String] = []
        for (what, sql, expected) in expectations {
            let found = try await sum(sql, database)
            if found != expected { faults.append("\(what): \(found), expected \(expected)") }
        }
        return faults
    }

    /// Each tenant counted in its own scope.
    private func sum(_ sql: String, _ database: Database) async throws -> Int {
        var sum = 0
        for tenant in source.tenants {
            sum += try await database.transaction(tenant: tenant, timeoutMs: 60_000) { tx in
                try tx.query(sql).first?.int("n") ?? 0
            }
        }
        return sum
    }
}
