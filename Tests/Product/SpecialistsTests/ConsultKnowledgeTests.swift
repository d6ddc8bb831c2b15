import CallModel
import Consult
import Database
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Specialists

@Suite struct ConsultKnowledgeTests {
    private func store(_ crm: StoreFixture) throws -> KnowledgeStore {
        KnowledgeStore(database: crm.database, roster: try ConsultFixture.roster())
    }

    private func ask(_ id: String, _ text: String, _ store: KnowledgeStore) async throws -> SpecialistReply {
        let specialist = try #require(try ConsultFixture.roster().specialists.first { $0.id.text == id })
        let question = ConsultFixture.question(text)
        return try await KnowledgeAsker(store, tenant: .initial)
            .ask(specialist, question, under: ConsultFixture.grant(question), timeout: .seconds(60))
    }

    @Test(arguments: [
        ("us-telemarketing-law", "During which hours may we call people?", "nine in the evening", "64.1200(c)(1)"),
        ("eu-privacy", "How fast do we have to answer an erasure request?", "within one month", "GDPR"),
        ("payments", "Can calls be recorded when a card number is spoken?", "security code", "PCI DSS"),
        ("ai-disclosure", "Must the voice agent say it is an AI in Europe?", "2 August 2026", "50(1)"),
        (
            "call-recording", "What does an unlawful recording cost in California?", "5,000 dollars",
            "California Penal Code"
        ),
        ("support-levels", "What does 99.9 percent uptime mean?", "43 minutes", "Site Reliability"),
        ("india-telecom-and-data", "What is the 140 series?", "140 series", "TCCCPR"),
    ])
    func `a question finds the passage that answers it, with its source`(
        id: String, question: String, quote: String, source: String
    ) async throws {
        let crm = try await StoreFixture.make()

        let reply = try await ask(id, question, try store(crm))

        #expect(reply.text.contains(quote), "\(reply.text)")
        #expect(reply.sources.contains { $0.contains(source) }, "\(reply.sources)")
    }

    @Test func `nothing found is an empty reply, and search operators are just words`() async throws {
        let crm = try await StoreFixture.make()
        let store = try store(crm)

        #expect(try await ask("payments", "Do penguins yodel on Jupiter?", store).text == "")
        #expect(try await ask("payments", "What is it?", store).text == "")
        #expect(try await ask("payments", "", store).text == "")
        #expect(try await ask("payments", "'); drop; -- & | ! <-> :* \"", store).text == "")
        #expect(try await ask("payments", "-\"card\" OR !number", store).text != "")
    }

    @Test func `the knowledge is loaded once, replaced when it changes, and each tenant has its own`() async throws {
        let crm = try await StoreFixture.make()
        let second = try await crm.temporary.secondTenant()
        let roster = try ConsultFixture.roster()
        let sections = roster.specialists.reduce(0) { $0 + $1.sections.count }
        let ids = "select string_agg(id::text, ' ' order by id) as ids from specialist_sections"

        let store = KnowledgeStore(database: crm.database, roster: roster)
        try await store.prepare(.initial)
        let before = try await crm.row(ids).text("ids")
        try await KnowledgeStore(database: crm.database, roster: roster).prepare(.initial)
        #expect(try await crm.row(ids).text("ids") == before)
        #expect(try await crm.count("specialist_sections") == sections)
        #expect(try await crm.count("specialist_sections", tenant: second) == 0)

        let smaller = SpecialistRoster(Array(roster.specialists.prefix(2)))
        try await KnowledgeStore(database: crm.database, roster: smaller).prepare(.initial)
        try await store.prepare(second)
        #expect(
            try await crm.count("specialist_sections") == smaller.specialists.reduce(0) { $0 + $1.sections.count })
        #expect(try await crm.count("specialist_sections", tenant: second) == sections)
    }

    @Test func `a withdrawn consent sends nothing`() async throws {
        let crm = try await StoreFixture.make()
        let store = try store(crm)
        let specialist = try #require(try ConsultFixture.roster().specialists.first)
        let question = ConsultFixture.question("What about small talk?")

        await #expect(throws: ConsentRefusal.withdrawn) {
            try await KnowledgeAsker(store, tenant: .initial).ask(
                specialist, question, under: ConsultFixture.withdrawnGrant(question), timeout: .seconds(5))
        }
    }

    @Test func `a database that is away fails the consult without waiting past its limit`() async throws {
        let directory = JournalDirectory()
        let crm = try await StoreFixture.make()
        let door = try crm.door(in: directory)
        let roster = try ConsultFixture.roster()
        let question = ConsultFixture.question("May we record calls in California?")
        let asker = KnowledgeAsker(KnowledgeStore(database: door.database, roster: roster), tenant: .initial)

        let outcome = await Moderator(roster).consult(
            question, under: ConsultFixture.grant(question), limits: ConsultLimits(specialistMs: 500, wholeMs: 1_000),
            asking: asker)

        #expect(outcome.verdict == .allFailed)
        #expect(outcome.tookMs < 30_000)
    }

    @Test func `a hundred consults side by side are answered in time`() async throws {
        let crm = try await StoreFixture.make()
        let roster = try ConsultFixture.roster()
        let store = KnowledgeStore(database: crm.database, roster: roster)
        try await store.prepare(.initial)
        let moderator = Moderator(roster)
        let questions = roster.specialists.flatMap { $0.sections.map(\.title) }

        let took = await withTaskGroup(of: Int.self) { group in
            for index in 0..<100 {
                group.addTask {
                    let question = ConsultFixture.question(questions[index % questions.count])
                    let outcome = await moderator.consult(
                        question, under: ConsultFixture.grant(question), limits: ConsultLimits(),
                        asking: KnowledgeAsker(store, tenant: .initial))
                    #expect(
                        outcome.verdict == .answered,
                        "\(question.text): \(outcome.answers.map { "\($0.specialist) \($0.outcome)" })")
                    return outcome.tookMs
                }
            }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }

        let sorted = took.sorted()
        print("100 concurrent consults: p50 \(sorted[50]) ms, p95 \(sorted[94]) ms, max \(sorted[99]) ms")
        #expect(sorted[99] < ConsultLimits().specialistMs)
    }
}
