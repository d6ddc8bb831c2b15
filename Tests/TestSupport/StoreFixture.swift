import CallModel
import Consult
import Database
import Foundation
import TestSupport

@testable import CRM
@testable import Journal

/// A database of its own for one test, with what tests look at in it.
struct StoreFixture: Sendable {
    let temporary: TemporaryDatabase
    var database: Database { temporary.database }

    static func make() async throws -> StoreFixture {
        StoreFixture(temporary: try await TemporaryDatabase.make(connectionsMax: 6))
    }

    /// Rows as the application sees them, inside the tenant's fence.
    func rows(_ sql: String, _ values: [SQLValue] = [], tenant: TenantID = .initial) async throws -> [Row] {
        try await database.transaction(tenant: tenant) { tx in try tx.query(sql, values) }
    }

    func row(_ sql: String, _ values: [SQLValue] = [], tenant: TenantID = .initial) async throws -> Row {
        guard let row = try await rows(sql, values, tenant: tenant).first else { throw Missing(sql: sql) }
        return row
    }

    func count(_ table: String, tenant: TenantID = .initial) async throws -> Int {
        try await row("select count(*) as n from \(table)", tenant: tenant).int("n")
    }

    /// Every table a call leaves rows in, with how many there are.
    func counts() async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in [
            "calls", "contacts", "leads", "conversations", "usage_records", "consents", "lead_scores",
            "lead_activities",
            "follow_ups", "meetings", "contact_interactions",
        ] {
            counts[table] = try await count(table)
        }
        return counts
    }

    /// The same database behind a directory that is not there until it is opened: a server that is away.
    func door(in directory: JournalDirectory) throws -> Door {
        guard let parts = URLComponents(string: temporary.appURL),
            let socket = parts.queryItems?.first(where: { $0.name == "host" })?.value
        else { throw Missing(sql: "host in the URL") }
        let link = directory.path + "/door"
        let name = parts.path.dropFirst()
        let url = "host=\(link) dbname=\(name) user=parley_app"
        return Door(database: Database(url: url, connectionsMax: 6), link: link, socket: socket)
    }

    struct Door {
        let database: Database
        let link: String
        let socket: String
        func open() throws { try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: socket) }
        func close() throws { try FileManager.default.removeItem(atPath: link) }
    }

    /// Lets `number` reach the default profile of the initial tenant.
    func addNumber(_ number: String) async throws {
        _ = try await rows(
            """
            insert into phone_numbers (tenant_id, number, profile_id)
            select app.tenant_id(), $1, id from profiles where is_default
            """, [.text(number)])
    }

    struct Missing: Error { var sql: String }
}

extension PostCallPipeline {
    /// Judgements a test can foresee: the insight given, a score of 60, a follow-up three days later.
    static func fixed(
        _ insight: CallInsight = CallInsight(extractor: "llm/test", summary: "A short call.", outcome: .nurture),
        followUp: Date? = nil
    ) -> PostCallPipeline {
        PostCallPipeline(
            insight: { _ in insight },
            assess: { _, _, _, _ in
                LeadAssessment(
                    scores: [
                        LeadScoreRow(
                            scoreType: "ai_intent", score: 60, confidence: 0.8, factors: ["asked_price": 20],
                            reasoning: "asked for a price"),
                        LeadScoreRow(
                            scoreType: "combined", score: 60, confidence: 0.8, factors: ["ai_intent": 60],
                            reasoning: "mean"),
                    ], combined: 60, bucket: "P2", qualificationStatus: "nurture", stage: "LEAD", winProbability: 20,
                    expectedCloseDate: Date(timeIntervalSince1970: 1_795_000_000), dealValue: 12_000)
            },
            plan: { _, record, _ in
                FollowUpPlan(
                    dueAt: followUp ?? record.endedAt.addingTimeInterval(3 * 86_400), reason: "timeline this_month",
                    recommendation: "Offer a demo.")
            })
    }
}

extension JournalStore {
    /// A finished journal of a short conversation.
    func record(_ opening: CallOpening, facts: [CallFact] = [], turns: Bool = true, ends: Bool = true) async throws {
        let journal = open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.answered(streamSid: .sample, at: opening.rangAt.addingTimeInterval(1)))
        if turns {
            journal.append(
                .turn(
                    Turn(
                        number: 1, speaker: .agent, startedMs: 1_200, endedMs: 4_000,
                        text: "Hello, this is Clara, the AI assistant. How can I help you today?", interrupted: true,
                        heardText: "Hello, this is Clara, the AI assistant.")))
            journal.append(
                .turn(
                    Turn(
                        number: 2, speaker: .caller, startedMs: 3_900, endedMs: 7_000,
                        text: "We need a phone system\u{0} this month.")))
        }
        for fact in facts { journal.append(.fact(fact, atMs: 8_000)) }
        if ends {
            var ear = EarLedger()
            ear.pickupToFirstAudioMs = 210
            journal.append(
                .ended(
                    CallEnding(reason: "caller_hangup", endedAt: opening.rangAt.addingTimeInterval(21), ear: ear)))
        }
        try await journal.finish()
    }

    /// A finished journal that the database refuses: its consult asked specialists without the caller's yes.
    func recordForged(_ opening: CallOpening) async throws {
        var forged = try ConsultFixture.record()
        forged.agreedMs = nil
        forged.consents = []
        let journal = open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.consult(try ConsultRecordPayload(forged), atMs: 500))
        journal.append(
            .ended(
                CallEnding(
                    reason: "caller_hangup", endedAt: opening.rangAt.addingTimeInterval(60), ear: EarLedger())))
        try await journal.finish()
    }
}
