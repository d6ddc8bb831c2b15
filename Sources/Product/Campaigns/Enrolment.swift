package import Database
package import FoundationEssentials

/// Who is enrolled in a campaign, and who is not any more. Never twice, and never who asked to be left alone.
package struct Enrolment: Sendable {
    /// Why somebody among those who were meant is not taken; the first that holds.
    package enum Exclusion: String, CaseIterable, Sendable {
        case alreadyEnrolled = "already_enrolled"
        case doNotContact = "do_not_contact"
        case noNumber = "no_number"

        /// Of a contact `k`, whose campaign is `$1`.
        var sql: String {
            switch self {
            case .alreadyEnrolled:
                "exists (select from campaign_contacts e where e.campaign_id = $1::uuid and e.contact_id = k.id)"
            case .doNotContact: "(k.do_not_contact or k.opt_in_status = 'opted_out')"
            case .noNumber: "k.phone is null"
            }
        }
    }

    /// In one transaction.
    package static let atOnceMax = 10_000
    private static let sampleMax = 10

    private let campaign: UUID?
    private let rule: String
    private let values: [SQLValue]

    /// - Parameter campaign: nil: one that is still to be made.
    package init(_ campaign: UUID?, by criteria: TargetCriteria) {
        self.campaign = campaign
        (rule, values) = criteria.rule(from: 2)
    }

    package init(_ campaign: UUID, contacts: [UUID]) {
        self.campaign = campaign
        (rule, values) = ("k.id = any($2::uuid[])", [.array(contacts.map { .uuid($0) })])
    }

    private var isFree: String { Exclusion.allCases.map { "not \($0.sql)" }.joined(separator: " and ") }

    package struct Preview: Sendable {
        /// Who would be enrolled.
        package var count: Int
        /// Who is meant, and is not taken.
        package var excluded: [Exclusion: Int]
        package var sample: [UUID]
    }

    package func preview(in tx: borrowing Transaction) throws -> Preview {
        var (before, columns): ([String], [String]) = ([], [])
        for exclusion in Exclusion.allCases {
            let rules = before.map { "not \($0)" } + [exclusion.sql]
            columns.append(
                "(count(*) filter (where \(rules.joined(separator: " and "))))::integer as \(exclusion.rawValue)")
            before.append(exclusion.sql)
        }
        let counts = try tx.query(
            """
            select (count(*) filter (where \(isFree)))::integer as free, \(columns.joined(separator: ", "))
            from contacts k where \(rule)
            """, [.uuid(campaign)] + values)
        let sample = try tx.query(
            "select k.id from contacts k where \(rule) and \(isFree) order by k.created_at desc, k.id limit \(Self.sampleMax)",
            [.uuid(campaign)] + values)
        var excluded: [Exclusion: Int] = [:]
        for exclusion in Exclusion.allCases { excluded[exclusion] = try counts.first?.int(exclusion.rawValue) }
        return Preview(
            count: try counts.first?.int("free") ?? 0, excluded: excluded, sample: try sample.map { try $0.uuid("id") })
    }

    /// - Parameter most: so many at once; the rest are still to be enrolled.
    /// - Returns: how many.
    package func enrol(atMost most: Int = Enrolment.atOnceMax, in tx: borrowing Transaction) throws -> Int {
        try tx.execute(
            """
            insert into campaign_contacts (tenant_id, campaign_id, contact_id)
            select k.tenant_id, $1::uuid, k.id from contacts k where \(rule) and \(isFree) order by k.id limit \(most)
            on conflict do nothing
            """, [.uuid(campaign)] + values)
    }

    /// Those whom the gate had refused are asked about again.
    package func askAgain(in tx: borrowing Transaction) throws -> Int {
        try tx.execute(
            """
            update campaign_contacts e set status = 'pending', reason = null, next_at = now()
            from contacts k
            where e.campaign_id = $1::uuid and e.contact_id = k.id and e.status = 'refused' and \(rule)
                and not \(Exclusion.doNotContact.sql) and not \(Exclusion.noNumber.sql)
            """, [.uuid(campaign)] + values)
    }

    /// Takes contacts out; one whose call is under way stays until it is over.
    ///
    /// - Returns: how many, and how many stay.
    package static func remove(
        _ contacts: [UUID], from campaign: UUID, in tx: borrowing Transaction
    ) throws -> (removed: Int, underWay: Int) {
        let values: [SQLValue] = [.uuid(campaign), .array(contacts.map { .uuid($0) })]
        let whose = "campaign_id = $1::uuid and contact_id = any($2::uuid[])"
        let removed = try tx.execute(
            """
            with gone as (delete from campaign_contacts where \(whose) and attempt_id is null returning *)
            insert into campaign_activities (tenant_id, campaign_id, contact_id, activity_type)
            select tenant_id, campaign_id, contact_id, 'unenrolled' from gone
            """, values)
        let rows = try tx.query(
            "select count(*)::integer as n from campaign_contacts where \(whose)", values)
        return (removed, try rows.first?.int("n") ?? 0)
    }
}
