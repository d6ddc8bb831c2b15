import CallModel
import Testing
import TwilioProtocol

@Suite struct StreamTokenTests {
    let mint = StreamTokenMint(secret: Array("a secret of this test".utf8))
    let call: CallSid
    let other: CallSid

    init() throws {
        call = try #require(CallSid("CA00000000000000000000000000000001"))
        other = try #require(CallSid("CA00000000000000000000000000000002"))
    }

    func refusal(_ text: String, for callSid: CallSid, now: Int64, by mint: StreamTokenMint) -> StreamTokenError? {
        do {
            _ = try mint.verify(text, for: callSid, now: now)
            return nil
        } catch { return error }
    }

    @Test func `a token opens its own call until it expires`() throws {
        let token = mint.mint(for: call, expiresAt: 1_000)

        #expect(try mint.verify(token.text, for: call, now: 999) == token)
        #expect(refusal(token.text, for: call, now: 1_000, by: mint) == .expired(secondsAgo: 0))
        #expect(refusal(token.text, for: call, now: 1_060, by: mint) == .expired(secondsAgo: 60))
    }

    @Test func `a token opens no other call and is nothing to another secret`() {
        let token = mint.mint(for: call, expiresAt: 1_000)
        let stranger = StreamTokenMint(secret: [1])

        #expect(refusal(token.text, for: other, now: 0, by: mint) == .forgedOrOtherCall)
        #expect(refusal(token.text, for: call, now: 0, by: stranger) == .forgedOrOtherCall)
    }

    @Test func `a token with any character changed, added or taken away is refused`() {
        let text = mint.mint(for: call, expiresAt: 1_000, nonce: 0xABCDEF).text
        for index in text.indices {
            var changed = text
            changed.replaceSubrange(index...index, with: text[index] == "0" ? "1" : "0")
            #expect(refusal(changed, for: call, now: 0, by: mint) != nil, "\(changed)")
            #expect(refusal(String(text[..<index]), for: call, now: 0, by: mint) != nil)
        }
        for changed in [text + "0", text + ".", " " + text, text.uppercased(), "v1.+1000" + text.dropFirst(7)] {
            #expect(refusal(changed, for: call, now: 0, by: mint) != nil, "\(changed)")
        }
        #expect(refusal(String(repeating: "v1.", count: 100_000), for: call, now: 0, by: mint) == .malformed)
    }

    @Test func `two tokens of one call differ`() {
        #expect(mint.mint(for: call, expiresAt: 1_000) != mint.mint(for: call, expiresAt: 1_000))
    }

    @Test func `a token is worth nothing the second time`() throws {
        var spent = SpentStreamTokens()
        let token = mint.mint(for: call, expiresAt: 1_000)
        try spent.spend(token, now: 10)

        #expect(throws: StreamTokenError.alreadyUsed) { try spent.spend(token, now: 20) }
    }

    @Test func `tokens that differ in call, time or nonce alone are told apart`() throws {
        var spent = SpentStreamTokens()
        let tokens = [
            mint.mint(for: call, expiresAt: 100, nonce: 1), mint.mint(for: call, expiresAt: 100, nonce: 2),
            mint.mint(for: call, expiresAt: 101, nonce: 1), mint.mint(for: other, expiresAt: 100, nonce: 1),
        ]
        for token in tokens { try spent.spend(token, now: 0) }
        #expect(spent.count == 4)
        for token in tokens {
            #expect(throws: StreamTokenError.alreadyUsed) { try spent.spend(token, now: 0) }
        }
    }

    @Test func `a full ledger forgets the expired and otherwise refuses`() throws {
        var spent = SpentStreamTokens(countMax: 2)
        try spent.spend(mint.mint(for: call, expiresAt: 100), now: 0)
        try spent.spend(mint.mint(for: call, expiresAt: 200), now: 0)

        #expect(throws: StreamTokenError.ledgerFull) {
            try spent.spend(mint.mint(for: call, expiresAt: 300), now: 50)
        }
        try spent.spend(mint.mint(for: call, expiresAt: 300), now: 150)
        #expect(spent.count == 2)
    }

    @Test func `the ledger keeps what is good and little else, however long the gateway runs`() throws {
        var spent = SpentStreamTokens()
        for second in 0..<2_000 as Range<Int64> {
            for _ in 0..<10 { try spent.spend(mint.mint(for: call, expiresAt: second + 60), now: second) }
            #expect(spent.count >= min(600, 10 * Int(second + 1)) && spent.count <= 1_300)
        }
    }
}
