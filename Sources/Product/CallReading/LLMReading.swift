import CallModel
import Foundation
import LanguageModel
import SpokenLanguage

/// What a language model said of a call, after every field was checked: a field whose quote the caller did not say in
/// the turn named, or whose value is none of the known ones, is not here.
struct LLMReading {
    var summary: String?
    var budget: Finding<BudgetLevel>?
    var budgetAmount: Double?
    /// ISO 4217, where it is another than the tenant's.
    var budgetCurrency: String?
    var authority: Finding<AuthorityLevel>?
    var need: Finding<NeedLevel>?
    var timeline: Finding<TimelineLevel>?
    var intent: Finding<CallIntent>?
    var sentiment: Finding<Sentiment>?
    var name: Finding<String>?
    var email: Finding<String>?
    var company: Finding<String>?
    var position: Finding<String>?
    var objections: [Finding<String>] = []
    var nextStep: Finding<String>?

    private static let textCharactersMax = 200
    private static let summaryCharactersMax = 800
    private static let quotesMax = 4
    private static let objectionsMax = 8

    /// - Parameter data: the body of a chat completion.
    /// - Throws: ``LLMError/notAnAnswer(_:)`` when there is no JSON object in it at all.
    init(_ data: Data, record: CallRecord, context: ExtractionContext, redaction: Redaction) throws(LLMError) {
        let object = try LLMReading.object(in: data)
        let check = Check(record: record, redaction: redaction)
        summary = LLMReading.summary(object["summary"], record)
        readBudget(object["budget"], check, context)
        authority = LLMReading.level(object["authority"], check)
        need = LLMReading.level(object["need"], check)
        timeline = LLMReading.level(object["timeline"], check)
        intent = LLMReading.level(object["intent"], check)
        sentiment = LLMReading.level(object["sentiment"], check)
        if let finding = authority, finding.value == .yes, !check.isPlain(finding.evidence) { authority = nil }
        dropUnsupported(EvidenceSupport(record: record, context: context))
        name = LLMReading.text(object["name"], check, saidInTurn: true)
        company = LLMReading.text(object["company"], check, saidInTurn: true)
        position = LLMReading.text(object["position"], check, saidInTurn: true)
        email = LLMReading.text(object["email"], check, saidInTurn: false)
        if let found = email {
            let said = found.evidence.compactMap {
                check.turn($0.turnNumber).flatMap { SpokenEmail.find(in: $0.heardText) }
            }
            email = said.contains { $0.address == found.value.lowercased() } ? found : nil
        }
        objections = ((object["objections"] as? [Any]) ?? []).prefix(LLMReading.objectionsMax)
            .compactMap { LLMReading.text($0, check, saidInTurn: false) }
            .filter { EvidenceSupport.isSubstantial($0.evidence) }
        nextStep = LLMReading.text(object["next_step"], check, saidInTurn: false)
        if let found = nextStep, !EvidenceSupport.isSubstantial(found.evidence) { nextStep = nil }
    }

    /// What a field says has to be what its quote speaks of.
    private mutating func dropUnsupported(_ support: EvidenceSupport) {
        if let found = budget, budgetAmount == nil, !support.speaksOfMoney(found.evidence) { budget = nil }
        if let found = authority, !support.speaksOfDeciding(found.evidence) { authority = nil }
        if let found = need, !EvidenceSupport.isSubstantial(found.evidence) { need = nil }
        if let found = timeline, !support.speaksOfTime(found.evidence) { timeline = nil }
        if let found = intent {
            let isSupported =
                found.value == .optOut
                ? EvidenceSupport.refusesContact(found.evidence) : EvidenceSupport.isSubstantial(found.evidence)
            if !isSupported { intent = nil }
        }
    }

    /// Whether nothing at all survived the check.
    var isEmpty: Bool {
        budget == nil && authority == nil && need == nil && timeline == nil && intent == nil && sentiment == nil
            && name == nil && email == nil && company == nil && position == nil && objections.isEmpty && nextStep == nil
    }

    /// The level follows from the amount; an amount that the caller did not say takes the whole field with it.
    private mutating func readBudget(_ value: Any?, _ check: Check, _ context: ExtractionContext) {
        guard var finding: Finding<BudgetLevel> = LLMReading.level(value, check) else { return }
        if let amount = LLMReading.number((value as? [String: Any])?["amount"]) {
            let said = finding.evidence.flatMap { evidence in
                check.turn(evidence.turnNumber).map {
                    SpokenMoney.find(in: SpokenText($0.heardText, in: context.tongue), asked: true)
                } ?? []
            }
            let named = said.first { !$0.negated && [$0.amount, $0.yearly, $0.upper ?? -1].contains(amount) }
            guard let named else { return }
            budgetAmount = amount
            budgetCurrency = named.currency == context.currency ? nil : named.currency
            finding.value = context.level(of: amount, in: budgetCurrency)
        } else if finding.value == .high || finding.value == .medium {
            return  // A level without an amount is a guess.
        }
        budget = finding
    }

    private static func object(in data: Data) throws(LLMError) -> [String: Any] {
        guard let answer = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
            let choice = (answer["choices"] as? [Any])?.first as? [String: Any],
            let message = choice["message"] as? [String: Any]
        else { throw .notAnAnswer("not a chat completion") }
        if message["refusal"] is String { throw .notAnAnswer("the model refused") }
        if choice["finish_reason"] as? String == "length" { throw .notAnAnswer("cut off at the token limit") }
        guard let content = message["content"] as? String, let start = content.firstIndex(of: "{"),
            let end = content.lastIndex(of: "}"), start < end
        else { throw .notAnAnswer("no JSON object") }
        guard let object = (try? JSONSerialization.jsonObject(with: Data(content[start...end].utf8))) as? [String: Any]
        else {
            throw .notAnAnswer("JSON that does not parse")
        }
        return object
    }

    private static func summary(_ value: Any?, _ record: CallRecord) -> String? {
        guard let text = value as? String else { return nil }
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !line.isEmpty, line.count <= summaryCharactersMax else { return nil }
        // An amount that nobody named is an invention.
        let amounts: [MoneyMention] = record.transcript.turns.flatMap {
            SpokenMoney.find(in: $0.heardText, asked: true)
        }
        let said: Set<Double> = Set(amounts.map(\.amount) + amounts.map(\.yearly) + amounts.compactMap(\.upper))
        let isTrue = SpokenMoney.find(in: line).allSatisfy { said.contains($0.amount) || said.contains($0.yearly) }
        return isTrue ? line : nil
    }

    private static func level<Value: RawRepresentable & Codable & Sendable & Equatable>(
        _ value: Any?, _ check: Check
    ) -> Finding<Value>? where Value.RawValue == String {
        guard let field = value as? [String: Any], let raw = field["value"] as? String, raw != "unknown",
            let level = Value(rawValue: raw)
        else { return nil }
        let evidence = check.evidence(field["evidence"])
        guard !evidence.isEmpty else { return nil }
        return Finding(level, confidence: confidence(field), evidence: evidence)
    }

    private static func text(_ value: Any?, _ check: Check, saidInTurn: Bool) -> Finding<String>? {
        guard let field = value as? [String: Any],
            let text = (field["value"] as? String)?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty,
            text.count <= textCharactersMax, !text.contains(where: \.isNewline)
        else { return nil }
        let evidence = check.evidence(field["evidence"])
        guard !evidence.isEmpty, !saidInTurn || check.isSaid(text, in: evidence) else { return nil }
        return Finding(text, confidence: confidence(field), evidence: evidence)
    }

    private static func confidence(_ field: [String: Any]) -> Double {
        min(1, max(0, number(field["confidence"]) ?? 0.5))
    }

    private static func number(_ value: Any?) -> Double? {
        guard let number = value as? NSNumber, number.doubleValue.isFinite else { return nil }
        return number.doubleValue
    }

    /// Holds quotes against the transcript.
    private struct Check {
        let record: CallRecord
        let redaction: Redaction

        func turn(_ number: Int) -> Turn? { record.transcript.turns.first { $0.number == number } }

        /// The quotes that the caller did say, in the turns named.
        func evidence(_ value: Any?) -> [Evidence] {
            let items = value as? [Any] ?? (value as? [String: Any]).map { [$0] } ?? []
            return items.prefix(quotesMax).compactMap { item in
                guard let item = item as? [String: Any], let number = LLMReading.number(item["turn"]),
                    let turn = turn(Int(exactly: number) ?? -1), turn.speaker == .caller,
                    let quote = item["quote"] as? String, quote.utf8.count <= 2_000,
                    Normalised.contains(quote, in: redaction.redact(turn.heardText))
                else { return nil }
                return Evidence(turn, words: quote)
            }
        }

        /// None of the turns hedges: only then may a yes be one.
        func isPlain(_ evidence: [Evidence]) -> Bool {
            evidence.allSatisfy { item in
                turn(item.turnNumber).map { !Hedge.holds(Normalised.words($0.heardText)) } ?? false
            }
        }

        /// Every word of `text` was said in one of the turns, in whatever order ("j o h n" spells John).
        func isSaid(_ text: String, in evidence: [Evidence]) -> Bool {
            evidence.contains { item in
                guard let turn = turn(item.turnNumber) else { return false }
                let said = Normalised.words(turn.heardText)
                let joined = said.joined()
                return Normalised.words(text).allSatisfy { said.contains($0) || ($0.count > 3 && joined.contains($0)) }
            }
        }
    }
}
