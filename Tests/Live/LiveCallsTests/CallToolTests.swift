import Encoding
import SpeechAgent
import Testing

@testable import LiveCalls

@Suite struct CallToolTests {
    @Test func `every tool has a schema, and all but the look-up wait for the end of the turn`() {
        for tool in CallTool.catalog.map(\.schema) {
            #expect(tool.parameters["type"] == "object" && tool.parameters["properties"]?.object != nil, "\(tool.name)")
            #expect(tool.deferUntilEndOfTurn == (tool.name != "lookup_customer"), "\(tool.name)")
        }
        #expect(Set(CallTool.catalog.map(\.schema.name)).count == 9)
    }
}
