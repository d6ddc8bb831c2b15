package import CallModel
package import FoundationEssentials

/// What the extractor took from a call; every field with its confidence and its evidence.
package struct CallInsight: Equatable, Sendable, Codable {
    package struct ContactDetails: Equatable, Sendable, Codable {
        package var name: Finding<String>?
        package var email: Finding<String>?
        package var company: Finding<String>?
        package var position: Finding<String>?
        /// A number to be called on, in E.164 form, as the caller gave it.
        package var phone: Finding<String>?
        package init() {}
    }

    package struct MeetingAgreed: Equatable, Sendable, Codable {
        package var title: String
        package var startsAt: Date
        package var durationMinutes: Int
        package init(title: String, startsAt: Date, durationMinutes: Int) {
            self.title = title
            self.startsAt = startsAt
            self.durationMinutes = durationMinutes
        }
    }

    /// `rules/1`, or `llm/<model>`.
    package var extractor: String
    package var summary: String
    package var bant = BANT()
    package var intent = Finding(CallIntent.unknown)
    package var sentiment = Finding(Sentiment.neutral)
    package var contact = ContactDetails()
    package var objections: [Finding<String>] = []
    package var nextStep: Finding<String>?
    package var meeting: MeetingAgreed?
    /// A time for the next contact that the caller named.
    package var followUpNamedAt: Finding<Date>?
    /// Present when the caller asked not to be called again; the value is the caller's words.
    package var doNotContact: Finding<String>?
    /// Channels the caller does not want to be contacted by: the kinds of consent, such as `marketing_sms`. Empty where they do
    /// not want to be contacted at all.
    package var refused: [Finding<String>] = []
    /// A language the caller spoke that is not read, BCP-47.
    package var language: Finding<String>?
    package var outcome: CallOutcome

    package init(extractor: String, summary: String, outcome: CallOutcome) {
        self.extractor = extractor
        self.summary = summary
        self.outcome = outcome
    }
}
