import Foundation
import SpokenLanguage

/// Picks specialists for a question, asks them side by side under the caller's consent, and merges what came back in
/// time. Holds no state between consults.
package struct Moderator<C: Clock>: Sendable where C.Duration == Duration, C.Instant: Sendable {
    /// How often a consent that was withdrawn meanwhile is noticed.
    private let withdrawalCheck = Duration.milliseconds(100)
    /// An asker that has not merged the replies by then leaves it to the rules: the caller has waited for them already.
    private let mergeMax = Duration.seconds(4)

    package let knowledge: KnowledgeIndex
    private let clock: C

    package init(_ roster: SpecialistRoster, clock: C) {
        knowledge = KnowledgeIndex(roster)
        self.clock = clock
    }

    /// Whom a question would be put to, with reasons, best first. Nothing is sent.
    package func picks(for question: ConsultQuestion, limits: ConsultLimits) -> [SpecialistPick] {
        knowledge.picks(knowledge.find(question.text, from: question.whereabouts), max: limits.specialistsMax)
    }

    /// What the specialists' files say to a question, as it would be told: nobody is asked and nothing leaves, so that no
    /// consent is needed.
    package func preview(_ question: ConsultQuestion, limits: ConsultLimits) -> ConsultOutcome {
        var outcome = begun(question, limits)
        guard outcome.verdict == .allFailed else { return outcome }
        let replies = outcome.picks.map { pick in
            let reply = knowledge.reply(pick.specialist.sections, of: pick.specialist, to: question)
            return AttributedReply(specialist: pick.specialist.id, title: pick.specialist.title, reply: reply)
        }
        outcome.answers = zip(outcome.picks, replies).map { pick, reply in
            SpecialistAnswer(
                specialist: pick.specialist.id, reasons: pick.reasons, text: reply.reply.text, tookMs: 0,
                outcome: judge(reply.reply, question))
        }
        outcome.merged = ReplyMerge.merge(replies, of: question)
        outcome.verdict = .answered
        return outcome
    }

    /// Whom to ask; the verdict is there already when that is nobody.
    private func begun(_ question: ConsultQuestion, _ limits: ConsultLimits) -> ConsultOutcome {
        let finding = knowledge.find(question.text, from: question.whereabouts)
        let picks = knowledge.picks(finding, max: limits.specialistsMax)
        let verdict: ConsultOutcome.Verdict =
            finding.needsPlace ? .placeUnknown : picks.isEmpty ? .nothingFound : .allFailed
        return ConsultOutcome(verdict: verdict, picks: picks, answers: [], merged: nil, tookMs: 0)
    }

    /// The whole consult. Returns by `limits.wholeMs` whatever the asker does, and at once when its task is cancelled or
    /// the consent withdrawn. Late, failed, empty and off-topic replies are recorded and left out of the answer.
    ///
    /// - Parameter progress: hears the answers so far each time one comes in, in the order of the picks.
    package func consult(
        _ question: ConsultQuestion, under grant: ConsentGrant, limits: ConsultLimits, asking asker: any Asker,
        progress: (@Sendable ([SpecialistAnswer]) -> Void)? = nil
    ) async -> ConsultOutcome {
        let started = clock.now
        var outcome = ConsultOutcome(verdict: .allFailed, picks: [], answers: [], merged: nil, tookMs: 0)
        do {
            try grant.check(for: question)
        } catch {
            outcome.verdict = .refused(error)
            return outcome
        }
        outcome = begun(question, limits)
        guard outcome.verdict == .allFailed else {
            outcome.tookMs = ms(since: started)
            return outcome
        }
        let whole = started.advanced(by: .milliseconds(limits.wholeMs))
        let each = min(whole, started.advanced(by: .milliseconds(limits.specialistMs)))

        let asked = await askAll(outcome.picks, question, grant, until: each, asker, progress)
        outcome.answers = asked.map(\.answer)
        let usable = asked.compactMap(\.reply)
        if Task.isCancelled {
            outcome.verdict = .cancelled
        } else if let refusal = refusal(grant, question) {
            outcome.verdict = .refused(refusal)
        } else if usable.isEmpty {
            let anybodyReplied = outcome.answers.contains { $0.outcome == .empty || $0.outcome == .offTopic }
            let anybodyFailed = outcome.answers.contains { $0.outcome == .failed || $0.outcome == .late }
            outcome.verdict = anybodyReplied && !anybodyFailed ? .nothingFound : .allFailed
        } else {
            let merged = await merge(usable, question, grant, until: whole, asker)
            if Task.isCancelled {
                outcome.verdict = .cancelled
            } else if let refusal = refusal(grant, question) {
                outcome.verdict = .refused(refusal)
            } else {
                outcome.merged = merged
                outcome.verdict = .answered
            }
        }
        outcome.tookMs = ms(since: started)
        return outcome
    }

    private typealias Asked = (answer: SpecialistAnswer, reply: AttributedReply?)

    private enum Event: Sendable {
        case asked(Int, SpecialistAnswer, AttributedReply?)
        case withdrawn
        case watchEnded
    }

    private func askAll(
        _ picks: [SpecialistPick], _ question: ConsultQuestion, _ grant: ConsentGrant, until deadline: C.Instant,
        _ asker: any Asker, _ progress: (@Sendable ([SpecialistAnswer]) -> Void)?
    ) async -> [Asked] {
        await withTaskGroup(of: Event.self) { group in
            for (index, pick) in picks.enumerated() {
                group.addTask {
                    let (answer, reply) = await ask(pick, question, grant, until: deadline, asker)
                    return .asked(index, answer, reply)
                }
            }
            group.addTask { await watch(grant) }
            var asked: [Int: Asked] = [:]
            while asked.count < picks.count, let event = await group.next() {
                switch event {
                case .asked(let index, let answer, let reply):
                    asked[index] = (answer, reply)
                    progress?(asked.sorted { $0.key < $1.key }.map(\.value.answer))
                case .withdrawn: group.cancelAll()
                case .watchEnded: break
                }
            }
            group.cancelAll()
            return asked.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// Returns when the consent no longer stands, or when cancelled.
    private func watch(_ grant: ConsentGrant) async -> Event {
        while !grant.isWithdrawn {
            do {
                try await clock.sleep(until: clock.now.advanced(by: withdrawalCheck), tolerance: nil)
            } catch {
                return .watchEnded
            }
        }
        return .withdrawn
    }

    private func ask(
        _ pick: SpecialistPick, _ question: ConsultQuestion, _ grant: ConsentGrant, until deadline: C.Instant,
        _ asker: any Asker
    ) async -> Asked {
        let started = clock.now
        let timeout = started.duration(to: deadline)
        let result = await Bounded.run(until: deadline, clock: clock) {
            try grant.check(for: question)
            return try await asker.ask(pick.specialist, question, under: grant, timeout: timeout)
        }
        var answer = SpecialistAnswer(
            specialist: pick.specialist.id, reasons: pick.reasons, text: "", tookMs: ms(since: started),
            outcome: .failed)
        switch result {
        case .late: answer.outcome = .late
        case .failed, .cancelled: answer.outcome = .failed
        case .finished(let reply):
            answer.text = reply.text
            answer.outcome = judge(reply, question)
            if answer.outcome == .answered {
                return (
                    answer,
                    AttributedReply(specialist: pick.specialist.id, title: pick.specialist.title, reply: reply)
                )
            }
        }
        return (answer, nil)
    }

    /// A passage that shares no word that matters with the question is about something else.
    private func judge(_ reply: SpecialistReply, _ question: ConsultQuestion) -> SpecialistAnswer.Outcome {
        if reply.isOffTopic { return .offTopic }
        if reply.isQuoted { return reply.text.isEmpty ? .empty : .answered }
        guard reply.text.unicodeScalars.contains(where: \.isLetter) else { return .empty }
        if reply.isComposed { return .answered }
        let asked = QuestionTerms.set(question.text)
        // Most titles share a word already; then the text need not be read.
        let isNear = [reply.topic, reply.topic + " " + reply.text].contains {
            QuestionTerms.list($0).contains(where: asked.contains)
        }
        return asked.isEmpty || isNear ? .answered : .offTopic
    }

    private func merge(
        _ replies: [AttributedReply], _ question: ConsultQuestion, _ grant: ConsentGrant, until deadline: C.Instant,
        _ asker: any Asker
    ) async -> MergedAnswer {
        let deadline = min(deadline, clock.now.advanced(by: mergeMax))
        let timeout = clock.now.duration(to: deadline)
        if timeout > .zero, replies.count > 1 {
            let result = await Bounded.run(until: deadline, clock: clock) {
                try await asker.merge(replies, of: question, under: grant, timeout: timeout)
            }
            if case .finished(let merged?) = result { return merged }
        }
        return ReplyMerge.merge(replies, of: question)
    }

    private func refusal(_ grant: ConsentGrant, _ question: ConsultQuestion) -> ConsentRefusal? {
        do {
            try grant.check(for: question)
            return nil
        } catch {
            return error
        }
    }

    private func ms(since started: C.Instant) -> Int {
        let took = started.duration(to: clock.now).components
        return Int(took.seconds) * 1_000 + Int(took.attoseconds / 1_000_000_000_000_000)
    }
}

extension Moderator where C == ContinuousClock {
    package init(_ roster: SpecialistRoster) { self.init(roster, clock: ContinuousClock()) }
}
