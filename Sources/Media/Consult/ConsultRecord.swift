package import FoundationEssentials

/// What the caller's words meant as an answer to the offer of a consult.
package enum ConsentDecision: String, Hashable, Sendable, Codable, CaseIterable { case yes, no, unclear }

/// One reply to the offer, as it goes into `consents`: append-only, one for every reply, silence included.
package struct ConsentRecord: Hashable, Sendable, Codable {
    package var questionID: UUID
    /// What the caller was asked to agree to.
    package var question: String
    /// The caller's words; empty after a silence.
    package var words: String
    package var decision: ConsentDecision
    /// 0 … 1.
    package var confidence: Double
    /// In ms since the phone rang, and in ms of the caller's audio since the stream began.
    package var atMs: Int
    package var audioPositionMs: Int
    /// A yes that was taken back later has a second record, a no with this set.
    package var isWithdrawal: Bool

    package init(
        questionID: UUID, question: String, words: String, decision: ConsentDecision, confidence: Double, atMs: Int,
        audioPositionMs: Int, isWithdrawal: Bool = false
    ) {
        self.questionID = questionID
        self.question = question
        self.words = words
        self.decision = decision
        self.confidence = confidence
        self.atMs = atMs
        self.audioPositionMs = audioPositionMs
        self.isWithdrawal = isWithdrawal
    }
}

/// One consult from the question to its end: a row of `consults`, its answers, and the consents that go with it.
package struct ConsultRecord: Hashable, Sendable, Codable {
    package enum Ending: String, Hashable, Sendable, Codable, CaseIterable {
        /// The caller heard the whole answer, or what had come in by the limit.
        case delivered, deliveredPartly
        case declined
        /// Unclear twice, and no reply at all.
        case unclear, noReply
        /// Called off by the caller: before the answer, by taking the consent back, by a key, by hanging up.
        case cancelled, withdrawn, keyPressed, hungUp
        case allFailed, timedOut
        /// There was an answer and the caller never heard it: it becomes a follow-up.
        case unheard
    }

    package var question: ConsultQuestion
    package var consents: [ConsentRecord]
    package var answers: [SpecialistAnswer]
    /// Nil when nothing came back.
    package var mergedText: String?
    /// What was said of it.
    package var spokenText: String?
    package var delivered: Bool
    package var ending: Ending
    /// In ms since the phone rang; nil for what never happened.
    package var offeredMs: Int?
    package var agreedMs: Int?
    package var answeredMs: Int?
    /// When the caller heard the first of the answer, and when its end.
    package var spokenMs: Int?
    package var heardMs: Int?
    package var endedMs: Int
    /// What somebody is to call back about.
    package var followUp: String?

    package init(
        question: ConsultQuestion, consents: [ConsentRecord] = [], answers: [SpecialistAnswer] = [],
        mergedText: String? = nil, spokenText: String? = nil, delivered: Bool = false, ending: Ending,
        offeredMs: Int? = nil, agreedMs: Int? = nil, answeredMs: Int? = nil, spokenMs: Int? = nil, heardMs: Int? = nil,
        endedMs: Int, followUp: String? = nil
    ) {
        self.question = question
        self.consents = consents
        self.answers = answers
        self.mergedText = mergedText
        self.spokenText = spokenText
        self.delivered = delivered
        self.ending = ending
        self.offeredMs = offeredMs
        self.agreedMs = agreedMs
        self.answeredMs = answeredMs
        self.spokenMs = spokenMs
        self.heardMs = heardMs
        self.endedMs = endedMs
        self.followUp = followUp
    }

    /// From the yes to the first of the answer in the caller's ear.
    package var answerMs: Int? {
        guard let agreedMs, let spokenMs else { return nil }
        return spokenMs - agreedMs
    }
}
