import Foundation
import Runtime
import Telemetry
import Testing

@Suite struct LogLineTests {
    private static let date = Date(timeIntervalSince1970: 1_800_000_000)

    private static func json(_ value: any Sendable) throws -> (line: String, value: String) {
        let keys: KeyValuePairs<String, any Sendable> = ["why": value]
        let line = LogLine.json(.warning, "webhook refused", keys, at: date)
        let fields = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        return (line, try #require(fields["why"] as? String))
    }

    @Test(arguments: [
        "a\nb", "a\r\nb", "\u{1B}[2J", "\u{9B}2J", "\u{85}", "a\u{2028}b", "\u{202E}evil", "\u{2066}x", "\0", "\"\\",
    ])
    func `what a stranger says stays on its line and moves no cursor`(_ text: String) throws {
        let keys: KeyValuePairs<String, any Sendable> = ["why": text]
        let human = LogLine.human(.warning, "webhook refused", keys)
        let (line, value) = try Self.json(text)

        #expect(value == text)
        for written in [human, line] {
            let odd = written.dropLast().unicodeScalars.filter {
                $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
                    || $0.properties.generalCategory == .lineSeparator
            }
            #expect(odd.isEmpty && written.hasSuffix("\n"), "\(written)")
        }
    }

    @Test func `a value that goes on and on is cut, also when it is a single character`() throws {
        for unit in ["a", "é", "e\u{301}", "\u{301}"] {
            let (line, value) = try Self.json(String(repeating: unit, count: 100_000))

            #expect(value.unicodeScalars.count == LogLine.valueCharactersMax + 1 && value.hasSuffix("…"))
            #expect(line.utf8.count < 8_000)
        }
        let short = String(repeating: "é", count: LogLine.valueCharactersMax)
        #expect(try Self.json(short).value == short)
    }

    @Test func `each kind has its rate, and its count is told once when the second is over`() {
        var rates = LogRates()
        let start = MonotonicTime(milliseconds: 5_000)

        let admitted = (0..<1_000).count { _ in rates.admits("refused", perSecond: 10, at: start) }
        let other = rates.admits("lost", perSecond: 10, at: start)
        let early = rates.ended(at: start.adding(milliseconds: 999))
        let stillFull = rates.admits("refused", perSecond: 10, at: start.adding(milliseconds: 1_200))
        let told = rates.ended(at: start.adding(milliseconds: 1_300))

        let toldAgain = rates.ended(at: start.adding(milliseconds: 1_300))
        let next = rates.admits("refused", perSecond: 10, at: start.adding(milliseconds: 1_301))

        #expect(admitted == 10 && other && early.isEmpty && !stillFull, "told before more is admitted")
        #expect(told.map(\.kind) == ["refused"] && told.map(\.leftOut) == [991])
        #expect(toldAgain.isEmpty && !rates.hasLeftOut && next)
    }
}
