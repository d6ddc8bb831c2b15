import SpeechAgent
import Testing

@testable import LiveCalls

@Suite struct ConsultLinesTests {
    @Test func `what the agent refuses is said again after a while, a few times`() {
        var lines = ConsultLines()
        lines.say(.init(text: "The answer.", line: .delivery, mode: .queue))
        for attempt in 1...ConsultLines.triesMax {
            lines.refused(atMs: attempt * 10_000)
            #expect(lines.againAtMs == attempt * 10_000 + ConsultLines.againMs)
            #expect(lines.due(atMs: lines.againAtMs - 1).isEmpty)
            let due = lines.due(atMs: lines.againAtMs)
            #expect(due.map(\.text) == ["The answer."])
            for told in due { lines.say(told) }
        }

        lines.refused(atMs: 99_000)

        #expect(lines.againAtMs == .max)
        #expect(lines.spoken("The answer.") == nil)
    }

    @Test func `a refusal means what was said last, and both of two come again in order`() {
        var lines = ConsultLines()
        lines.say(.init(text: "Hold on.", line: nil, mode: .queue))
        lines.say(.init(text: "The answer.", line: .delivery, mode: .queue))
        lines.refused(atMs: 1_000)
        #expect(lines.spoken("Hold on.") != nil)
        #expect(lines.due(atMs: 2_000).map(\.text) == ["The answer."])

        lines.say(.init(text: "One.", line: nil, mode: .queue))
        lines.say(.init(text: "Two.", line: nil, mode: .queue))
        lines.refused(atMs: 3_000)
        lines.refused(atMs: 3_001)
        #expect(lines.due(atMs: 4_001).map(\.text) == ["One.", "Two."])
    }

    @Test func `what the caller cut off, or a new line replaces, does not come again`() {
        var lines = ConsultLines()
        lines.say(.init(text: "Shall I?", line: .offer, mode: .queue))
        lines.say(.init(text: "Shall I, yes or no?", line: .offer, mode: .queue))
        #expect(lines.spoken("Shall I?") == nil)
        lines.refused(atMs: 1_000)
        lines.forget()

        #expect(lines.due(atMs: 60_000).isEmpty)
        #expect(lines.againAtMs == .max)
    }
}
