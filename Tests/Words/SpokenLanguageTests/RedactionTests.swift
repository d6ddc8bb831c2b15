import SpokenLanguage
import Testing

@Suite struct ExtractionRedactionTests {
    @Test(arguments: [
        ("my card is 4111 1111 1111 1111 thanks", "my card is [redacted] thanks"),
        ("4111-1111-1111-1111", "[redacted]"), ("it's 378282246310005.", "it's [redacted]."),
        (
            "four one one one one one one one one one one one one one one one",
            "[redacted]"
        ),
        (
            "card five five five five five five five five five five five five four four four four ok",
            "card [redacted] ok"
        ),
        ("ssn 123-45-6789", "ssn [redacted]"),
        ("my social is one two three four five six seven eight nine", "my social is [redacted]"),
        ("pay to DE89 3704 0044 0532 0130 00 please", "pay to [redacted] please"),
        ("GB82WEST12345698765432", "[redacted]"),
    ])
    func `a secret number is taken out`(_ said: String, _ kept: String) {
        #expect(Redaction().redact(said) == kept)
    }

    @Test(arguments: [
        "", "call me at 415 555 2671", "plus one four one five five five five two six seven one",
        "about 25,000 dollars",
        "4111 1111 1111 1112", "order 1234567890123456", "tuesday at 3:30", "the year 2026", "0000 0000 0000 0000",
        "DE00 3704 0044 0532 0130 00", "one two three", "our number is 123456789",
    ])
    func `everything else stays`(_ said: String) {
        #expect(Redaction().redact(said) == said)
    }

    @Test func `what the tenant names is taken out too`() throws {
        let redaction = try Redaction(tenantPatterns: [#"member\s+[a-z]{2}\d{4}"#])

        #expect(redaction.redact("I am Member AB1234, card 4111111111111111") == "I am [redacted], card [redacted]")
    }

    @Test func `a pattern that cannot be read is refused`() {
        #expect(throws: Redaction.PatternError.unreadable(index: 1)) { try Redaction(tenantPatterns: ["a", "("]) }
        #expect(throws: Redaction.PatternError.tooLong(index: 0, bytes: 300)) {
            try Redaction(tenantPatterns: [String(repeating: "a", count: 300)])
        }
    }
}
