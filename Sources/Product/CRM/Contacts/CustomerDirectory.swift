package import CallModel
package import Database
import Foundation

/// What is known of a phone number, fresh on every call.
package struct CustomerDirectory: Sendable {
    private let lookups: TenantBatches<E164, CustomerContext>

    package init(database: Database) {
        lookups = TenantBatches(isolates: false) { tenant, phones, timeoutMs in
            try await database.transaction(tenant: tenant, timeoutMs: timeoutMs) { tx in
                try CustomerDirectory.contexts(phones, in: tx)
            }
        }
    }

    /// One query by index, under 5 ms with a million contacts; callers who ring at the same time share it. Throws when the
    /// database is away or takes longer than `timeoutMs`: the call then starts without.
    package func context(tenant: TenantID, phone: E164, timeoutMs: Int = 150) async throws -> CustomerContext {
        try await lookups.ask(phone, of: tenant, timeoutMs: timeoutMs)
    }

    private static func contexts(_ phones: [E164], in tx: borrowing Transaction) throws -> [CustomerContext] {
        var found: [String: CustomerContext] = [:]
        for row in try tx.query(statement, phones.map { [.phone: .text($0.text)] }) {
            let known = try row.decode(KnownCustomer.self)
            guard let phone = phones.first(where: { $0.text == known.phone }) else { continue }
            found[known.phone] = context(phone, known)
        }
        return phones.map { found[$0.text] ?? .newCaller($0) }
    }

    static let statement = BulkStatement<ContactColumn>(
        """
        select \(given: .phone), c.*,
            (select bool_or(s.\(.doNotContact)) from contacts s where s.\(.phone) = \(given: .phone)) as \(.doNotContact),
            l.\(LeadColumn.id) as lead_id, l.\(LeadColumn.stage) as lead_stage,
            \([LeadColumn.leadScore, .conversationSummary], of: "l"),
            (select max(i.\(InteractionColumn.interactionDate)) from contact_interactions i
                where i.\(InteractionColumn.contactID) = c.\(.id)) as last_contact_at,
            (select min(f.\(FollowUpColumn.dueAt)) from follow_ups f
                where f.\(FollowUpColumn.leadID) = l.\(LeadColumn.id)
                    and f.\(FollowUpColumn.status) = 'Pending') as next_follow_up_at,
            (select jsonb_agg(d) from (
                select \([DealColumn.title, .value, .currency, .stage]) from deals
                where \(DealColumn.contactID) = c.\(.id) and \(DealColumn.stage) not in ('closed_won', 'closed_lost')
                order by \(DealColumn.value) desc nulls last limit 5) d) as deals,
            (select jsonb_agg(t) from (
                select \([TaskColumn.title, .priority]), extract(epoch from \(TaskColumn.dueDate)) as due from tasks
                where \(TaskColumn.contactID) = c.\(.id) and \(TaskColumn.status) in ('pending', 'in_progress')
                order by \(TaskColumn.dueDate) nulls last limit 5) t) as tasks
        from given g
        join lateral (
            select \([.id, .contactName, .contactEmail, .businessName, .contactRole, .status, .leadSource, .timezone]),
                left(\(.notes), 1000) as \(.notes)
            from contacts where \(.phone) = \(given: .phone) \(CallParties.contactOrder)) c on true
        left join lateral (
            select \([LeadColumn.id, .stage, .leadScore, .conversationSummary])
            from leads where \(LeadColumn.contactID) = c.\(.id) \(CallParties.leadOrder)) l on true
        """)

    /// A row of it: at most five deals and five tasks, as JSON.
    private struct KnownCustomer: Decodable {
        var phone: String
        var id: UUID
        var contactName: String?
        var contactEmail: String?
        var businessName: String?
        var contactRole: String?
        var status: String?
        var leadSource: String?
        var timezone: String?
        var notes: String?
        var doNotContact: Bool?
        var leadID: UUID?
        var leadStage: String?
        var leadScore: Int?
        var conversationSummary: String?
        var lastContactAt: Date?
        var nextFollowUpAt: Date?
        var deals: String?
        var tasks: String?
    }

    /// A name that the calendar knows; people also write other things there.
    private static func knownZone(_ written: String?) -> String? {
        guard let name = StoredText.line(written, charactersMax: 64), TimeZone(identifier: name) != nil else {
            return nil
        }
        return name
    }

    private struct DealRow: Decodable {
        var title: String
        var value: Double?
        var currency: String
        var stage: String
    }

    private struct TaskRow: Decodable {
        var title: String
        var due: Double?
        var priority: String
    }

    private static func context(_ phone: E164, _ known: KnownCustomer) -> CustomerContext {
        var context = CustomerContext(phone: phone, isKnown: true, summary: "")
        context.contactID = known.id
        context.leadID = known.leadID
        context.name = StoredText.line(known.contactName, charactersMax: 120)
        context.email = StoredText.line(known.contactEmail, charactersMax: 254)
        context.company = StoredText.line(known.businessName, charactersMax: 120)
        context.position = StoredText.line(known.contactRole, charactersMax: 120)
        context.status = known.status
        context.leadScore = known.leadScore
        context.leadStage = known.leadStage
        context.source = StoredText.line(known.leadSource, charactersMax: 120)
        context.notes = StoredText.line(known.notes, charactersMax: 1_000)
        context.doNotContact = known.doNotContact ?? false
        context.timeZone = knownZone(known.timezone)
        context.lastContactAt = known.lastContactAt
        context.nextFollowUpAt = known.nextFollowUpAt
        context.openDeals = (StoredText.decode([DealRow].self, from: known.deals) ?? []).map {
            CustomerContext.Deal(
                title: StoredText.line($0.title, charactersMax: 120) ?? "", value: $0.value, currency: $0.currency,
                stage: $0.stage)
        }
        context.pendingTasks = (StoredText.decode([TaskRow].self, from: known.tasks) ?? []).map {
            CustomerContext.PendingTask(
                title: StoredText.line($0.title, charactersMax: 120) ?? "",
                dueDate: $0.due.map { Date(timeIntervalSince1970: $0) }, priority: $0.priority)
        }
        let lastSaid = StoredText.line(known.conversationSummary, charactersMax: 300)
        context.summary = summary(context, lastSaid: lastSaid)
        return context
    }

    /// `Jane Doe, CTO at Acme. Status: lead. Lead score 82, stage MQL. Open deals: 1. …`
    private static func summary(_ context: CustomerContext, lastSaid: String?) -> String {
        var person = context.name ?? "A caller on record"
        if let position = context.position { person += ", \(position)" }
        if let company = context.company { person += context.position == nil ? " of \(company)" : " at \(company)" }
        var parts = [person]
        if let status = context.status { parts.append("Status: \(status.replacing("_", with: " "))") }
        if let score = context.leadScore, let stage = context.leadStage {
            parts.append("Lead score \(score), stage \(stage)")
        }
        if !context.openDeals.isEmpty { parts.append("Open deals: \(context.openDeals.count)") }
        if !context.pendingTasks.isEmpty { parts.append("Pending tasks: \(context.pendingTasks.count)") }
        if let last = context.lastContactAt { parts.append("Last contact \(day(last))") }
        if let next = context.nextFollowUpAt { parts.append("Next follow-up \(day(next))") }
        if context.doNotContact { parts.append("Asked not to be contacted: do not offer calls or messages") }
        if let lastSaid { parts.append("Last call: \(lastSaid)") }
        return parts.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }.joined(separator: ". ") + "."
    }

    private static func day(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }
}
