import CallModel
import Database
import Foundation
import TestSupport
import Testing

@testable import CRM

@Suite struct RescoreLeadsTests {
    /// The batches of one night.
    ///
    /// - Returns: how many there were.
    private func runNight(_ crm: StoreFixture) async throws -> Int {
        var next: RescoreLeads? = RescoreLeads()
        var batches = 0
        while let job = next {
            next = try await crm.database.transaction(tenant: .initial, timeoutMs: 60_000) { tx in
                try job.work(at: .now, in: tx)
            }
            batches += 1
        }
        return batches
    }

    @Test func `all leads are scored anew in batches, what has not changed is not written again, and none is moved`()
        async throws
    {
        let crm = try await StoreFixture.make()
        // Three batches; what is on record makes them: three questions, and a company that fits.
        _ = try await crm.rows(
            """
            insert into leads (tenant_id, company_name, budget, need, timeline)
            select app.tenant_id(), 'Acme', 'high', 'urgent', 'immediate' from generate_series(1, $1::integer)
            """, [.int(RescoreLeads.batchMax * 2 + 3)])

        #expect(try await runNight(crm) == 3)

        let count = RescoreLeads.batchMax * 2 + 3
        let leads = try await crm.row(
            """
            select count(*) filter (where status_bucket = 'P2') as p2,
                count(*) filter (where stage = 'LEAD' and qualification_status = 'new') as left_alone from leads
            """)
        // Workflow 37 + 15 + 15, demographic 40: (67·20 + 40·15) / 35 = 55.4.
        #expect(try leads.int("p2") == count && leads.int("left_alone") == count)
        #expect(try await crm.row("select min(lead_score) as n from leads").int("n") == 55)
        #expect(try await crm.count("lead_scores") == count * 3)

        _ = try await crm.rows("update leads set industry = 'Retail'")
        _ = try await runNight(crm)
        #expect(try await crm.count("lead_scores") == count * 3, "nothing is new")
    }

    @Test func `scores of the site wear off`() async throws {
        let crm = try await StoreFixture.make()
        _ = try await crm.rows("insert into contacts (tenant_id, business_name) values (app.tenant_id(), 'Acme')")
        _ = try await crm.rows("insert into leads (tenant_id, contact_id) select tenant_id, id from contacts")
        _ = try await crm.rows(
            """
            insert into contact_events (tenant_id, contact_id, event_type)
            select tenant_id, id, 'demo_requested' from contacts
            """)
        func newest() async throws -> Int? {
            try await crm.rows(
                "select score from lead_scores where score_type = 'behavioral' order by scored_at desc, id limit 1"
            ).first?.int("score")
        }

        _ = try await runNight(crm)
        #expect(try await newest() == 40)
        _ = try await crm.temporary.rows("update contact_events set occurred_at = now() - interval '91 days'")
        _ = try await runNight(crm)
        #expect(try await newest() == 0)
    }
}
