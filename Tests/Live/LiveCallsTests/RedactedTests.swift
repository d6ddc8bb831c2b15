import CallModel
import Testing

@testable import LiveCalls

/// What those who watch a call, and the specialists who are asked in it, get to see.
@Suite struct RedactedTests {
    private func turn(_ number: Int, _ speaker: Speaker, _ text: String) -> CallJournalEntry {
        .turn(
            Turn(number: number, speaker: speaker, startedMs: number * 1_000, endedMs: number * 1_000 + 900, text: text)
        )
    }

    @Test func `a check number that was asked for goes to nobody`() {
        var redacted = Redacted()
        _ = redacted.entry(turn(1, .agent, "And the security code on the back?"))

        let shown = redacted.entry(turn(2, .caller, "it's one two three, am I allowed to record calls?"))

        #expect(shown == turn(2, .caller, "it's [redacted], am I allowed to record calls?"))
        #expect(redacted.callerText == "it's [redacted], am I allowed to record calls?")
        #expect(
            Redacted.text("card four one double one double one double one double one double one double one double one")
                == "card [redacted]")
    }

    @Test func `a number that was begun before the call moved is known when it ends`() throws {
        var record = CallRecord(opening: try CallCards().make().opening)
        record.transcript.turns = [Turn(number: 1, speaker: .caller, startedMs: 0, endedMs: 900, text: "4111 1111")]
        var redacted = Redacted(resuming: record)

        #expect(redacted.entry(turn(2, .caller, "1111 1111")) == turn(2, .caller, "[redacted]"))
    }

    @Test func `a choice from a menu is shown, a number being keyed is not`() {
        var redacted = Redacted()
        func shown(_ keys: String, from atMs: Int) -> String {
            keys.enumerated().map { count, key in
                let entry = redacted.entry(.dtmf(digit: String(key), atMs: atMs + count * 200))
                if case .dtmf(let digit, _) = entry { return digit }
                return "?"
            }.joined()
        }

        #expect(shown("2#", from: 1_000) == "2#")
        #expect(shown("4111111111111111", from: 20_000) == "4111••••••••••••")
        _ = redacted.entry(turn(1, .agent, "Please key in the security code."))
        #expect(shown("123", from: 40_000) == "•••")
    }
}
