import Endpoints
import FoundationEssentials
import Testing
import WebSocketTransport

@Suite struct ReplyTests {
    private struct Row: Codable, Sendable {
        var id: UUID
        var others: [UUID]
        var text: String
    }

    @Test func `an id has one spelling, and texts are left alone`() throws {
        let id = try #require(UUID(uuidString: "0F72460F-9A80-4EC6-AE85-DE9FAB8698ED"))
        for text in [
            "", "ABC", "see 0F72460F-9A80-4EC6-AE85-DE9FAB8698ED", "\"0F72460F-9A80-4EC6-AE85-DE9FAB8698ED\"", "é\"\\",
        ] {
            let response = try Reply.value(Row(id: id, others: [id, id], text: text)).response
            let body = String(decoding: response.body, as: UTF8.self)

            #expect(body.hasPrefix(#"{"id":"0f72460f-9a80-4ec6-ae85-de9fab8698ed","others":["0f72460f-9a80"#))
            #expect(try JSONDecoder().decode(Row.self, from: Data(response.body)).text == text)
        }
    }
}
