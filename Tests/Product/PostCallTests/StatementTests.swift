import CallModel
import CallReading
import Consult
import Database
import Foundation
import TestSupport
import Testing

@testable import CRM
@testable import Compliance
@testable import PostCall

/// Every statement that writes or reads what calls leave.
@Suite struct StatementTests {
    private static let tables: [any TableColumn.Type] = [
        CallColumn.self, TurnColumn.self, UsageColumn.self, ConsultColumn.self, ConsultAnswerColumn.self,
        ConsentColumn.self, ContactColumn.self, DealColumn.self, TaskColumn.self, InteractionColumn.self,
        LeadColumn.self, LeadScoreColumn.self, CriteriaColumn.self, PipelineStageColumn.self,
        LeadActivityColumn.self, FollowUpColumn.self, MeetingColumn.self,
        UserColumn.self, APIKeyColumn.self,
    ]

    private static let opening = CallOpening.sample()
    private static let parties = CallParties(userID: UUID(), contactID: UUID(), leadID: UUID())
    private static let context = LeadState.Wanted(leadID: UUID(), contactID: UUID(), userID: UUID(), answeredAt: nil)

    private static let moved: BulkRow<LeadColumn> = [
        .id: .uuid(UUID()), .stage: "MQL", .stageChangedAt: .timestamp(.now),
    ]
    private static let qualified: BulkRow<LeadColumn> = [
        .id: .uuid(UUID()), .stage: "MQL", .stageChangedAt: .timestamp(.now), .leadScore: 80, .statusBucket: "P1",
        .qualificationStatus: "nurture", .winProbability: 10, .expectedCloseDate: nil,
    ]

    /// Those of a call's beginning, of people's work on leads and of reading, each with a row as the product makes it.
    private static let others: [BulkQuery] = [
        BulkRows(CallStore.beginning, [CallBeginning.sample(opening).row(parties)]).query,
        BulkRows(CallStore.resuming, [CallBeginning.sample(opening).resumed]).query,
        BulkRows(CallStore.locking, [[.id: .uuid(UUID())]]).query,
        BulkRows(CallStore.callOf, [[.carrierCallSid: .text(opening.callSid.text)]]).query,
        BulkRows(CallParties.phoneLocks, [[.phone: "+14155550100"]]).query,
        BulkRows(CallParties.known, [[.phone: "+14155550100"]]).query,
        BulkRows(CallParties.newContacts, [CallParties.newContact(UUID(), "+14155550100", by: nil)]).query,
        BulkRows(CallParties.newLeads, [CallParties.newLead(of: UUID(), by: nil, currency: "USD")]).query,
        BulkRows(CustomerDirectory.statement, [[.phone: "+14155550100"]]).query,
        BulkRows(CustomerZones.statement, [[.phone: "+14155550100"]]).query,
        BulkRows(JoinedCall.recorded, [[.id: .uuid(UUID())]]).query,
        BulkRows(JoinedCall.turns, [[.callID: .uuid(UUID())]]).query,
        BulkRows(LeadState.leads, [[.id: .uuid(UUID())]]).query,
        BulkRows(LeadState.scores, [[.leadID: .uuid(UUID())]]).query,
        BulkRows(LeadState.contacts, [[.id: .uuid(UUID())]]).query,
        BulkRows(LeadState.followUps, [context.row]).query,
        BulkRows(LeadMove.byHand, [moved]).query,
        BulkRows(LeadMove.contacts, [[.id: .uuid(UUID()), .stage: "MQL"]]).query,
        BulkRows(LeadSignals.calls, [[.leadID: .uuid(UUID())]]).query,
        BulkRows(LeadSignals.messages, [[.id: .uuid(UUID())]]).query,
        BulkRows(LeadSignals.siteEvents, [[.id: .uuid(UUID())]]).query,
        BulkRows(LeadScoring.parties, [[.id: .uuid(UUID())]]).query,
        BulkRows(LeadScoring.scored, [[.id: .uuid(UUID()), .leadScore: 1, .statusBucket: "P3"]]).query,
        BulkRows(LeadScoring.qualified, [qualified]).query,
    ]

    /// What a call leaves that has everything a call can have, and one whose caller wants no more of them.
    private static func rows() throws -> CallRows {
        var record = CallRecord(opening: opening)
        record.answeredAt = opening.rangAt
        record.transcript.turns = [
            Turn(number: 1, speaker: .agent, startedMs: 0, endedMs: 900, text: "I am an AI assistant."),
            Turn(number: 2, speaker: .caller, startedMs: 1_000, endedMs: 2_000, text: "Good. Do call me."),
        ]
        record.consults = [
            try ConsultRecordPayload(try ConsultFixture.record(ending: .unheard, followUp: "Tell them."))
        ]
        record.facts = [.consent(kind: "recording", granted: true, words: "yes")]
        var insight = CallInsight(extractor: "rules/1", summary: "A call.", outcome: .meetingBooked)
        insight.contact.name = Finding("Jane Doe", confidence: 0.9)
        insight.meeting = CallInsight.MeetingAgreed(
            title: "Demo", startsAt: record.endedAt.addingTimeInterval(86_400), durationMinutes: 30)
        var refusal = insight
        refusal.doNotContact = Finding("stop", confidence: 1)
        let known = LeadState.Known(
            lead: LeadState(id: UUID()), contact: LeadState.KnownContact(id: UUID(), doNotContact: false))
        var rows = CallRows()
        for insight in [insight, refusal] {
            let commit = CallCommit(
                record: record, insight: insight, interruptedReason: nil, pipeline: .fixed(), rules: TenantRules())
            commit.add(to: &rows, parties, known)
            commit.addReading(to: &rows)
        }
        return rows
    }

    @Test func `every statement gets the columns it takes from the rows that the product makes`() throws {
        let statements = try Self.rows().queries + Self.others

        for statement in statements { #expect(!statement.isEmpty && statement.problem == nil, "\(statement)") }
        // None is forgotten here.
        var declared = 0
        for folder in ["CRM", "Compliance", "PostCall"] {
            let files = FileManager.default.enumerator(atPath: Checkout.path("Sources/Product/\(folder)"))
            for case let file as String in files ?? .init() where file.hasSuffix(".swift") {
                declared +=
                    try Checkout.text("Sources/Product/\(folder)/\(file)").split(separator: "= BulkStatement<")
                    .count - 1
            }
        }
        #expect(declared == statements.count)
    }

    @Test func `every column that the product spells is one of the database's, of a type that takes its values`()
        async throws
    {
        let temporary = try await TemporaryDatabase.make()

        #expect(try await SchemaCheck.faults(Self.tables, in: temporary) == [])
    }

    @Test func `every statement is one that the database understands`() async throws {
        let temporary = try await TemporaryDatabase.make()

        try await SchemaCheck.prepare((CallRows().queries + Self.others).map(\.text), in: temporary)
    }
}

extension CallBeginning {
    fileprivate static func sample(_ opening: CallOpening) -> CallBeginning {
        CallBeginning(opening: opening, answeredAt: opening.rangAt, sessionID: "s")
    }
}
