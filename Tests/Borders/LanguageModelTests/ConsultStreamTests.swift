import Foundation
import Runtime
import TestSupport
import Testing

@testable import LanguageModel

@Suite struct ConsultStreamTests {
    private static let stream = """
        : a comment\r
        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\r
        \r
        data: {"choices":[{"index":0,"delta":{"content":"Grüße, "},"finish_reason":null}],"obfuscation":"xx"}

        event: message
        data: {"choices":[{"index":0,
        data: "delta":{"content":"72 hours 🕒."}}]}

        data: {"choices":[{"index":0,"delta":null}]}

        data: {"choices":[{"index":0}]}

        data:{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"choices":[],"usage":{"total_tokens":13}}

        data: [DONE]


        """

    @Test func `a stream cut at every byte gives the same events`() throws {
        let bytes = Array(ConsultStreamTests.stream.utf8)
        var whole = EventStreamParser()
        let expected = whole.take(bytes)
        #expect(expected.count == 8)
        #expect(expected[2].data.contains("\n"))

        for cut in 0...bytes.count {
            var parser = EventStreamParser()
            #expect(parser.take(bytes[..<cut]) + parser.take(bytes[cut...]) == expected, "cut at \(cut)")
        }
        var single = EventStreamParser()
        let events = bytes.flatMap { single.take([$0]) }
        #expect(events == expected)
    }

    @Test func `the text is put together, and whatever comes before the end of a broken stream is no answer`() throws {
        let bytes = Array(ConsultStreamTests.stream.utf8)

        #expect(try ChatStream.text(of: Data(bytes)) == "Grüße, 72 hours 🕒.")
        for cut in 0..<bytes.count {
            let text = try? ChatStream.text(of: Data(bytes[..<cut]))
            #expect(text == nil || text == "Grüße, 72 hours 🕒.", "cut at \(cut)")
        }
    }

    @Test(arguments: [
        "", "\n\n\n", "<html>busy</html>", "data: {\"error\":{\"message\":\"boom\"}}\n\n", "data: nonsense\n\n",
        "event: error\ndata: {\"message\":\"boom\"}\n\n", "{\"error\":{\"code\":\"x\"}}", "[1,2]", "{\"choices\":[]}",
        "data: {\"choices\":[{\"delta\":{\"content\":\"half\"},\"finish_reason\":\"length\"}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"refusal\":\"no\"},\"finish_reason\":\"stop\"}]}\n\n",
    ])
    func `what is no answer is refused`(body: String) {
        #expect(throws: LLMError.self) { try ChatStream.text(of: Data(body.utf8)) }
    }

    @Test func `a server that does not stream is understood too`() throws {
        #expect(try ChatStream.text(of: Data(LLMStub.completion("Yes.").utf8)) == "Yes.")
    }

    @Test func `an endless line is bounded`() {
        var parser = EventStreamParser(eventBytesMax: 16)
        _ = parser.take(Array("data: \(String(repeating: "x", count: 100_000))".utf8))

        #expect(parser.finish()?.data.utf8.count == 10)
    }

    @Test func `the breaker opens after failures in a row, lets one try, and closes when that succeeds`() {
        var breaker = CircuitBreaker(failuresMax: 2, openMs: 1_000)
        func at(_ ms: Int64) -> MonotonicTime { MonotonicTime(milliseconds: ms) }
        breaker.failed(at: at(0))
        breaker.succeeded()
        breaker.failed(at: at(1))
        let afterOneInARow = breaker.admits(at: at(1))
        breaker.failed(at: at(2))
        let whileOpen = breaker.admits(at: at(1_001))
        let tryAgain = breaker.admits(at: at(1_002))
        let besideTheTry = breaker.admits(at: at(1_002))
        breaker.failed(at: at(1_500))
        let afterAFailedTry = breaker.admits(at: at(2_499))
        let secondTry = breaker.admits(at: at(2_500))
        breaker.abandoned(at: at(2_600))
        let afterATryCalledOff = breaker.admits(at: at(2_600))
        breaker.succeeded()

        #expect(afterOneInARow)
        #expect(!whileOpen)
        #expect(tryAgain)
        #expect(!besideTheTry)
        #expect(!afterAFailedTry)
        #expect(secondTry)
        #expect(afterATryCalledOff)
        #expect(!breaker.isOpen)
    }
}
