import Testing

@testable import LocalAgent

@Suite struct EndpointingTests {
    /// The conversation up to the question.
    private static func asked(_ asked: LabelledPause.Asked) -> Dialogue {
        var call = Conversation()
        let steps: [(LabelledPause.Asked, String)] = [
            (.need, "i need a new phone system"), (.name, "my name is john smith"), (.company, "acme corporation"),
            (.budget, "about thirty thousand dollars"), (.amountConfirmed, "yes that is right"),
            (.authority, "i decide"),
            (.timeline, "this month"), (.meeting, "tuesday at three"), (.bookingConfirmed, "no"),
        ]
        for (step, words) in steps {
            if step == asked { return call.dialogue }
            call.say(words)
        }
        call.say("no thank you")
        return call.dialogue
    }

    private static let dialogues = Dictionary(
        uniqueKeysWithValues: LabelledPause.Asked.allCases.map { ($0, asked($0)) })

    private static func patienceMs(_ pause: LabelledPause) -> Int {
        dialogues[pause.asked]?.patienceMs(after: pause.said, now: Conversation.now) ?? 0
    }

    @Test(arguments: LabelledPause.all.filter { !$0.isFinished })
    func `who has only begun is waited for`(_ pause: LabelledPause) {
        #expect(Self.patienceMs(pause) == 900)
    }

    @Test(arguments: LabelledPause.all.filter(\.isFinished))
    func `who has answered what was asked is answered at once`(_ pause: LabelledPause) {
        #expect(Self.patienceMs(pause) == 300)
    }

    @Test func `there are a hundred pauses and more`() {
        #expect(LabelledPause.all.count >= 140)
        #expect(Self.dialogues[.closing]?.topic == .closing)
        #expect(Self.dialogues[.bookingConfirmed]?.topic == .meeting)
    }

    @Test(arguments: [
        (LabelledPause.Asked.name, "my name is john"), (.company, "we are called redwood"),
        (.budget, "thirty thousand"),
        (.meeting, "yes"), (.need, "we need a new phone system for the office"), (.closing, "yes"),
    ])
    func `what may go on is given a moment longer`(_ asked: LabelledPause.Asked, _ said: String) {
        let pause = LabelledPause(asked: asked, said: said, isFinished: false)

        #expect((400...600).contains(Self.patienceMs(pause)))
    }
}
