import CallModel
import Foundation

/// What is going to happen.
enum YearEvent: Sendable {
    /// People come into campaigns.
    case enrol(Int)
    /// The job of a call runs.
    case place(YearCall)
    case ringing(YearCall, CallSid)
    case answered(YearCall, CallSid)
    case over(YearCall, CallSid, YearOutcome)
    /// Whoever was called moves on.
    case moveOn(TenantID, UUID)
    /// Something that nobody had planned.
    case trouble
    case stop(TenantID), go(TenantID)
    case resume(TenantID, UUID)
    case backInUse(TenantID, String)
    case rules(TenantID, [String])
}

/// A call that a campaign asked for.
struct YearCall: Sendable {
    var tenant: TenantID
    var attempt: UUID
    var campaign: UUID
    var contact: UUID
    var number: String
}

enum YearOutcome: Sendable {
    case talk, machine, busy, noAnswer, declined, noSuchNumber, noRoom
}

/// Events by their time.
struct YearQueue {
    private var waiting: [(at: Double, event: YearEvent)] = []

    var next: Double? { waiting.last?.at }

    mutating func add(_ event: YearEvent, at: Double) {
        var (low, high) = (0, waiting.count)
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle].at > at { low = middle + 1 } else { high = middle }
        }
        waiting.insert((at, event), at: low)
    }

    mutating func take() -> YearEvent? { waiting.popLast()?.event }
}
