package import CallModel
import Foundation
package import LanguageModel
import Runtime
package import SpokenLanguage
import Synchronization

/// Reads calls with a language model; needs a server, checks every field, and throws when nothing can be used. Shared by all
/// calls: a server that keeps failing is spared for a while.
package final class LLMExtractor: Sendable {
    package let endpoint: LLMEndpoint
    private let redaction: Redaction
    private let breaker: Mutex<CircuitBreaker>

    /// - Parameter redaction: applied to every turn before it leaves the process.
    package init(
        endpoint: LLMEndpoint, redaction: Redaction = Redaction(), failuresMax: Int = 5, openMs: Int64 = 30_000
    ) {
        self.endpoint = endpoint
        self.redaction = redaction
        breaker = Mutex(CircuitBreaker(failuresMax: failuresMax, openMs: openMs))
    }

    func reading(of record: CallRecord, context: ExtractionContext) async throws(LLMError) -> LLMReading {
        let request = LLMRequest(record: record, context: context, redaction: redaction)
        let answer = try await answer(to: request)
        let reading = try LLMReading(answer, record: record, context: context, redaction: redaction)
        if reading.isEmpty { throw .notAnAnswer("no field with evidence in the transcript") }
        return reading
    }

    private func answer(to request: LLMRequest) async throws(LLMError) -> Data {
        guard breaker.withLock({ $0.admits(at: .now()) }) else { throw .heldBack }
        do throws(LLMError) {
            let client = LLMClient(endpoint: endpoint)
            var answer: Data
            do throws(LLMError) {
                answer = try await client.post(request.body(endpoint, withSchema: true))
            } catch LLMError.refusedByServer(status: 400, _) {
                // Servers that know no schema say so with a 400; the prompt and the check below serve them too.
                answer = try await client.post(request.body(endpoint, withSchema: false))
            }
            breaker.withLock { $0.succeeded() }
            return answer
        } catch {
            let isCancelled = Task.isCancelled
            breaker.withLock { isCancelled ? $0.abandoned(at: .now()) : $0.failed(at: .now()) }
            throw error
        }
    }
}

/// What reads a call: rules at once, and a language model over them, where one is configured, when it has the time.
///
/// The model's fields replace those of the rules where their evidence holds; the rest comes from the rules. An opt-out, a
/// meeting and a named time that the rules heard are never overruled.
package struct CallExtractor: Sendable {
    private let rules: RuleExtractor
    private let llm: LLMExtractor?

    package init(rules: RuleExtractor = RuleExtractor(), llm: LLMExtractor? = nil) {
        self.rules = rules
        self.llm = llm
    }

    /// Whether a language model is there to read calls again.
    package var hasModel: Bool { llm != nil }

    /// By rules alone: takes milliseconds.
    package func insight(for record: CallRecord, context: ExtractionContext) -> CallInsight {
        rules.insight(for: record, context: context)
    }

    /// `heard` with what the model read over it; `heard` itself where there is no model, or nobody spoke.
    package func enriched(
        _ heard: CallInsight, of record: CallRecord, context: ExtractionContext
    ) async throws(LLMError) -> CallInsight {
        guard let llm, !record.personTurns.isEmpty else { return heard }
        let reading = try await llm.reading(of: record, context: context)
        return CallExtractor.merged(heard, reading, record: record, context: context, model: llm.endpoint.model)
    }

    private static func merged(
        _ heard: CallInsight, _ reading: LLMReading, record: CallRecord, context: ExtractionContext, model: String
    ) -> CallInsight {
        var insight = heard
        insight.extractor = "llm/\(model.prefix(80))"
        if let budget = preferred(reading.budget, over: heard.bant.budget, unknown: .unknown) {
            insight.bant.budget = budget
            insight.bant.budgetAmount = reading.budgetAmount
            insight.bant.budgetCurrency = reading.budgetCurrency
        }
        insight.bant.authority =
            preferred(reading.authority, over: heard.bant.authority, unknown: .unknown) ?? heard.bant.authority
        insight.bant.need = preferred(reading.need, over: heard.bant.need, unknown: .unknown) ?? heard.bant.need
        insight.bant.timeline =
            preferred(reading.timeline, over: heard.bant.timeline, unknown: .unknown) ?? heard.bant.timeline
        insight.sentiment = reading.sentiment ?? heard.sentiment
        insight.contact.name = reading.name ?? heard.contact.name
        insight.contact.email = heard.contact.email ?? reading.email
        insight.contact.company = reading.company ?? heard.contact.company
        insight.contact.position = reading.position ?? heard.contact.position
        for objection in reading.objections where insight.objections.count < 8 {
            let isNew = !insight.objections.contains {
                $0.evidence.first?.turnNumber == objection.evidence.first?.turnNumber
            }
            if isNew { insight.objections.append(objection) }
        }
        insight.nextStep = heard.nextStep ?? reading.nextStep
        if heard.doNotContact == nil, let intent = reading.intent {
            insight.intent = intent
            if intent.value == .optOut, let words = intent.evidence.first {
                // An opt-out in words the rules do not know counts as well: any reasonable wording does.
                insight.doNotContact = Finding(
                    words.words, confidence: min(0.8, intent.confidence), evidence: intent.evidence)
                insight.meeting = nil
                insight.followUpNamedAt = nil
            }
        }
        insight.outcome = outcome(insight, heard, record)
        insight.summary = reading.summary ?? CallSummary(record: record, insight: insight, context: context).text
        return insight
    }

    /// The model's finding, unless the rules heard something else later in the call: a correction stands.
    private static func preferred<Value: Equatable>(
        _ read: Finding<Value>?, over heard: Finding<Value>, unknown: Value
    ) -> Finding<Value>? {
        guard let read else { return nil }
        let lastRead = read.evidence.map(\.turnNumber).max() ?? 0
        let lastHeard = heard.evidence.map(\.turnNumber).max() ?? 0
        return heard.value != read.value && lastHeard > lastRead ? nil : read
    }

    private static func outcome(_ insight: CallInsight, _ heard: CallInsight, _ record: CallRecord) -> CallOutcome {
        let settled: Set<CallOutcome> = [
            .doNotCall, .meetingBooked, .transferred, .followUpAgreed, .failed, .noSpeech, .voicemail,
        ]
        if insight.doNotContact != nil { return .doNotCall }
        if settled.contains(heard.outcome) { return heard.outcome }
        return CallOutcome.strongest(
            of: record, intent: insight.intent.value, isOptOut: false, hasMeeting: insight.meeting != nil,
            agreedFollowUp: false, transferRequested: false, refused: heard.outcome == .notInterested)
    }
}
