import Database
import Endpoints
import FoundationEssentials
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// The views of calls and leads, and the statements that fill them.
@Suite struct CallViewTests {
    @Test func `every field of a view comes from a column or from a place of its own`() {
        #expect(CallQueries.problems == [])
    }

    @Test func `the database understands every reading statement`() async throws {
        let temporary = try await TemporaryDatabase.make()

        try await SchemaCheck.prepare(CallQueries.statements, in: temporary)
    }

    @Test func `a call is read back as the view that describes it`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await ReadingTests.arrange(temporary)

        let answer = await ReadingTests.routes(temporary).respond(
            to: RouteTests.get("/api/v1/calls/\(ReadingTests.sid)", token: ReadingTests.token()))
        let call = try #require(JSONValue(answer.body)).read(View.CallDetail.self)

        #expect(call.id.uuidString.lowercased() == ReadingTests.callID)
        #expect(call.turns.map(\.speaker) == [.agent, .caller, .agent] && call.turns[2].heardText == "Great, and")
        #expect(call.lead?.scores.map(\.score) == [82] && call.contact?.company == "Acme")
        #expect(call.consults.first?.spokenMs == 14_000 && call.consults.first?.answers.first?.outcome == "answered")
        #expect(call.usage["connected_seconds"] == 60)
    }
}
