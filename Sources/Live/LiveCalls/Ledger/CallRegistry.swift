import CallModel
package import FoundationEssentials
package import Runtime
import Synchronization
import TwilioProtocol

/// Which calls are on, for the webhooks, on any thread. Bounded by the calls the gateway admits.
package final class CallRegistry: Sendable {
    private struct State {
        var cards: [CallSid: CallCard] = [:]
        /// Ended: in the journal for good, kept a while so that late callbacks find their answer.
        var endings = EndedCalls()
        var waiting: [CallSid: [CheckedContinuation<Bool, Never>]] = [:]
        /// Over, and in memory only: the disk refuses them.
        var unsafe: Set<CallSid> = []
        var spentTokens = SpentStreamTokens()
        var admitted: Set<CallSid> = []
        /// Those of them that we have placed.
        var dialled: Set<CallSid> = []
        /// Places of calls that the carrier is about to be asked for.
        var held: Set<UUID> = []
        /// Since when calls ring whose media stream has not been opened.
        var ringing: [CallSid: MonotonicTime] = [:]
        /// Calls that were over before they were registered: the caller hung up during the ring.
        var overEarly: [CallSid: String] = [:]
        var isDraining = false

        var placesTaken: Int { admitted.count + held.count }

        mutating func forget(_ sid: CallSid) {
            admitted.remove(sid)
            dialled.remove(sid)
            ringing[sid] = nil
        }
    }

    private let callsMax: Int
    private let dialledMax: Int
    private let isJournalWell: @Sendable () -> Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - dialledMax: how many of the calls may be calls that we place; nil: all of them.
    ///   - isJournalWell: whether a new call would be kept.
    init(callsMax: Int, dialledMax: Int? = nil, isJournalWell: @escaping @Sendable () -> Bool = { true }) {
        self.callsMax = callsMax
        self.dialledMax = dialledMax ?? callsMax
        self.isJournalWell = isJournalWell
    }

    package var count: Int { state.withLock { $0.admitted.count } }
    /// Whether the next call would be refused.
    package var isFull: Bool { count >= callsMax }
    package var isDraining: Bool { state.withLock { $0.isDraining } }
    var cards: [CallCard] { state.withLock { Array($0.cards.values) } }

    /// A media stream is opened a moment after the phone rang, or never.
    static let streamWithinMs: Int64 = 2_000

    /// Calls with somebody on the line, or about to be: not those that ring for long and have had no media stream.
    package func onTheLine(at now: MonotonicTime = .now()) -> Int {
        state.withLock { state in
            state.admitted.count
                - state.ringing.values.count { now.milliseconds(since: $0) >= CallRegistry.streamWithinMs }
        }
    }

    package func drain() { state.withLock { $0.isDraining = true } }

    // MARK: Places of calls that we place

    /// How many more calls may be asked for here.
    package var dialledFree: Int {
        state.withLock { state in
            guard !state.isDraining else { return 0 }
            return max(0, min(dialledMax - state.dialled.count - state.held.count, callsMax - state.placesTaken))
        }
    }

    /// Keeps a place for a call before the carrier is asked for it, so that nobody answers who cannot be talked to. What is left
    /// for calls that come in is never taken.
    ///
    /// - Returns: false where there is none; true again for an attempt that has one.
    package func hold(_ attempt: UUID) -> Bool {
        let isKept = isJournalWell()
        return state.withLock { state in
            if state.held.contains(attempt) { return true }
            guard isKept, !state.isDraining, state.dialled.count + state.held.count < dialledMax,
                state.placesTaken < callsMax
            else { return false }
            state.held.insert(attempt)
            return true
        }
    }

    /// The place is not needed, or has become the call's.
    package func letGo(_ attempt: UUID) { state.withLock { _ = $0.held.remove(attempt) } }

    // MARK: Calls

    enum Admission { case admitted, alreadyOn, ended, full, draining, noJournal }

    /// Keeps a place for a call that rings.
    ///
    /// - Parameters:
    ///   - attempt: of a call that we have placed: the place that was held for it is its own from now on.
    ///   - isUnderWay: whether it has been on before: such a call is better off beyond the number of calls, or without
    ///     a journal, than without us.
    func admit(
        _ sid: CallSid, attempt: UUID? = nil, isUnderWay: Bool = false, at now: MonotonicTime = .now()
    ) -> Admission {
        let isKept = isUnderWay || isJournalWell()
        return state.withLock { state in
            if state.endings.contains(sid) { return .ended }
            if state.admitted.contains(sid) { return .alreadyOn }
            if state.isDraining { return .draining }
            guard isKept else { return .noJournal }
            let hasPlace = attempt.map { state.held.remove($0) != nil } ?? false
            guard isUnderWay || hasPlace || state.placesTaken < callsMax else { return .full }
            state.admitted.insert(sid)
            if attempt != nil { state.dialled.insert(sid) }
            state.ringing[sid] = now
            return .admitted
        }
    }

    /// Gives the place of a call back that did not come about.
    func dismiss(_ sid: CallSid) {
        let waiting = state.withLock { state in
            state.forget(sid)
            state.overEarly[sid] = nil
            return state.waiting.removeValue(forKey: sid) ?? []
        }
        for continuation in waiting { continuation.resume(returning: true) }
    }

    /// Returns the carrier's terminal status when the call is over already.
    func register(_ card: CallCard) -> String? {
        state.withLock { state in
            state.cards[card.opening.callSid] = card
            // One that is taken up from the process before this one as well.
            if card.opening.direction == .outbound { state.dialled.insert(card.opening.callSid) }
            return state.overEarly.removeValue(forKey: card.opening.callSid)
        }
    }

    /// The carrier says a call is over. Returns its card, or nil when it has none: one that is still being opened learns
    /// of its end when it registers, and one whose webhook comes after its end is not opened at all.
    func over(_ sid: CallSid, status: String) -> CallCard? {
        state.withLock { state in
            if let card = state.cards[sid] { return card }
            if state.admitted.contains(sid) { state.overEarly[sid] = status } else { state.endings.remember(sid) }
            return nil
        }
    }

    /// The call has a media stream: somebody is on the line until the call ends.
    func streams(_ sid: CallSid) { state.withLock { $0.ringing[sid] = nil } }

    func card(_ sid: CallSid) -> CallCard? { state.withLock { $0.cards[sid] } }

    /// Lets each token through once.
    func spend(_ token: StreamToken, now: Int64) throws(StreamTokenError) {
        try state.withLock { state throws(StreamTokenError) in try state.spentTokens.spend(token, now: now) }
    }

    /// Whether a call is on, or about to be.
    func isOn(_ sid: CallSid) -> Bool { state.withLock { $0.admitted.contains(sid) } }

    /// The call is over, and the disk does not take its journal: nobody is told that it is safe.
    func notOnDisk(_ sid: CallSid) {
        let waiting = state.withLock { state in
            state.unsafe.insert(sid)
            return state.waiting.removeValue(forKey: sid) ?? []
        }
        for continuation in waiting { continuation.resume(returning: false) }
    }

    /// The call's journal is closed and on disk.
    func ended(_ sid: CallSid) {
        let waiting = state.withLock { state in
            state.cards[sid] = nil
            state.forget(sid)
            state.unsafe.remove(sid)
            state.endings.remember(sid)
            return state.waiting.removeValue(forKey: sid) ?? []
        }
        for continuation in waiting { continuation.resume(returning: true) }
    }

    /// Returns true when the call's journal is on disk, at once when it is or when there is no such call; false as soon as
    /// the disk has refused it.
    func waitUntilEnded(_ sid: CallSid) async -> Bool {
        await withCheckedContinuation { continuation in
            let now: Bool? = state.withLock { state in
                if state.unsafe.contains(sid) { return false }
                guard state.cards[sid] != nil || state.overEarly[sid] != nil else { return true }
                state.waiting[sid, default: []].append(continuation)
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }
}
