import CallModel
import Campaigns
import Database
import Dialing
import Foundation

/// Who calls in the year, and for what.
struct YearStage: Sendable {
    struct Campaign: Sendable {
        var tenant: TenantID
        var id: UUID
    }

    var campaigns: [Campaign] = []
    var callerIDs: [TenantID: [String]] = [:]
    /// Some of those who were enrolled.
    var enrolled: [(tenant: TenantID, person: YearPerson)] = []

    static let callerIDsATenant = 45
    static let remembered = 20_000

    /// Purpose, pace, hours, and which of the tenant's numbers they call from.
    static let careful: [(purpose: String, pace: String, hours: [String: [String]]?, from: Range<Int>)] = [
        ("marketing", #"{"calls_max": 200}"#, nil, 0..<25),
        ("marketing", #"{"calls_max": 200}"#, ["mon_sun": ["08:00", "21:00"]], 15..<40),
        ("survey", #"{"calls_max": 50}"#, ["mon_fri": ["12:00", "12:30"], "sat_sun": ["18:00", "19:30"]], 30..<45),
    ]
    static let worldwide: [(purpose: String, pace: String, hours: [String: [String]]?, from: Range<Int>)] = [
        ("marketing", #"{"calls_max": 200}"#, nil, 0..<20),
        ("informational", #"{"mode": "fixed", "calls_per_second": 1, "calls_max": 100}"#, nil, 10..<30),
        ("collections", #"{"calls_max": 100}"#, nil, 20..<40),
        ("survey", #"{"calls_max": 100}"#, nil, 35..<45),
    ]
}

extension SimulatedYear {
    func furnish() async throws {
        let second = TenantID(UUID())
        try await owner.unscoped { tx in
            _ = try tx.query(
                "select app.create_tenant('World', 'world', $1::uuid, '+15550100200')", [.uuid(second.uuid)])
        }
        try await furnish(.initial, ["us_conservative"], "+1555013", YearStage.careful)
        try await furnish(second, ["us", "ca", "uk", "eu", "in"], "+1555014", YearStage.worldwide)
    }

    private func furnish(
        _ tenant: TenantID, _ sets: [String], _ prefix: String,
        _ plans: [(purpose: String, pace: String, hours: [String: [String]]?, from: Range<Int>)]
    ) async throws {
        let numbers = (0..<YearStage.callerIDsATenant).map { prefix + "\(1_000 + $0)".suffix(4) }
        stage.callerIDs[tenant] = numbers
        try await owner.unscoped { tx in
            try tx.send(
                """
                insert into phone_numbers (tenant_id, number, profile_id)
                select $1, n, (select p.id from profiles p where p.tenant_id = $1 limit 1) from unnest($2::text[]) n
                """, [.uuid(tenant.uuid), .textArray(numbers)])
        }
        try await choose(sets, for: tenant)
        for (index, plan) in plans.enumerated() {
            let campaign = UUID()
            let hours = String(
                decoding: try JSONEncoder().encode(plan.hours.map { ["hours": $0] } ?? [:]), as: UTF8.self)
            try await owner.unscoped { tx in
                try tx.send(
                    """
                    insert into campaigns (tenant_id, id, name, status, purpose, caller_ids, pace, schedule, started_at)
                    values ($1, $2, $3, 'active', $4, $5, $6::jsonb, $7::jsonb, now())
                    """,
                    [
                        .uuid(tenant.uuid), .uuid(campaign), .text("Campaign \(index)"), .text(plan.purpose),
                        .textArray(Array(numbers[plan.from])), .json(plan.pace), .json(hours),
                    ])
                // Somebody whose turn never comes: the campaign goes on though all others are done.
                try tx.send(
                    """
                    with k as (insert into contacts (tenant_id, contact_name) values ($1, 'The last one') returning id)
                    insert into campaign_contacts (tenant_id, campaign_id, contact_id, status, next_at)
                    select $1, $2, k.id, 'scheduled', now() + interval '10 years' from k
                    """, [.uuid(tenant.uuid), .uuid(campaign)])
            }
            stage.campaigns.append(.init(tenant: tenant, id: campaign))
            var line = YearLog.Line(.campaign, at: now, tenant)
            (line.campaign, line.purpose, line.hours) = (campaign, plan.purpose, plan.hours)
            try log.write(line)
        }
    }

    func choose(_ sets: [String], for tenant: TenantID) async throws {
        try await owner.unscoped {
            try $0.send(
                "update tenants set calling_rule_sets = $2 where id = $1", [.uuid(tenant.uuid), .textArray(sets)])
        }
        var line = YearLog.Line(.rules, at: now, tenant)
        line.sets = sets
        try log.write(line)
    }

    /// Some people come into one campaign, and a few of them into another one of the same tenant.
    func enrol(_ count: Int) async throws {
        let campaign = random.one(of: stage.campaigns)
        let tenant = campaign.tenant
        let others = stage.campaigns.filter { $0.tenant == tenant && $0.id != campaign.id }
        let also = random.one(of: others).id
        let newcomers = (0..<count).map { _ in people.next(&random) }
        let twice = newcomers.filter { _ in random.chance(0.3) }
        for person in newcomers {
            var line = YearLog.Line(.person, at: now, tenant, number: person.number)
            (line.person, line.zone, line.state) = (person.id, person.zone, person.state)
            try log.write(line)
            if let level = person.level { try tell(of: person, level, tenant) }
            let index = stage.enrolled.count
            if index < YearStage.remembered {
                stage.enrolled.append((tenant, person))
            } else {
                stage.enrolled[Int.random(in: 0..<index, using: &random)] = (tenant, person)
            }
        }
        try await owner.unscoped { tx in
            func optional(_ text: String?) -> SQLValue { .text(text) }
            for person in newcomers {
                try tx.send(
                    """
                    insert into contacts (tenant_id, id, contact_name, phone, timezone, state)
                    values ($1, $2, 'Somebody', $3, $4, $5)
                    """,
                    [
                        .uuid(tenant.uuid), .uuid(person.id), .text(person.number), optional(person.zone),
                        optional(person.state),
                    ])
                guard let level = person.level else { continue }
                try Self.consent(level, of: person, tenant, in: tx)
            }
            let enrolling = """
                insert into campaign_contacts (tenant_id, campaign_id, contact_id)
                select $1, $2, c from unnest($3::uuid[]) c
                """
            for (id, who) in [(campaign.id, newcomers), (also, twice)] where !who.isEmpty {
                try tx.send(
                    enrolling, [.uuid(tenant.uuid), .uuid(id), .array(who.map { .uuid($0.id) })])
            }
        }
    }

    func tell(of person: YearPerson, _ level: String, _ tenant: TenantID) throws {
        var line = YearLog.Line(.consent, at: now, tenant, number: person.number)
        line.level = level
        try log.write(line)
    }

    static func consent(
        _ level: String, of person: YearPerson, _ tenant: TenantID, in tx: borrowing Transaction
    ) throws {
        // Who has asked to be left alone at this number is not taken for somebody who agrees.
        try tx.send(
            """
            insert into consents (tenant_id, contact_id, phone, kind, granted, level, source, at)
            select $1, $2, $3, 'marketing_voice', true, $4, 'import', clock_timestamp()
            where not exists (
                select from contacts c where c.tenant_id = $1 and c.phone = $3 and c.do_not_contact)
            """, [.uuid(tenant.uuid), .uuid(person.id), .text(person.number), .text(level)])
    }
}
