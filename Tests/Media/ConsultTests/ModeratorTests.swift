import Synchronization
import Testing

@testable import Consult

@Suite struct ModeratorTests {
    private let clock = StepClock()
    private let limits = ConsultLimits(specialistMs: 30_000, wholeMs: 90_000)
    private let question = SpecialistFixture.question("How round is a gizmo?")

    private func moderator(_ ids: [String]) -> Moderator<StepClock> {
        Moderator(SpecialistRoster(ids.map { SpecialistFixture.specialist($0) }), clock: clock)
    }

    @Test func `all picks are asked and their answers merged, each attributed`() async {
        let (grant, ledger) = SpecialistFixture.granted(question)
        let asker = ScriptedAsker(["a": .says("A gizmo is quite round."), "b": .says("Every gizmo rolls well.")])

        let outcome = await moderator(["a", "b"]).consult(question, under: grant, limits: limits, asking: asker)

        #expect(asker.asked == ["a", "b"])
        #expect(outcome.verdict == .answered)
        #expect(outcome.answers.map(\.outcome) == [.answered, .answered])
        #expect(outcome.answers.allSatisfy { !$0.reasons.isEmpty })
        let text = outcome.answer()?.text ?? ""
        #expect(text.hasPrefix("The a: A gizmo is quite round.\nThe b: Every gizmo rolls well."))
        #expect(text.contains("Source of a; Source of b"))
        _ = ledger
    }

    @Test func `nothing is sent without a consent for this question`() async {
        var (grant, ledger) = SpecialistFixture.granted(question)
        let asker = ScriptedAsker(["a": .says("A gizmo is round.")])

        let other = await moderator(["a"]).consult(
            SpecialistFixture.question("Another gizmo?"), under: grant, limits: limits, asking: asker)
        ledger.withdraw()
        let withdrawn = await moderator(["a"]).consult(question, under: grant, limits: limits, asking: asker)

        #expect(other.verdict == .refused(.otherQuestion))
        #expect(withdrawn.verdict == .refused(.withdrawn))
        #expect(withdrawn.answer() == nil)
        #expect(asker.asked == [])
    }

    @Test func `one that is late is left out at its limit and the others are heard`() async {
        let (grant, ledger) = SpecialistFixture.granted(question)
        let asker = ScriptedAsker(["a": .hangs, "b": .says("A gizmo is round.")])
        let heard = Mutex<[[String]]>([])
        async let consult = moderator(["a", "b"]).consult(
            question, under: grant, limits: limits, asking: asker,
            progress: { answers in heard.withLock { $0.append(answers.map(\.specialist.text)) } })

        await clock.waitForSleepers(2)
        while heard.withLock({ $0.isEmpty }) { await Task.yield() }
        clock.step(.milliseconds(30_000))
        let outcome = await consult

        #expect(heard.withLock { $0 } == [["b"], ["a", "b"]])
        #expect(outcome.answers.map(\.outcome) == [.late, .answered])
        #expect(outcome.answers[0].tookMs == 30_000)
        #expect(outcome.verdict == .answered)
        #expect(outcome.answer()?.text.hasPrefix("The b: A gizmo is round.") == true)
        _ = ledger
    }

    @Test func `one that ignores its cancellation is not waited for`() async {
        let (grant, ledger) = SpecialistFixture.granted(question)
        let asker = ScriptedAsker(["a": .ignoresCancellation])
        async let consult = moderator(["a"]).consult(question, under: grant, limits: limits, asking: asker)

        while asker.asked.isEmpty { await Task.yield() }
        await clock.waitForSleepers(2)
        clock.step(.milliseconds(30_000))
        let outcome = await consult

        #expect(outcome.answers.map(\.outcome) == [.late])
        #expect(outcome.verdict == .allFailed)
        #expect(outcome.answer() == nil)
        asker.release()
        _ = ledger
    }

    @Test func `failed, empty and off-topic replies are left out`() async {
        let (grant, ledger) = SpecialistFixture.granted(question)
        let asker = ScriptedAsker([
            "a": .fails, "b": .says("  \n…"), "c": .says("Bananas grow in bunches."), "d": .offTopic,
            "e": .says("A gizmo is round."),
        ])

        let outcome = await moderator(["a", "b", "c", "d", "e"])
            .consult(question, under: grant, limits: limits, asking: asker)

        #expect(outcome.answers.map(\.outcome) == [.failed, .empty, .offTopic, .offTopic, .answered])
        #expect(outcome.merged?.answer.map(\.text) == ["A gizmo is round."])
        #expect(outcome.answer()?.text.contains("Banana") == false)
        _ = ledger
    }

    @Test func `when all fail, or nobody knows, there is no answer and the verdict says which`() async {
        let (grant, ledger) = SpecialistFixture.granted(question)

        let failed = await moderator(["a", "b"]).consult(
            question, under: grant, limits: limits, asking: ScriptedAsker(["a": .fails, "b": .fails]))
        let nothing = await moderator(["a", "b"]).consult(
            question, under: grant, limits: limits, asking: ScriptedAsker(["a": .says(""), "b": .offTopic]))

        #expect(failed.verdict == .allFailed)
        #expect(nothing.verdict == .nothingFound)
        #expect(failed.answer() == nil && nothing.answer() == nil)
        _ = ledger
    }

    @Test func `cancelling ends the consult at once`() async {
        let (grant, ledger) = SpecialistFixture.granted(question)
        let asker = ScriptedAsker(["a": .hangs, "b": .ignoresCancellation])
        let task = Task { [self] in
            await moderator(["a", "b"]).consult(question, under: grant, limits: limits, asking: asker)
        }
        while asker.asked.count < 2 { await Task.yield() }

        task.cancel()
        let outcome = await task.value

        #expect(outcome.verdict == .cancelled)
        #expect(outcome.answer() == nil)
        asker.release()
        _ = ledger
    }

    @Test func `a consent withdrawn meanwhile stops what is under way`() async {
        var (grant, ledger) = SpecialistFixture.granted(question)
        let asker = ScriptedAsker(["a": .hangs, "b": .says("A gizmo is round.")])
        async let consult = moderator(["a", "b"]).consult(question, under: grant, limits: limits, asking: asker)
        while asker.asked.count < 2 { await Task.yield() }
        await clock.waitForSleepers(2)

        ledger.withdraw()
        clock.step(.milliseconds(100))
        let outcome = await consult

        #expect(outcome.verdict == .refused(.withdrawn))
        #expect(outcome.merged == nil)
        #expect(outcome.tookMs == 100)
    }

    @Test func `a merge that fails, or takes longer than a few seconds, gives way to the rules`() async {
        let (grant, ledger) = SpecialistFixture.granted(question)
        let acts: [String: ScriptedAsker.Act] = [
            "a": .says("A gizmo is round."), "b": .says("A gizmo rolls."),
        ]
        let stalled = ScriptedAsker(acts) { _ in
            try await Task.sleep(for: .seconds(3_600))
            return nil
        }
        let failing = ScriptedAsker(acts) { _ in throw ScriptedAsker.Failure() }
        let model = ScriptedAsker(acts) { replies in
            MergedAnswer(
                answer: [.init(text: "Round.", specialists: replies.map(\.specialist))], merger: .model)
        }

        let byModel = await moderator(["a", "b"]).consult(question, under: grant, limits: limits, asking: model)
        let byRules = await moderator(["a", "b"]).consult(question, under: grant, limits: limits, asking: failing)
        async let consult = moderator(["a", "b"]).consult(question, under: grant, limits: limits, asking: stalled)
        let stepping = Task { [clock] in
            while !Task.isCancelled {
                // Whoever a step woke gets its turn before the next one.
                for _ in 0..<300 { await Task.yield() }
                clock.step(.milliseconds(100))
            }
        }
        let late = await consult
        stepping.cancel()

        #expect(byModel.merged?.merger == .model)
        #expect(byModel.answer()?.text == "The a and The b: Round.")
        #expect(byRules.merged?.merger == .rules)
        #expect(late.merged?.merger == .rules)
        #expect(late.verdict == .answered)
        // The clock goes on while passages are looked up; an hour is what the model would have taken.
        #expect(late.tookMs >= 4_000 && late.tookMs < 600_000)
        _ = ledger
    }
}
