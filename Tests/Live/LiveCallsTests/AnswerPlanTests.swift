import Answering
import CallModel
import Testing

@testable import LiveCalls

@Suite struct AnswerPlanTests {
    private func verdict(_ kind: Answerer, settled: Bool = true) -> AnsweringVerdict {
        AnsweringVerdict(kind: kind, reason: .words, atMs: 3_000, isSettled: settled)
    }

    private func steps(
        _ plan: inout AnswerPlan, _ kind: Answerer, settled: Bool = true, beep: Int? = nil, speech: Int? = 3_000,
        at nowMs: Int = 3_500
    ) -> [AnswerPlan.Step] {
        plan.steps(verdict(kind, settled: settled), beepEndMs: beep, speechEndMs: speech, nowMs: nowMs)
    }

    @Test(arguments: MachinePolicy.allCases) func `nothing is done about a person, nor before it is settled`(
        policy: MachinePolicy
    ) {
        var plan = AnswerPlan(policy: policy, menuKey: "1")

        #expect(steps(&plan, .person).isEmpty && steps(&plan, .unknown).isEmpty)
        for kind in Answerer.allCases { #expect(steps(&plan, kind, settled: false).isEmpty) }
    }

    @Test func `a message waits for the beep, and is left once`() {
        var plan = AnswerPlan(policy: .leaveMessage, menuKey: nil)

        #expect(steps(&plan, .voicemail, speech: 3_500) == [.hush])
        #expect(steps(&plan, .voicemail, speech: 6_000, at: 6_400).isEmpty)
        #expect(steps(&plan, .voicemail, beep: 6_900, speech: 6_000, at: 7_000) == [.leaveMessage])
        #expect(steps(&plan, .voicemail, beep: 6_900, speech: 6_000, at: 7_100).isEmpty)
    }

    @Test func `a beep in the middle of a greeting is not the one that is waited for`() {
        var plan = AnswerPlan(policy: .leaveMessage, menuKey: nil)

        #expect(steps(&plan, .voicemail, beep: 2_000, speech: 3_400) == [.hush])
    }

    @Test func `a mailbox without a beep gets its message into the silence, and one that never stops gets none`() {
        var (silent, endless) = (
            AnswerPlan(policy: .leaveMessage, menuKey: nil), AnswerPlan(policy: .leaveMessage, menuKey: nil)
        )
        _ = steps(&silent, .voicemail)
        _ = steps(&endless, .voicemail)

        #expect(steps(&silent, .voicemail, speech: 6_000, at: 9_499).isEmpty)
        #expect(steps(&silent, .voicemail, speech: 6_000, at: 9_500) == [.leaveMessage])
        #expect(
            steps(&endless, .voicemail, speech: 63_400, at: 63_500) == [.hush, .end(.answeringMachine)])
    }

    @Test func `each kind of machine is done with as its policy has it`() {
        let rows: [(MachinePolicy, Answerer, [AnswerPlan.Step])] = [
            (.hangup, .voicemail, [.hush, .end(.answeringMachine)]),
            (.hangup, .menu, [.hush, .end(.answeringMachine)]),
            (.hangup, .machine, [.hush, .sayGoodbye(.answeringMachine)]),
            (.leaveMessage, .machine, [.hush, .sayGoodbye(.answeringMachine)]),
            (.hangup, .screening, [.answerScreening]), (.continueAgent, .screening, [.answerScreening]),
            (.continueAgent, .voicemail, []), (.continueAgent, .menu, []), (.continueAgent, .machine, []),
            (.continueAgent, .network, [.hush, .end(.networkAnnouncement)]),
        ]
        for (policy, kind, wanted) in rows {
            var plan = AnswerPlan(policy: policy, menuKey: nil)
            #expect(steps(&plan, kind) == wanted, "\(policy) \(kind)")
            #expect(steps(&plan, kind).isEmpty)
        }
    }

    @Test func `a key is pressed once, and a mailbox behind a screening still gets its message`() {
        var menu = AnswerPlan(policy: .hangup, menuKey: "2")
        #expect(steps(&menu, .menu) == [.press("2")])
        #expect(steps(&menu, .menu).isEmpty)

        var screening = AnswerPlan(policy: .leaveMessage, menuKey: nil)
        #expect(steps(&screening, .screening) == [.answerScreening])
        #expect(steps(&screening, .voicemail, beep: 3_400) == [.hush, .leaveMessage])
    }

    @Test func `a message that was being left when the call moved is left from its beginning`() {
        var plan = AnswerPlan(policy: .leaveMessage, menuKey: nil)
        _ = steps(&plan, .voicemail, beep: 3_400)
        plan.moved(atMs: 4_000)

        #expect(steps(&plan, .voicemail, beep: 3_400, at: 4_100) == [.leaveMessage])
    }
}
