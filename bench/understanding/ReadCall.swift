import CallModel
import CallReading
import Foundation

/// What the rules took from a labelled call, field by field.
struct ReadCall {
    /// The names that a labelled set uses.
    enum Field: String, CaseIterable, Sendable {
        case budget, currency, authority, need, timeline, callback, callbackNot, meeting, name, company, email, phone,
            doNotContact, refused, outcome, intent, language

        /// Whether a label can be right at all.
        func takes(_ value: WantedValue?) -> Bool {
            switch (self, value) {
            case (.doNotContact, .flag), (.budget, .number), (.refused, .texts), (_, nil): true
            case (.callback, .text(let text)), (.callbackNot, .text(let text)), (.meeting, .text(let text)):
                WantedValue.isMoment(text)
            case (.doNotContact, _), (.budget, _), (.refused, _): false
            case (.authority, .text(let text)): AuthorityLevel(rawValue: text) != nil
            case (.need, .text(let text)): NeedLevel(rawValue: text) != nil
            case (.timeline, .text(let text)): TimelineLevel(rawValue: text) != nil
            case (.outcome, .text(let text)): CallOutcome(rawValue: text) != nil
            case (.intent, .text(let text)): CallIntent(rawValue: text) != nil
            case (_, .text): true
            default: false
            }
        }
    }

    enum Verdict { case right, nothing, wrong }

    private let insight: CallInsight
    private let context: ExtractionContext

    init(_ call: LabelledCall, asking question: String) throws {
        let record = try call.record(asking: question)
        context = ExtractionContext(record: record)
        insight = RuleExtractor().insight(for: record, context: context)
    }

    /// What was read, nil for nothing: `unknown` is nothing, and so is a caller who may be called.
    func value(_ field: Field) -> WantedValue? {
        switch field {
        case .budget: insight.bant.budgetAmount.map { .number($0) }
        case .currency: insight.bant.budgetAmount.map { _ in .text(context.currency) }
        case .authority: level(insight.bant.authority.value)
        case .need: level(insight.bant.need.value)
        case .timeline: level(insight.bant.timeline.value)
        case .callback, .callbackNot: insight.followUpNamedAt.map { moment($0.value) }
        case .meeting: insight.meeting.map { moment($0.startsAt) }
        case .name: insight.contact.name.map { .text($0.value) }
        case .company: insight.contact.company.map { .text($0.value) }
        case .email: insight.contact.email.map { .text($0.value) }
        case .phone: insight.contact.phone.map { .text($0.value) }
        case .doNotContact: insight.doNotContact.map { _ in .flag(true) }
        case .refused, .language: nil
        case .outcome: .text(insight.outcome.rawValue)
        case .intent: insight.intent.value == .unknown ? nil : .text(insight.intent.value.rawValue)
        }
    }

    func verdict(_ field: Field, wanting wanted: [WantedValue?]) -> Verdict {
        let read = value(field)
        if field == .callbackNot {
            return wanted.contains { wanted in read.map { wanted?.holds($0) ?? false } ?? false } ? .wrong : .right
        }
        guard let read else { return wanted.contains(where: Self.isNothing) ? .right : .nothing }
        return wanted.contains { $0?.holds(read) ?? false } ? .right : .wrong
    }

    private static func isNothing(_ wanted: WantedValue?) -> Bool {
        wanted == nil || wanted == .flag(false) || wanted == .text("unknown") || wanted == .texts([])
    }

    private func level(_ level: some RawRepresentable<String>) -> WantedValue? {
        level.rawValue == "unknown" ? nil : .text(level.rawValue)
    }

    private func moment(_ date: Date) -> WantedValue {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = LabelledCall.zone
        let at = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        return .text(
            String(
                format: "%04d-%02d-%02dT%02d:%02d", at.year ?? 0, at.month ?? 0, at.day ?? 0, at.hour ?? 0,
                at.minute ?? 0))
    }
}
