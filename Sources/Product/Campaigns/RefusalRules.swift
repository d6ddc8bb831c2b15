package import Compliance
package import FoundationEssentials

/// What becomes of somebody whom the gate did not let be called.
package enum RefusalRules {
    package enum Step: Equatable, Sendable {
        case over(EnrolmentStatus, reason: String)
        /// At the latest of these: every rule has to be met.
        case wait(reason: String, [DialVerdict.Again])
        /// It lies with us and not with them: the campaign waits, and they stay where they are.
        case campaignWaits(reason: String, seconds: Double)
    }

    /// So often it is looked whether we can call again.
    private static let secondsMax = 900.0

    package static func step(after verdict: DialVerdict, at now: Date) -> Step {
        let refusals = verdict.refusals
        func first(_ codes: [DialVerdict.Code]) -> DialVerdict.Refusal? { refusals.first { codes.contains($0.code) } }
        if first([.leftAlone]) != nil { return .over(.optedOut, reason: DialVerdict.Code.leftAlone.rawValue) }
        if let final = refusals.first(where: { isFinal($0) }) {
            return .over(final.code == .tooManyAttempts ? .exhausted : .refused, reason: final.code.rawValue)
        }
        if let ours = first([.tenantStopped, .callerIDUnusable]) {
            return .campaignWaits(reason: ours.code.rawValue, seconds: secondsMax)
        }
        if first([.budgetSpent]) != nil {
            return .campaignWaits(reason: DialVerdict.Code.budgetSpent.rawValue, seconds: secondsMax)
        }
        // Who may not be called now anyway takes no place of who may.
        let theirs = refusals.filter { ![.callerIDWornOut, .callsOfDayPlaced].contains($0.code) }
        if let one = theirs.first { return .wait(reason: one.code.rawValue, theirs.map(\.again)) }
        let times = refusals.compactMap { refusal in
            if case .at(let time) = refusal.again { time.timeIntervalSince(now) } else { nil }
        }
        return .campaignWaits(
            reason: (first([.callsOfDayPlaced])?.code ?? .callerIDWornOut).rawValue,
            seconds: min(max(times.max() ?? secondsMax, 1), secondsMax))
    }

    /// Nothing that will pass by itself.
    private static func isFinal(_ refusal: DialVerdict.Refusal) -> Bool {
        switch refusal.code {
        case .tenantStopped, .callerIDUnusable, .callerIDWornOut, .budgetSpent, .callsOfDayPlaced: false
        default: refusal.again == .never
        }
    }
}
