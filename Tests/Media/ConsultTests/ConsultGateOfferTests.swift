import Consult
import Testing

/// What counts as heard, and what belongs to the question: the moments around an offer.
@Suite struct ConsultGateOfferTests {
    private static let asked = "Is it legal to record phone calls?"

    /// The detector has just ordered an offer for `asked`.
    private func offered(_ question: String = asked) throws -> GateBench {
        var bench = try GateBench()
        try #require(bench.say(question).isOffer)
        return bench
    }

    @Test(arguments: ["yes of course", "yes please", "sure, go ahead", "ja", "of course with their okay"])
    func `a yes that comes with the offer is none`(_ words: String) throws {
        var bench = try offered()

        let actions = bench.say(words, afterMs: 300)

        #expect(actions.grant == nil)
        #expect(actions.consents.isEmpty)
        #expect(bench.gate.phase == .asking)
        _ = bench.handle(.offerHeard, afterMs: 5_000)
        #expect(bench.say("yes please", afterMs: 900).grant != nil)
    }

    @Test func `the rest of the caller's sentence cuts the offer off, belongs to the question, and is offered anew`()
        throws
    {
        var bench = try offered()
        _ = bench.handle(.offerInterrupted(heardText: "I can give"), afterMs: 700)

        let actions = bench.say("of course with their okay", afterMs: 400)

        #expect(actions == [.askConsent(offer(of: bench))])
        #expect(bench.gate.question?.text == "Is it legal to record phone calls? of course with their okay")
        _ = bench.handle(.offerHeard, afterMs: 5_000)
        let agreed = bench.say("yes please")
        #expect(agreed.grant?.questionID == bench.gate.question?.id)
        #expect(agreed.consents.first?.question.hasSuffix("with their okay") == true)
    }

    private func offer(of bench: GateBench) -> String { bench.gate.asked ?? "" }

    @Test func `words spoken into an offer that goes on to its end are no reply to it`() throws {
        var bench = try offered()
        _ = bench.handle(.callerVoiceStarted, afterMs: 2_500)
        _ = bench.handle(.offerHeard, afterMs: 3_000)

        let actions = bench.say("yes", afterMs: 200)

        #expect(actions.grant == nil)
        #expect(actions.contains(.askAgainConsent(bench.gate.wording.askAgain)))
        #expect(actions.consents.map(\.decision) == [.unclear])
        #expect(bench.say("yes", afterMs: 3_000).grant != nil)
    }

    @Test(arguments: [
        ("I can give you a quick answer now, or ask our specialists for a proper one", false),
        (
            "I can give you a quick answer now, or ask our specialists for a proper one, which takes about thirty seconds.",
            false
        ),
        (
            "I can give you a quick answer now, or ask our specialists for a proper one, which takes about thirty seconds. "
                + "Shall I", true
        ),
    ])
    func `a caller who cuts in has heard the offer once its question is clear`(_ heard: String, _ isHeard: Bool) throws
    {
        var bench = try offered()
        _ = bench.handle(.offerInterrupted(heardText: heard), afterMs: 4_000)

        let actions = bench.say("yes please", afterMs: 900)

        #expect((actions.grant != nil) == isHeard)
        #expect(actions.isOffer == !isHeard)
    }

    @Test func `noise that cuts the offer off has it made again, three times at most`() throws {
        var bench = try offered()

        for _ in 0..<2 {
            _ = bench.handle(.offerInterrupted(heardText: ""), afterMs: 500)
            #expect(bench.tickAtDeadline().isOffer)
        }
        _ = bench.handle(.offerInterrupted(heardText: ""), afterMs: 500)
        let last = bench.tickAtDeadline()

        #expect(last.record?.ending == .noReply)
        #expect(last.grant == nil)
    }

    @Test func `an offer can be refused before its end`() throws {
        var bench = try offered()
        _ = bench.handle(.offerInterrupted(heardText: "I can give you a quick answer now, or"), afterMs: 2_500)

        #expect(bench.say("no thanks").record?.ending == .declined)
    }

    @Test(arguments: [
        ("what does the law say", "about recording phone calls in france"),
        ("may we record customers", "in germany without asking them"),
        ("what does the law say", "and does it apply to small companies"),
    ])
    func `a question in two transcripts is one question, the second with the offer or after it`(
        _ first: String, _ second: String
    ) throws {
        for isHeard in [false, true] {
            var bench = try GateBench()
            _ = bench.handle(
                .toolRequested(ConsultQuestion(text: first, askedAtMs: 9_000, source: .tool), callID: "call-1"))
            if isHeard { _ = bench.handle(.offerHeard, afterMs: 4_000) }

            let actions = bench.say(second, afterMs: 1_200)

            #expect(actions.grant == nil)
            #expect(bench.gate.question?.text == "\(first) \(second)")
            _ = bench.handle(.offerHeard, afterMs: 4_000)
            #expect(bench.say("yes").grant != nil)
        }
    }

    @Test func `a question whose first half said nothing yet is offered whole`() throws {
        var bench = try GateBench()
        #expect(bench.say("can you tell me if").isEmpty)

        let actions = bench.say("we may record phone calls in france without consent", afterMs: 1_500)

        #expect(actions.isOffer)
        #expect(bench.gate.question?.text == "can you tell me if we may record phone calls in france without consent")
    }

    @Test func `words of another moment are not part of a question`() throws {
        var bench = try GateBench()
        #expect(bench.say("our office is in").isEmpty)

        _ = bench.say("is it legal to record phone calls in france", afterMs: 9_000)

        #expect(bench.gate.question?.text == "is it legal to record phone calls in france")
    }

    @Test func `the agent's wording of the question is asked instead of the raw words, when it comes soon`() throws {
        let better = ConsultQuestion(
            text: "May a company record phone calls without consent?", askedAtMs: 10_400, source: .tool)
        var soon = try offered()
        #expect(soon.handle(.toolRequested(better, callID: "fc"), afterMs: 300).isEmpty)
        var late = try offered()
        _ = late.handle(.toolRequested(better, callID: "fc"), afterMs: 8_000)

        #expect(soon.gate.question?.text == better.text)
        #expect(late.gate.question?.text == Self.asked)
        _ = soon.handle(.offerHeard, afterMs: 4_000)
        let agreed = soon.say("yes please")
        #expect(agreed.resolved == ["fc"])
        #expect(agreed.consents.first?.question == better.text)
        #expect(agreed.compactMap { if case .begin(let asked, _) = $0 { asked.text } else { nil } } == [better.text])
    }

    @Test(arguments: [
        ["actually how much is the starter plan"], ["no, how much is the starter plan?"],
        ["the starter plan", "no i asked about the starter plan"], ["tell me about the starter plan instead"],
        ["can you tell me about your offices in Berlin"],
    ])
    func `a new question instead of a reply is put to the agent`(_ replies: [String]) throws {
        var bench = try offered()
        _ = bench.handle(.offerHeard, afterMs: 4_000)

        var actions: [ConsultGate.Action] = []
        for reply in replies { actions = bench.say(reply, afterMs: 1_000) }

        #expect(actions.quickQuestion == replies.last)
        #expect(actions.record?.consents.contains { $0.decision == .yes } == false)
        #expect(bench.gate.phase == .idle)
    }

    @Test(arguments: ["how long does it take", "what does that cost?", "who are your specialists", "how many minutes"])
    func `a question about the offer is no other question`(_ words: String) throws {
        var bench = try offered()
        _ = bench.handle(.offerHeard, afterMs: 4_000)

        #expect(bench.say(words).contains(.askAgainConsent(bench.gate.wording.askAgain)))
    }
}

extension [ConsultGate.Action] {
    fileprivate var isOffer: Bool { contains { if case .askConsent(_) = $0 { true } else { false } } }
    fileprivate var quickQuestion: String? {
        compactMap { if case .declineQuietly(let question, _) = $0 { question.text } else { nil } }.first
    }
}
