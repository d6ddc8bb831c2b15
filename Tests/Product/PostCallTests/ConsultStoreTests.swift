import CallModel
import Consult
import Database
import Foundation
import SpokenLanguage
import Telemetry
import TestSupport
import Testing

@testable import Journal
@testable import PostCall

@Suite struct ConsultStoreTests {
    let directory = JournalDirectory()

    /// Writes a call with these consults through its journal and the post-call writer.
    private func write(_ consults: [ConsultRecord], _ crm: StoreFixture) async throws -> CallOpening {
        let journals = try directory.store()
        let writer = PostCallWriter(
            database: crm.database, journals: journals, pipeline: .fixed(), metrics: Metrics())
        let opening = CallOpening.sample()
        let journal = journals.open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.answered(streamSid: .sample, at: opening.rangAt.addingTimeInterval(1)))
        for consult in consults { journal.append(.consult(try ConsultRecordPayload(consult), atMs: consult.endedMs)) }
        journal.append(
            .ended(
                CallEnding(
                    reason: "caller_hangup", endedAt: opening.rangAt.addingTimeInterval(60), ear: EarLedger())))
        try await journal.finish()
        await writer.submit(opening.callID)
        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        return opening
    }

    @Test func `a call's consults, answers, consents, usage, timeline and follow-up are written with it`() async throws
    {
        let crm = try await StoreFixture.make()
        let heard = try ConsultFixture.record()
        let late = try ConsultFixture.record(
            "What does my card 4111 1111 1111 1111 cost?", ending: .unheard, followUp: "Tell them what recording takes."
        )
        let declined = try ConsultFixture.record("Is it legal?", ending: .declined, agreed: false)

        let opening = try await write([heard, late, declined], crm)

        let rows = try await crm.rows("select * from consults order by ending")
        #expect(try rows.map { try $0.text("ending") } == ["declined", "delivered", "unheard"])
        #expect(try rows.allSatisfy { try $0.uuid("call_id") == opening.callID.uuid })
        #expect(try rows[1].textArray("specialists") == ["call-recording", "us-telemarketing-law"])
        #expect(try rows[1].int("agreed_ms") == 7_000)
        #expect(try rows[1].int("heard_ms") == 9_000)
        #expect(try rows[1].bool("delivered"))
        #expect(try rows[0].intOrNil("agreed_ms") == nil)
        #expect(try !rows[2].text("question").contains("4111"))
        let answers = try await crm.rows(
            "select * from consult_answers where consult_id = $1 order by position", [.uuid(heard.question.id)])
        #expect(try answers.map { try $0.text("outcome") } == ["answered", "late"])
        #expect(try answers.map { try $0.int("took_ms") } == [120, 30_000])
        let consents = try await crm.rows(
            "select * from consents where consult_id = $1 order by reply_number", [.uuid(heard.question.id)])
        #expect(try consents.map { try $0.text("decision") } == ["unclear", "yes"])
        #expect(try consents.map { try $0.bool("granted") } == [false, true])
        #expect(try consents[1].text("words") == "yes please")
        #expect(try consents[1].int("audio_position_ms") == 6_900)
        #expect(try consents[1].timestamp("at") == opening.rangAt.addingTimeInterval(7))
        #expect(try await crm.row("select quantity from usage_records where kind = 'consults'").int("quantity") == 2)
        let timeline = try await crm.rows(
            "select subject from lead_activities where subject like 'Consult%' order by subject")
        #expect(
            try timeline.map { try $0.text("subject") }
                == ["Consult: answered", "Consult: declined", "Consult: unheard"])
        let followUp = try await crm.row("select * from follow_ups where reason = 'consult'")
        #expect(try followUp.text("notes") == "Tell them what recording takes.")
        #expect(try followUp.timestamp("due_at") > opening.rangAt)
    }

    private static func write(
        _ record: ConsultRecord, _ call: CallID, _ party: ConsultStore.Party, in tx: borrowing Transaction
    ) throws {
        var rows = CallRows()
        ConsultStore.add(record, call: call, by: party, to: &rows)
        try rows.send(in: tx)
    }

    @Test func `writing a consult again changes nothing, and it cannot belong to another tenant's call`() async throws {
        let crm = try await StoreFixture.make()
        let record = try ConsultFixture.record()
        let opening = try await write([record], crm)
        let second = try await crm.temporary.secondTenant()
        let party = ConsultStore.Party(rangAt: opening.rangAt)
        var changed = record
        changed.mergedText = "Something else."

        let again = changed
        try await crm.database.transaction(tenant: .initial) { tx in
            try Self.write(again, opening.callID, party, in: tx)
        }
        let foreign = try ConsultFixture.record("Another?")
        await #expect(throws: DatabaseError.self) {
            try await crm.database.transaction(tenant: second) { tx in
                try Self.write(foreign, opening.callID, party, in: tx)
            }
        }

        #expect(try await crm.count("consults") == 1)
        #expect(try await crm.count("consult_answers") == 2)
        #expect(try await crm.row("select merged_text from consults").text("merged_text") == record.mergedText)
        #expect(try await crm.count("consults", tenant: second) == 0)
        #expect(try await crm.count("consult_answers", tenant: second) == 0)
    }

    @Test func `specialists without a yes are refused by the database`() async throws {
        let crm = try await StoreFixture.make()
        let opening = try await write([], crm)
        var record = try ConsultFixture.record()
        record.agreedMs = nil
        record.consents = []
        let forged = record

        let error = await #expect(throws: DatabaseError.self) {
            try await crm.database.transaction(tenant: .initial) { tx in
                try Self.write(forged, opening.callID, ConsultStore.Party(rangAt: opening.rangAt), in: tx)
            }
        }

        #expect("\(error.map(String.init(describing:)) ?? "")".contains("specialists_only_after_a_yes"))
    }

    @Test func `a consult survives the journal, and one that cannot be read costs only itself`() throws {
        let record = try ConsultFixture.record()
        let payload = try ConsultRecordPayload(record)
        let entry = CallJournalEntry.consult(payload, atMs: 9)

        let copy = try JSONDecoder().decode(CallJournalEntry.self, from: try JSONEncoder().encode(entry))

        #expect(copy == entry)
        #expect(payload.record == record)
        #expect(payload.wasBegun)
        let broken = ConsultRecordPayload(id: UUID(), wasBegun: true, json: "{broken 4111 1111 1111 1111")
        #expect(broken.record == nil)
        #expect(broken.redacted(Redaction()).json == "{}")
    }
}
