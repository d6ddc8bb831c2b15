import Database
import FoundationEssentials
import TestSupport
import Testing

@testable import Jobs

@Suite struct JobStatementTests {
    private struct Errand: JobKind {
        static let kind = "test.errand"
        var name = "a"
    }

    private static func query() throws -> BulkQuery {
        BulkRows(
            JobQueue.enqueueing, try JobQueue.rows([Errand()], at: Date(), unique: { _ in .oneWaiting("one") })
        ).query
    }

    @Test func `a job's row has the columns that its statement takes`() throws {
        let query = try Self.query()

        #expect(query.problem == nil && !query.isEmpty)
    }

    @Test func `the columns of jobs are the database's, and it understands how they are enqueued`() async throws {
        let temporary = try await TemporaryDatabase.make()

        #expect(try await SchemaCheck.faults([JobColumn.self], in: temporary) == [])
        try await SchemaCheck.prepare([try Self.query().text], in: temporary)
    }
}
