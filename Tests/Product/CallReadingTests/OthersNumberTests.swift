import CallModel
import CallReading
import TestSupport
import Testing

/// Numbers and times that are told about something else, or only in relation to what was proposed.
@Suite struct OthersNumberTests {
    private func insight(_ lines: String) -> CallInsight {
        let record = Conversation.record(lines)
        return RuleExtractor().insight(for: record, context: ExtractionContext(record: record))
    }

    @Test(arguments: [
        "my boss is on 212 555 0145 but call me on this one", "it used to be 617 555 0120",
        "I was called from 212 555 0146", "please stop using 212 555 0149",
    ])
    func `a number that is not to be called is not the caller's`(_ answer: String) {
        #expect(insight("A: Which phone number can we reach you on?\nC: \(answer)").contact.phone == nil)
    }

    @Test func `a number to call stays one beside a time not to call at`() {
        let found = insight(
            "A: Which phone number can we reach you on?\nC: don't call before nine, call me on 212 555 0177")

        #expect(found.contact.phone?.value == "+12125550177")
    }

    @Test func `half an hour later than proposed is half an hour later`() {
        let found = insight(
            """
            A: Shall we schedule a demo on Tuesday at three in the afternoon?
            C: make it half an hour later
            A: Half past three on Tuesday, I have booked it.
            """)

        let startsAt = Conversation.moment(found.meeting?.startsAt)
        #expect(startsAt.hasSuffix("15:30"))
    }

    @Test func `the second one is no day of the month`() {
        let found = insight(
            """
            A: We could meet on Tuesday at three or Wednesday at four in the afternoon.
            C: the second one
            A: Wednesday at four, booked.
            """)

        let startsAt = Conversation.moment(found.meeting?.startsAt)
        #expect(!startsAt.hasPrefix("2026-12-02"))
    }
}
