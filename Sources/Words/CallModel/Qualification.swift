// BANT and what else a call yields, with the words that the database has for it.

package enum BudgetLevel: String, Codable, Sendable, CaseIterable { case high, medium, low, unknown }
package enum AuthorityLevel: String, Codable, Sendable, CaseIterable { case yes, no, influencer, unknown }
package enum NeedLevel: String, Codable, Sendable, CaseIterable { case urgent, moderate, low, unknown }
package enum TimelineLevel: String, Codable, Sendable, CaseIterable {
    case immediate
    case thisMonth = "this_month"
    case thisQuarter = "this_quarter"
    case thisYear = "this_year"
    case unknown
}

/// Where in the call something was said: the proof behind a finding.
package struct Evidence: Equatable, Sendable, Codable {
    package var turnNumber: Int
    package var speaker: Speaker
    /// The words themselves, as transcribed.
    package var words: String
    /// Milliseconds since the call began.
    package var startedMs: Int
    package var endedMs: Int

    package init(turnNumber: Int, speaker: Speaker, words: String, startedMs: Int, endedMs: Int) {
        self.turnNumber = turnNumber
        self.speaker = speaker
        self.words = words
        self.startedMs = startedMs
        self.endedMs = endedMs
    }

    package init(_ turn: Turn, words: String? = nil) {
        self.init(
            turnNumber: turn.number, speaker: turn.speaker, words: words ?? turn.heardText, startedMs: turn.startedMs,
            endedMs: turn.endedMs)
    }
}

/// A value taken from the conversation, how sure it is (0 … 1), and the words it rests on.
package struct Finding<Value: Codable & Sendable & Equatable>: Equatable, Sendable, Codable {
    package var value: Value
    package var confidence: Double
    package var evidence: [Evidence]

    package init(_ value: Value, confidence: Double = 0, evidence: [Evidence] = []) {
        self.value = value
        self.confidence = confidence
        self.evidence = evidence
    }
}

package struct BANT: Equatable, Sendable, Codable {
    package var budget: Finding<BudgetLevel>
    /// The amount named, in ``budgetCurrency``.
    package var budgetAmount: Double?
    /// ISO 4217, where the caller named another than the tenant's; nil for the tenant's.
    package var budgetCurrency: String?
    package var authority: Finding<AuthorityLevel>
    package var need: Finding<NeedLevel>
    package var timeline: Finding<TimelineLevel>

    package init(
        budget: Finding<BudgetLevel> = Finding(.unknown), budgetAmount: Double? = nil,
        budgetCurrency: String? = nil, authority: Finding<AuthorityLevel> = Finding(.unknown),
        need: Finding<NeedLevel> = Finding(.unknown),
        timeline: Finding<TimelineLevel> = Finding(.unknown)
    ) {
        self.budget = budget
        self.budgetAmount = budgetAmount
        self.budgetCurrency = budgetCurrency
        self.authority = authority
        self.need = need
        self.timeline = timeline
    }
}

package enum CallIntent: String, Codable, Sendable {
    case salesQualified = "sales_qualified"
    case marketingQualified = "marketing_qualified"
    case support, information
    case optOut = "opt_out"
    case wrongNumber = "wrong_number"
    case unknown
}

package enum Sentiment: String, Codable, Sendable { case positive, neutral, negative, mixed }

/// `calls.outcome`: one, the strongest that holds. Listed strongest first.
package enum CallOutcome: String, Codable, Sendable, CaseIterable {
    case doNotCall = "do_not_call"
    case meetingBooked = "meeting_booked"
    case transferred
    case followUpAgreed = "follow_up_agreed"
    case qualified, nurture
    case notInterested = "not_interested"
    case voicemail
    case noSpeech = "no_speech"
    case interrupted, failed
}

/// `calls.disposition` of an inbound call.
package enum InboundDisposition: String, Codable, Sendable { case completed, abandoned, failed }
