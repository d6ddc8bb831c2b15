package import CallModel
import CallReading
import FoundationEssentials

/// What a lead is scored by: what was said in its last call, who it is, what it did.
package struct LeadFacts: Equatable, Sendable {
    /// The last call that told what the caller wants.
    package struct CallSignal: Equatable, Sendable {
        package var intent: CallIntent
        package var confidence: Double
        package var sentiment: Sentiment
        package var outcome: CallOutcome
        package var hasMeeting: Bool
        /// The caller named a time to talk again.
        package var namesTime: Bool
        /// The caller asked not to be called again.
        package var optsOut: Bool

        package init(
            intent: CallIntent, confidence: Double, sentiment: Sentiment = .neutral, outcome: CallOutcome,
            hasMeeting: Bool = false, namesTime: Bool = false, optsOut: Bool = false
        ) {
            self.intent = intent
            self.confidence = confidence
            self.sentiment = sentiment
            self.outcome = outcome
            self.hasMeeting = hasMeeting
            self.namesTime = namesTime
            self.optsOut = optsOut
        }
    }

    package struct Messages: Equatable, Sendable {
        package var sent = 0
        package var opens = 0
        package var clicks = 0
        package var replies = 0
        package init() {}
        var isAny: Bool { sent > 0 || opens + clicks + replies > 0 }
    }

    package var call: CallSignal?
    /// By field of a demographic rule: `company`, `position`, `email`, `name`, `company_size`, `industry`.
    package var profile: [String: Finding<String>] = [:]
    package var bant = BANT()
    package var messages = Messages()
    /// With this one, where a call is being judged.
    package var completedCalls = 0
    /// On the tenant's site, of the last ``siteDays`` days, by kind.
    package var siteEvents: [SiteEvent: Int] = [:]
    /// Told by one call alone: its silence undoes nothing that was known before.
    package var isOneCall = false
    package var doNotContact = false

    package static let siteDays = 90

    package init() {}
}

/// What a contact does on a tenant's site.
package enum SiteEvent: String, CaseIterable, Codable, Sendable {
    case pageView = "page_view"
    case pricingView = "pricing_view"
    case download
    case formSubmitted = "form_submitted"
    case demoRequested = "demo_requested"

    /// Points of each one, and of all of the kind.
    var points: (each: Int, max: Int) {
        switch self {
        case .pageView: (2, 20)
        case .pricingView: (8, 24)
        case .download: (10, 20)
        case .formSubmitted: (18, 36)
        case .demoRequested: (40, 40)
        }
    }
}

extension LeadFacts {
    /// Of a call that has just been read.
    init(_ insight: CallInsight, _ record: CallRecord, _ prior: PriorLead) {
        call = CallSignal(
            intent: insight.intent.value, confidence: insight.intent.confidence, sentiment: insight.sentiment.value,
            outcome: insight.outcome, hasMeeting: insight.meeting != nil, namesTime: insight.followUpNamedAt != nil,
            optsOut: insight.doNotContact != nil)
        profile = prior.profile.mapValues { Finding($0, confidence: 1) }
        let told: [String: Finding<String>?] = [
            "company": insight.contact.company, "position": insight.contact.position, "email": insight.contact.email,
            "name": insight.contact.name,
        ]
        profile.merge(told.compactMapValues(\.self)) { _, said in said }
        bant = insight.bant
        messages = prior.messages
        let isCompleted = record.answeredAt != nil && !record.personTurns.isEmpty
        completedCalls = prior.completedCalls + (isCompleted ? 1 : 0)
        isOneCall = true
    }

    /// All that is on record of a lead.
    init(_ known: LeadState.Known, _ signals: LeadSignals) {
        let lead = known.lead
        call = signals.call
        profile = lead.profile.mapValues { Finding($0, confidence: 1) }
        bant = lead.bant
        messages = signals.messages
        completedCalls = lead.completedCalls
        siteEvents = signals.siteEvents
        doNotContact = known.contact?.doNotContact ?? false
    }
}

extension LeadState {
    /// As it stands: what a call found out with the sureness it had, what a person wrote down for sure.
    package var bant: BANT {
        func finding<Level: RawRepresentable<String>>(_ field: String, _ level: Level) -> Finding<Level> {
            let found = findings[field].flatMap { $0.value == level.rawValue ? $0 : nil }
            let isKnown = level.rawValue != "unknown"
            return Finding(level, confidence: isKnown ? found?.confidence ?? 1 : 0)
        }
        var bant = BANT()
        bant.budget = finding("budget", budget)
        bant.authority = finding("authority", authority)
        bant.need = finding("need", need)
        bant.timeline = finding("timeline", timeline)
        bant.budgetAmount = findings["budget"].flatMap { $0.value == budget.rawValue ? $0.amount : nil }
        return bant
    }
}
