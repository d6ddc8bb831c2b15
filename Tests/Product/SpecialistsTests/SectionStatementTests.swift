import Database
import TestSupport
import Testing

@testable import Specialists

@Suite struct SectionStatementTests {
    private static func query() throws -> BulkQuery {
        BulkRows(KnowledgeStore.section, KnowledgeStore.rows(of: try ConsultFixture.roster(), "digest")).query
    }

    @Test func `a section's row has the columns that its statement takes`() throws {
        let query = try Self.query()

        #expect(query.problem == nil && !query.isEmpty)
    }

    @Test func `the columns of sections are the database's, and it understands how they are written`() async throws {
        let temporary = try await TemporaryDatabase.make()

        #expect(try await SchemaCheck.faults([SectionColumn.self], in: temporary) == [])
        try await SchemaCheck.prepare(
            [try Self.query().text, KnowledgeStore.reading.text, KnowledgeStore.counting.text], in: temporary)
    }
}
