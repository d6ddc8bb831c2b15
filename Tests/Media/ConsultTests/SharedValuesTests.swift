import Foundation
import Testing

@testable import Consult

/// Grants for tests of code that asks specialists.
enum TestGrant {
    static func make(for question: ConsultQuestion, atMs: Int = 0, expiresMs: Int = 90_000) -> ConsentGrant {
        var ledger = ConsentLedger()
        return ledger.grant(for: question, words: "yes please", atMs: atMs, expiresMs: expiresMs)
    }
}

extension ConsentLedger {
    /// A grant on words that the English classifier reads as a yes; anything else is a mistake of the test.
    mutating func grant(
        for question: ConsultQuestion, words: String, confidence: Double = 1, atMs: Int, expiresMs: Int
    ) -> ConsentGrant {
        let verdict = try? ConsentClassifier(language: "en").classify(words)
        guard let verdict, let grant = grant(for: question, on: verdict, atMs: atMs, expiresMs: expiresMs) else {
            preconditionFailure("`\(words)` is no yes")
        }
        return grant
    }
}

@Suite struct SharedValuesTests {
    private let question = ConsultQuestion(text: "May we store health data?", askedAtMs: 100, source: .tool)

    @Test(arguments: ["eu-privacy", "a", "us2", "gulf-business-culture"]) func `a slug is a specialist's id`(
        _ text: String
    ) {
        #expect(SpecialistID(text)?.text == text)
    }

    @Test(arguments: ["", "-a", "a-", "a--b", "A", "a_b", "a b", "2a", "ä", "../a", String(repeating: "a", count: 65)])
    func `what is no slug is refused`(_ text: String) throws {
        #expect(SpecialistID(text) == nil)
        let json = try JSONEncoder().encode([text])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([SpecialistID].self, from: json) }
    }

    @Test func `a grant is for its own question and its own time`() throws {
        let grant = TestGrant.make(for: question, atMs: 10, expiresMs: 20)
        let other = ConsultQuestion(text: question.text, askedAtMs: 100, source: .tool)

        try grant.check(for: question, atMs: 19)
        #expect(throws: ConsentRefusal.expired) { try grant.check(for: question, atMs: 20) }
        #expect(throws: ConsentRefusal.otherQuestion) { try grant.check(for: other) }
    }

    @Test func `a withdrawn grant is withdrawn in every copy`() throws {
        var ledger = ConsentLedger()
        let grant = ledger.grant(for: question, words: "yes", atMs: 0, expiresMs: 10)
        let copy = grant
        try copy.check(for: question)

        ledger.withdraw()

        #expect(copy.isWithdrawn)
        #expect(throws: ConsentRefusal.withdrawn) { try copy.check(for: question, atMs: 1) }
    }

    @Test func `a second grant ends the first`() {
        var ledger = ConsentLedger()
        let first = ledger.grant(for: question, words: "yes", atMs: 0, expiresMs: 10)
        let second = ledger.grant(for: question, words: "yes", atMs: 0, expiresMs: 10)

        #expect(first.isWithdrawn)
        #expect(!second.isWithdrawn)
        #expect(first != second)
    }

    @Test(arguments: ["no", "only if it's quick", "no, go ahead", "", "maybe"])
    func `there is no grant without a yes, and what stood before is withdrawn`(_ reply: String) throws {
        var ledger = ConsentLedger()
        let before = ledger.grant(for: question, words: "yes", atMs: 0, expiresMs: 10)
        let verdict = try ConsentClassifier(language: "en").classify(reply)

        #expect(ledger.grant(for: question, on: verdict, atMs: 1, expiresMs: 10) == nil)
        #expect(before.isWithdrawn)
    }

    @Test func `limits left out of a profile are the usual ones and wild ones are reined in`() throws {
        let json = Data(
            #"{"wholeMs": 999999, "signOfLifeMs": 60000, "detectionThreshold": 7, "specialistsMax": 0}"#.utf8)

        let limits = try JSONDecoder().decode(ConsultLimits.self, from: json)

        #expect(limits == ConsultLimits(specialistsMax: 1, detectionThreshold: 1))
        #expect(ConsultLimits().signOfLifeMs == 8_000)
    }
}
