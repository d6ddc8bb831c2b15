import CallModel
import Runtime
import Testing

@testable import LiveCalls

@Suite struct EndedCallsTests {
    private func sid(_ number: Int) throws -> CallSid {
        let digits = String(number, radix: 16)
        return try #require(CallSid("CA" + String(repeating: "0", count: 32 - digits.count) + digits))
    }

    @Test func `a call is known after its end, and another is not`() throws {
        var ended = EndedCalls()
        for sid in ["CA0123456789abcdef0123456789abcdef", "CAfedcba9876543210fedcba9876543210"] {
            ended.remember(try #require(CallSid(sid)))
        }

        #expect(ended.contains(try #require(CallSid("CA0123456789ABCDEF0123456789abcdef"))))
        #expect(!ended.contains(try #require(CallSid("CA0123456789abcdef0123456789abcdee"))))
        #expect(!ended.contains(try #require(CallSid("CA1123456789abcdef0123456789abcdef"))))
    }

    @Test func `the last calls are known whatever came before them, and the old ones are forgotten`() throws {
        var ended = EndedCalls()
        let count = 3 * EndedCalls.callsMax + 7
        for number in 0..<count { ended.remember(try sid(number)) }

        for number in (count - EndedCalls.callsMax)..<count { #expect(ended.contains(try sid(number))) }
        #expect(!ended.contains(try sid(0)))
    }

    @Test func `a call is known for ten minutes at least, and not for ever`() throws {
        var ended = EndedCalls()
        let start = MonotonicTime.now()
        ended.remember(try sid(1), at: start)

        ended.remember(try sid(2), at: start.adding(milliseconds: 601_000))
        #expect(ended.contains(try sid(1)))

        ended.remember(try sid(3), at: start.adding(milliseconds: 1_202_000))
        #expect(!ended.contains(try sid(1)))
        #expect(ended.contains(try sid(2)))
    }
}
