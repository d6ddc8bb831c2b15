/// How far a campaign is.
package enum CampaignStatus: String, CaseIterable, Sendable {
    case draft
    /// It begins at its time.
    case scheduled
    case active, paused, completed, stopped

    /// Whether it will never dial again.
    package var isOver: Bool { self == .completed || self == .stopped }
}

/// How far a campaign is with one contact.
package enum EnrolmentStatus: String, CaseIterable, Sendable {
    /// Nobody has tried yet, or what was tried came to nothing that counts.
    case pending
    /// It was not the time; it will be.
    case scheduled
    case dialling
    case inCall = "in_call"
    /// They were called, and will be again.
    case retryAt = "retry_at"
    /// Somebody has talked with us.
    case completed
    case optedOut = "opted_out"
    /// So many calls, and no talk; or a number that nobody will ever answer.
    case exhausted
    /// The rules of calling do not allow it, and no time will change that.
    case refused

    /// Whether there is still something to do.
    package var isOpen: Bool { Self.waiting.contains(self) || self == .dialling || self == .inCall }

    package static let waiting: [EnrolmentStatus] = [.pending, .scheduled, .retryAt]
    /// In SQL, word for word as the index on who is due has it.
    package static let waitingSQL = "('pending', 'scheduled', 'retry_at')"
}
