import Consult
import Testing

@Suite struct ConsultGateTests {
    @Test func `the agent's request is offered to the caller, with the time it takes, and nothing is begun`() throws {
        var bench = try GateBench()

        let actions = bench.request()

        #expect(
            actions == [
                .pauseAgent,
                .askConsent(
                    "I can give you a quick answer now, or ask our specialists for a proper one, which takes about "
                        + "thirty seconds. Shall I ask them?"),
            ])
        #expect(bench.gate.phase == .asking)
    }

    @Test func `a yes begins the consult with a grant and a hold phrase`() throws {
        var bench = try GateBench()

        let actions = bench.agree()

        let grant = try #require(actions.grant)
        try grant.check(for: bench.question, atMs: bench.nowMs)
        #expect(actions.contains(status: "consulting"))
        #expect(actions.last == .sayHold(bench.gate.wording.hold[0]))
        let consent = try #require(actions.consents.first)
        #expect(consent.decision == .yes)
        #expect(consent.words == "Yes, please.")
        #expect(consent.question == bench.question.text)
        #expect(consent.atMs == bench.nowMs)
        #expect(consent.audioPositionMs == bench.nowMs - 2_100)
        #expect(bench.gate.phase == .consulting)
    }

    @Test func `a no gives the quick answer and is kept`() throws {
        var bench = try GateBench()
        _ = bench.request()
        _ = bench.handle(.offerHeard)

        let actions = bench.say("I'd rather not.")

        #expect(actions.contains(.declineQuietly(bench.question, text: bench.gate.wording.declined)))
        #expect(actions.contains(.resumeAgent))
        #expect(actions.contains(status: "declined"))
        #expect(actions.grant == nil)
        #expect(actions.record?.ending == .declined)
        #expect(actions.record?.consents.map(\.decision) == [.no])
        #expect(bench.gate.phase == .idle)
    }

    @Test(arguments: ["only if it's quick", "how much is it?", "no, go ahead", "purple carpet"])
    func `an unclear reply is asked once more and then is a no`(_ reply: String) throws {
        var bench = try GateBench()
        _ = bench.request()
        _ = bench.handle(.offerHeard)

        let first = bench.say(reply)
        let second = bench.say(reply)

        #expect(first.contains(.askAgainConsent(bench.gate.wording.askAgain)))
        #expect(first.consents.map(\.decision) == [.unclear])
        #expect(second.contains(.declineQuietly(bench.question, text: bench.gate.wording.declined)))
        #expect(second.record?.ending == .unclear)
        #expect(second.record?.consents.count == 2)
        #expect(second.grant == nil)
    }

    @Test func `an unclear reply and then a yes is a yes`() throws {
        var bench = try GateBench()
        _ = bench.request()
        _ = bench.handle(.offerHeard)
        _ = bench.say("hmm")

        let actions = bench.say("yes go ahead")

        #expect(actions.grant != nil)
    }

    @Test func `silence is unclear, twice silence is a no`() throws {
        var bench = try GateBench()
        _ = bench.request()
        _ = bench.handle(.offerHeard)
        #expect(bench.gate.nextDeadlineMs == bench.nowMs + 8_000)

        let first = bench.tickAtDeadline()
        let second = bench.tickAtDeadline()

        #expect(first.contains(.askAgainConsent(bench.gate.wording.askAgain)))
        #expect(first.consents.map(\.words) == [""])
        #expect(second.record?.ending == .noReply)
        #expect(second.resolved == ["call-1"])
        #expect(bench.gate.nextDeadlineMs == .max)
    }

    @Test func `a caller who begins to speak in the last moment is waited for`() throws {
        var bench = try GateBench()
        _ = bench.request()
        _ = bench.handle(.offerHeard)

        let none = bench.handle(.callerVoiceStarted, afterMs: 7_900)

        #expect(none.isEmpty)
        #expect(bench.gate.nextDeadlineMs == bench.nowMs + 8_000)
    }

    @Test func `the transcript of the question itself is no reply`() throws {
        var bench = try GateBench()
        _ = bench.request()

        #expect(bench.say("may we store health data of eu patients").isEmpty)
        #expect(bench.gate.phase == .asking)
    }

    @Test func `a complex question in the caller's words is offered without the agent`() throws {
        var bench = try GateBench()

        let actions = bench.say("Does the GDPR allow us to record the calls?")

        #expect(actions.first == .pauseAgent)
        #expect(bench.gate.question?.source == .detected)
        #expect(bench.gate.question?.reasons.isEmpty == false)
        #expect(bench.request("late").isEmpty)
        _ = bench.handle(.offerHeard)
        #expect(bench.say("yes").resolved == ["late"])
    }

    @Test func `small talk is not offered a consult`() throws {
        var bench = try GateBench()

        #expect(bench.say("We have about fifty people, thanks.").isEmpty)
    }

    @Test func `after a no the detector keeps quiet for a minute and the agent's tool does not`() throws {
        var bench = try GateBench()
        _ = bench.say("Does the GDPR allow us to record the calls?")
        _ = bench.handle(.offerHeard)
        _ = bench.say("no thanks")

        #expect(bench.say("Does the GDPR allow that or does it not?").isEmpty)
        #expect(!bench.say("Does the GDPR allow that?", afterMs: 60_000).isEmpty)
        _ = bench.handle(.offerHeard)
        _ = bench.say("no thanks")
        #expect(!bench.request().isEmpty)
    }

    @Test func `an agent given a declined question to answer is not offered a consult about it once more`() throws {
        var bench = try GateBench()
        let words = "Does the GDPR let us record calls, and what does HIPAA say about it?"
        #expect(bench.say(words).contains { if case .askConsent(_) = $0 { true } else { false } })
        _ = bench.handle(.offerHeard)
        #expect(bench.say("no thanks").record?.ending == .declined)
        let question = ConsultQuestion(text: words, askedAtMs: bench.nowMs, source: .tool)

        let actions = bench.handle(.toolRequested(question, callID: "again"))

        #expect(actions.contains(status: "declined"))
        #expect(bench.gate.phase == .idle)
        bench.nowMs += 60_000
        _ = bench.handle(.toolRequested(question, callID: "later"))
        #expect(bench.gate.phase == .asking)
    }

    @Test func `the answer is spoken, heard and recorded`() throws {
        var bench = try GateBench()
        _ = bench.agree()
        let agreedMs = bench.nowMs

        let ready = bench.handle(.answerReady(try GateBench.answer()), afterMs: 2_000)
        _ = bench.handle(.deliveryBegan(inMs: 300), afterMs: 100)
        let heard = bench.handle(.deliveredHeard, afterMs: 4_000)

        #expect(ready.delivered == "Thank you for waiting. You may, with an agreement in place.")
        #expect(!ready.contains { if case .offerRest(_) = $0 { true } else { false } })
        let record = try #require(heard.record)
        #expect(record.ending == .delivered)
        #expect(record.delivered)
        #expect(record.agreedMs == agreedMs)
        #expect(record.answeredMs == agreedMs + 2_000)
        #expect(record.answerMs == 2_400)
        #expect(record.heardMs == agreedMs + 6_100)
        #expect(record.answers.count == 1)
        #expect(record.followUp == nil)
        #expect(heard.contains(.resumeAgent))
    }

    @Test func `a long answer is cut for the ear and the rest is offered`() throws {
        var bench = try GateBench()
        _ = bench.agree()
        let text = String(repeating: "This sentence has exactly seven words inside. ", count: 20)

        let actions = bench.handle(.answerReady(try GateBench.answer(text)))

        #expect(actions.delivered?.hasSuffix(bench.gate.wording.restOffer) == true)
        #expect(
            actions.contains { if case .offerRest(let rest) = $0 { rest.hasPrefix("This sentence") } else { false } })
    }

    @Test(arguments: ["never mind", "forget it", "please stop", "oh you know what, never mind, I'll look it up"])
    func `the caller can call it off while waiting`(_ words: String) throws {
        var bench = try GateBench()
        let grant = try #require(bench.agree().grant)

        let actions = bench.say(words, afterMs: 3_000)

        #expect(actions.contains(.cancelConsult(reason: .cancelled)))
        #expect(actions.contains(.say(bench.gate.wording.cancelled)))
        #expect(actions.record?.ending == .cancelled)
        #expect(actions.consents.first?.isWithdrawal == true)
        #expect(grant.isWithdrawn)
        #expect(bench.handle(.answerReady(try GateBench.answer())).isEmpty)
    }

    @Test func `consent withdrawn before anything was sent stops it from being sent`() throws {
        var bench = try GateBench()
        let grant = try #require(bench.agree().grant)

        let actions = bench.say("no wait, I don't want that")

        #expect(actions.contains(.cancelConsult(reason: .withdrawn)))
        #expect(actions.record?.ending == .withdrawn)
        #expect(actions.record?.consents.map(\.decision) == [.yes, .no])
        #expect(throws: ConsentRefusal.withdrawn) { try grant.check(for: bench.question) }
    }

    @Test func `a barge-in while waiting is answered and cancels nothing`() throws {
        var bench = try GateBench()
        let grant = try #require(bench.agree().grant)

        let actions = bench.say("how long will it be?", afterMs: 3_000)

        #expect(actions == [.answerBargeIn(bench.gate.wording.bargeIn[0])])
        #expect(!grant.isWithdrawn)
        #expect(bench.gate.phase == .consulting)
    }

    @Test(arguments: ConsultGate.SignStyle.allCases)
    func `a waiting caller gets a sign of life before eight seconds are over`(_ style: ConsultGate.SignStyle) throws {
        var bench = try GateBench(signStyle: style)
        _ = bench.agree()
        var lastMs = bench.nowMs
        let agreedMs = lastMs
        var tones = 0

        while bench.gate.phase == .consulting, bench.nowMs < agreedMs + 82_000 {
            let actions = bench.tickAtDeadline()
            #expect(actions.isSignOfLife)
            #expect(bench.nowMs - lastMs <= 8_000)
            if actions == [.signOfLife(.tone)] { tones += 1 }
            lastMs = bench.nowMs
        }

        #expect(style == .spoken ? tones == 0 : tones > 4)
    }

    @Test func `key zero reaches a person in every phase, and other keys change nothing`() throws {
        for phase in [ConsultGate.Phase.asking, .consulting, .delivering] {
            var bench = try GateBench()
            _ = phase == .asking ? bench.request() : bench.agree()
            if phase == .delivering { _ = bench.handle(.answerReady(try GateBench.answer())) }
            #expect(bench.gate.phase == phase)
            #expect(bench.handle(.keyPressed("5")).isEmpty)

            let actions = bench.handle(.keyPressed("0"))

            #expect(actions.contains(.transferToPerson))
            #expect(actions.record?.ending == .keyPressed)
            #expect(actions.contains(.cancelConsult(reason: .keyPressed)) == (phase == .consulting))
            #expect((actions.record?.followUp != nil) == (phase == .delivering))
            // A no to the offer, or the yes taken back; an answer already given needs no consent any more.
            #expect(actions.consents.map(\.decision) == (phase == .delivering ? [] : [.no]))
            #expect(actions.consents.contains(where: \.isWithdrawal) == (phase == .consulting))
            #expect(bench.gate.phase == .idle)
        }
    }

    @Test func `a caller who asks for a person while waiting gets one`() throws {
        var bench = try GateBench()
        let grant = try #require(bench.agree().grant)

        let actions = bench.say("can I talk to a real person please")

        #expect(actions.contains(.transferToPerson))
        #expect(grant.isWithdrawn)
        #expect(actions.record?.consents.map(\.decision) == [.yes, .no])
        #expect(actions.record?.consents.last?.words == "can I talk to a real person please")
        #expect(actions.record?.consents.last?.isWithdrawal == true)
    }

    @Test func `the wait ends with the first of the answer, and begins anew when nothing of it was heard`() throws {
        var bench = try GateBench()
        _ = bench.agree()
        let agreedMs = bench.nowMs
        _ = bench.handle(.answerReady(try GateBench.answer()))
        _ = bench.handle(.deliveryBegan(inMs: 10_000))
        _ = bench.handle(.deliveryInterrupted(heardText: ""))
        _ = bench.say("sorry what was that")

        bench.nowMs = agreedMs + 4_000
        _ = bench.gate.handle(.deliveryBegan(inMs: 700), at: bench.nowMs)
        _ = bench.gate.handle(.deliveryBegan(inMs: 9_000), at: bench.nowMs)
        let record = bench.handle(.deliveredHeard).record

        #expect(record?.answerMs == 4_700)
        #expect(record?.ending == .delivered)
    }

    @Test func `hanging up while asked, while waiting and before the answer was heard`() throws {
        var asking = try GateBench()
        _ = asking.request()
        let asked = asking.handle(.hungUp)
        #expect(asked.record?.ending == .hungUp)
        #expect(asked.contains(status: "call_ended"))

        var waiting = try GateBench()
        let grant = try #require(waiting.agree().grant)
        let waited = waiting.handle(.hungUp)
        #expect(waited.contains(.cancelConsult(reason: .hungUp)))
        #expect(waited.record?.ending == .hungUp)
        #expect(waited.record?.followUp == nil)
        #expect(grant.isWithdrawn)

        var delivering = try GateBench()
        _ = delivering.agree()
        _ = delivering.handle(.answerReady(try GateBench.answer()))
        let record = try #require(delivering.handle(.hungUp).record)
        #expect(record.ending == .unheard)
        #expect(!record.delivered)
        #expect(record.followUp?.contains(delivering.question.text) == true)
        #expect(record.followUp?.contains("with an agreement in place") == true)
    }

    @Test func `after the hang-up a tool call is answered and nothing else happens`() throws {
        var bench = try GateBench()
        _ = bench.handle(.hungUp)

        #expect(bench.request("late").resolved == ["late"])
        #expect(bench.say("Does the GDPR allow that?").isEmpty)
        #expect(bench.gate.phase == .idle)
    }

    @Test func `when all fail a call back is promised and becomes a follow-up`() throws {
        var bench = try GateBench()
        _ = bench.agree()

        let actions = bench.handle(.allFailed([try GateBench.answered("", .failed)]))

        let record = try #require(actions.record)
        #expect(record.ending == .allFailed)
        #expect(record.answers.map(\.outcome) == [.failed])
        #expect(record.followUp?.contains(bench.question.text) == true)
        #expect(actions.first == .promiseCallBack(text: bench.gate.wording.failed, followUp: record.followUp ?? ""))
    }

    @Test func `an answer without words counts as none`() throws {
        var bench = try GateBench()
        _ = bench.agree()

        #expect(bench.handle(.answerReady(try GateBench.answer("** [1] **"))).record?.ending == .allFailed)
    }

    @Test func `when the time is over what has come in is told`() throws {
        var bench = try GateBench(limits: ConsultLimits(wholeMs: 5_000))
        let grant = try #require(bench.agree().grant)
        _ = bench.handle(.partialAnswers([try GateBench.answered("You may."), try GateBench.answered("", .late)]))

        let actions = bench.tickAtDeadline()
        let heard = bench.handle(.deliveredHeard)

        #expect(actions.first == .cancelConsult(reason: .timedOut))
        #expect(actions.delivered == "\(bench.gate.wording.partialIntro) You may.")
        #expect(grant.isWithdrawn)
        #expect(heard.record?.ending == .deliveredPartly)
        #expect(heard.record?.answers.count == 2)
    }

    @Test func `when the time is over and nothing came in a call back is promised`() throws {
        var bench = try GateBench(limits: ConsultLimits(wholeMs: 5_000))
        _ = bench.agree()

        let actions = bench.tickAtDeadline()

        #expect(actions.contains(.cancelConsult(reason: .timedOut)))
        #expect(actions.record?.ending == .timedOut)
        #expect(actions.record?.followUp != nil)
    }

    @Test func `an answer that cannot be delivered in time becomes a follow-up`() throws {
        var bench = try GateBench()
        _ = bench.agree()
        _ = bench.handle(.answerReady(try GateBench.answer()))

        let record = try #require(bench.tickAtDeadline().record)

        #expect(record.ending == .unheard)
        #expect(record.followUp?.contains("agreement") == true)
    }

    @Test func `an answer talked over at once is said again, one half heard counts as partly delivered`() throws {
        var bench = try GateBench()
        _ = bench.agree()
        _ = bench.handle(.answerReady(try GateBench.answer()))

        #expect(bench.handle(.deliveryInterrupted(heardText: "")).isEmpty)
        #expect(bench.say("sorry, go on").delivered != nil)
        #expect(bench.handle(.deliveryInterrupted(heardText: "Thank you")).record?.ending == .deliveredPartly)
    }

    @Test func `a second request while one runs is refused politely`() throws {
        var bench = try GateBench()
        _ = bench.request()
        _ = bench.handle(.offerHeard)
        let whileAsking = bench.request("call-2")
        _ = bench.say("yes")
        let whileConsulting = bench.request("call-3")

        for actions in [whileAsking, whileConsulting] {
            #expect(actions.count == 1)
            #expect(actions.contains(status: "busy"))
        }
        #expect(bench.gate.phase == .consulting)
    }

    @Test func `two consults in one call need two grants`() throws {
        var bench = try GateBench()
        let first = try #require(bench.agree().grant)
        _ = bench.handle(.answerReady(try GateBench.answer()))
        _ = bench.handle(.deliveredHeard)

        let second = try #require(bench.agree().grant)

        #expect(first.isWithdrawn)
        #expect(!second.isWithdrawn)
        #expect(bench.gate.phase == .consulting)
    }

    @Test func `a consult outlives the agent leg`() throws {
        var bench = try GateBench()
        #expect(bench.handle(.agentLegReopened).isEmpty)
        let offer = bench.request()
        #expect(bench.handle(.agentLegReopened) == offer)
        _ = bench.handle(.offerHeard)
        let grant = try #require(bench.say("yes").grant)

        let waiting = bench.handle(.agentLegReopened)
        #expect(waiting.first == .pauseAgent)
        #expect(waiting.isSignOfLife)
        #expect(!grant.isWithdrawn)

        let ready = bench.handle(.answerReady(try GateBench.answer()))
        #expect(bench.handle(.agentLegReopened) == [.pauseAgent] + ready)
        #expect(bench.handle(.deliveredHeard).record?.ending == .delivered)
    }

    @Test func `the same gate speaks Spanish and German`() throws {
        for (language, yes, stop) in [("es", "sí, por favor", "olvídelo"), ("de", "ja gerne", "vergessen Sie es")] {
            var bench = try GateBench(language: language)
            let offer = bench.request()
            #expect(
                offer.last
                    == .askConsent(
                        bench.gate.wording.offer.replacing("{seconds}", with: language == "es" ? "treinta" : "dreißig"))
            )
            _ = bench.handle(.offerHeard)
            let grant = try #require(bench.say(yes).grant)
            #expect(bench.say(stop).record?.ending == .cancelled)
            #expect(grant.isWithdrawn)
        }
    }

    @Test func `wording without the expected time is refused`() throws {
        var wording = try ConsultWording(language: "en")
        #expect(wording.fault == nil)
        wording.offer = "Shall I?"
        #expect(wording.fault?.contains("{seconds}") == true)
        wording = try ConsultWording(language: "en")
        wording.signs = []
        #expect(wording.fault?.contains("signs") == true)
        #expect(ConsultWording.languages == ConsentClassifier.languages)
    }
}
