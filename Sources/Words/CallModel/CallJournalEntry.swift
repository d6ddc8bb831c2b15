package import FoundationEssentials

/// What is known when the phone rings: the first line of every journal.
package struct CallOpening: Equatable, Sendable, Codable {
    package enum Direction: String, Codable, Sendable { case inbound, outbound }

    package var callID: CallID
    package var tenant: TenantID
    package var profileID: UUID
    package var callSid: CallSid
    /// Nil when the caller withheld the number.
    package var from: E164?
    package var to: DialledAddress
    package var direction: Direction
    package var rangAt: Date
    package var currency: String
    package var timeZone: String
    /// BCP-47, of the profile; nil in a journal that was written before it was kept.
    package var language: String?
    /// Why the caller may not be who the number says, in the words of a report; nil when nothing speaks against it.
    package var callerDoubt: String?

    package init(
        callID: CallID, tenant: TenantID, profileID: UUID, callSid: CallSid, from: E164?, to: DialledAddress,
        direction: Direction, rangAt: Date, currency: String, timeZone: String, language: String? = nil,
        callerDoubt: String? = nil
    ) {
        self.callID = callID
        self.tenant = tenant
        self.profileID = profileID
        self.callSid = callSid
        self.from = from
        self.to = to
        self.direction = direction
        self.rangAt = rangAt
        self.currency = currency
        self.timeZone = timeZone
        self.language = language
        self.callerDoubt = callerDoubt
    }

    /// To a telephone number.
    package init(
        callID: CallID, tenant: TenantID, profileID: UUID, callSid: CallSid, from: E164?, to: E164,
        direction: Direction, rangAt: Date, currency: String, timeZone: String, language: String? = nil
    ) {
        self.init(
            callID: callID, tenant: tenant, profileID: profileID, callSid: callSid, from: from, to: .number(to),
            direction: direction, rangAt: rangAt, currency: currency, timeZone: timeZone, language: language)
    }

    /// The customer's side of the call.
    package var customerPhone: E164? { direction == .inbound ? from : to.number }
    /// Our side: the number that was called, or that we called from.
    package var ownAddress: DialledAddress { direction == .outbound ? from.map { .number($0) } ?? to : to }
    /// The number under which what is on record may be used in the call: none while somebody else may be calling.
    package var trustedPhone: E164? { callerDoubt == nil ? customerPhone : nil }
}

/// Something a tool call settled during the conversation; written to the CRM with the call.
package enum CallFact: Equatable, Sendable, Codable {
    case contactDetails(name: String?, email: String?, company: String?, position: String?)
    case qualification(
        budget: String?, budgetAmount: Double?, authority: String?, need: String?, timeline: String?, notes: String?)
    case meetingBooked(title: String, startsAt: Date, durationMinutes: Int)
    case followUpAgreed(dueAt: Date?, reason: String)
    /// The caller asked not to be called again, in these words.
    case doNotContact(words: String)
    case transferRequested(reason: String)
    case consent(kind: String, granted: Bool, words: String)
}

/// How the caller heard the call: moments confirmed by the carrier's marks, in ms since the call began.
package struct EarLedger: Equatable, Sendable, Codable {
    package struct Response: Equatable, Sendable, Codable {
        /// End of the caller's speech, and the first agent sound after it in the caller's ear, filler or answer.
        package var callerEndedMs: Int
        package var firstAudioMs: Int
        /// The first word of what only bridged the wait, and of the answer itself; nil where there was none.
        package var fillerMs: Int?
        package var answerMs: Int?
        package init(callerEndedMs: Int, firstAudioMs: Int, fillerMs: Int? = nil, answerMs: Int? = nil) {
            self.callerEndedMs = callerEndedMs
            self.firstAudioMs = firstAudioMs
            self.fillerMs = fillerMs
            self.answerMs = answerMs
        }
    }

    package struct BargeIn: Equatable, Sendable, Codable {
        package var detectedMs: Int
        package var clearSentMs: Int
        /// Audio handed to the carrier, or queued for it, that the caller never heard.
        package var discardedMs: Int
        package init(detectedMs: Int, clearSentMs: Int, discardedMs: Int) {
            self.detectedMs = detectedMs
            self.clearSentMs = clearSentMs
            self.discardedMs = discardedMs
        }
    }

    /// Media stream start to the agent's first word in the caller's ear, in ms; nil when there was none.
    package var pickupToFirstAudioMs: Int?
    package var responses: [Response] = []
    package var bargeIns: [BargeIn] = []
    /// The longest stretch in which neither side was heard, in ms.
    package var longestSilenceMs = 0
    package var framesIn = 0
    package var framesOut = 0
    package var framesLost = 0
    package var underrunBytes = 0
    package var overrunBytes = 0

    package init() {}
}

package struct CallEnding: Equatable, Sendable, Codable {
    /// `caller_hangup`, `agent_hangup`, `transferred`, `silence_timeout`, `max_duration`, `agent_fault`,
    /// `carrier_failed`, `node_shutdown`, `turn_limit`, …
    package var reason: String
    package var endedAt: Date
    package var ear: EarLedger

    package init(reason: String, endedAt: Date, ear: EarLedger) {
        self.reason = reason
        self.endedAt = endedAt
        self.ear = ear
    }
}

/// How a call ends that something else than a person has answered: ``CallEnding/reason``.
package enum MachineEnding: String, CaseIterable, Sendable {
    /// A mailbox has its message.
    case voicemailLeft = "voicemail_left"
    /// A mailbox, or another machine that talks.
    case answeringMachine = "answering_machine"
    /// The network said why there is no call, or it was a fax.
    case networkAnnouncement = "network_announcement"
}

/// One line of a call's journal. The journal is the call's memory: the record in the CRM is a fold over it, before
/// and after a crash alike.
package enum CallJournalEntry: Equatable, Sendable, Codable {
    case rang(CallOpening)
    case answered(streamSid: StreamSid, at: Date)
    /// A turn as it stands now; a later entry with the same number replaces it.
    case turn(Turn)
    case toolCalled(name: String, arguments: String, result: String, atMs: Int)
    case fact(CallFact, atMs: Int)
    case dtmf(digit: String, atMs: Int)
    /// A remark worth keeping: `context lookup timed out`, `agent leg lost`, …
    case note(String, atMs: Int)
    /// A consult as it stands now; a later entry with the same id replaces it.
    case consult(ConsultRecordPayload, atMs: Int)
    case streamClosed(atMs: Int)
    case ended(CallEnding)
}
