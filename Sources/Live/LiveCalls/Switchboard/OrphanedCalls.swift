import CallModel
import Foundation
import Journal
import Runtime
import Synchronization
import Telemetry
import Telephony

/// Calls a gateway before this one was holding when it died. The carrier may still bring them back; when it says they
/// are over, or has not been able to say anything for a minute, they are written as interrupted, with what was said until
/// then. One that comes back even later goes on all the same.
final class OrphanedCalls: Sendable {
    struct Orphan: Sendable {
        let record: CallRecord
        /// Its record is written, or on its way: what follows is journalled under an id of its own and joined to it.
        let isGivenUp: Bool
    }

    private struct State {
        var waiting: [CallSid: CallRecord] = [:]
        var givenUp: [CallSid: CallRecord] = [:]
        var takenAt = MonotonicTime.now()
    }

    /// Questions in a row that stay without an answer: the others need not be asked now.
    private static let unansweredMax = 3
    private static let pauseSecondsMax = 30.0

    private let journals: JournalStore
    private let submit: @Sendable (CallID) async -> Void
    private let carrier: CarrierAccount?
    private let patienceMs: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - submit: has the record of a call written that will not go on.
    ///   - patienceMs: a carrier that cannot be asked says nothing of a call; after this long, hardly any brings one back.
    init(
        journals: JournalStore, carrier: CarrierAccount?, patienceMs: Int,
        submit: @escaping @Sendable (CallID) async -> Void
    ) {
        self.journals = journals
        self.submit = submit
        self.carrier = carrier
        self.patienceMs = patienceMs
    }

    var count: Int { state.withLock { $0.waiting.count } }

    /// Takes the calls whose journals have no ending. To be called before the listener answers. One that cannot be read is
    /// told of and keeps no other waiting.
    func take(_ unfinished: [CallID]) {
        for callID in unfinished {
            do {
                guard let record = CallRecord(journal: try journals.load(callID)) else { continue }
                if let twin = state.withLock({ $0.waiting.updateValue(record, forKey: record.opening.callSid) }) {
                    // Two parts of one call of the carrier: one goes on, the other is joined to its record.
                    Task { await submit(twin.opening.callID) }
                }
            } catch {
                Log.error("call left by a gateway that died cannot be read", ["call.id": callID, "error": error])
            }
        }
        if count > 0 { Log.warning("calls left by a gateway that died", ["calls": count]) }
    }

    func has(_ sid: CallSid) -> Bool { state.withLock { $0.waiting[sid] != nil || $0.givenUp[sid] != nil } }

    /// The carrier brings the call back: it is no orphan any more.
    func claim(_ sid: CallSid) -> Orphan? {
        state.withLock { state in
            if let record = state.waiting.removeValue(forKey: sid) { return Orphan(record: record, isGivenUp: false) }
            return state.givenUp.removeValue(forKey: sid).map { Orphan(record: $0, isGivenUp: true) }
        }
    }

    /// The call was claimed and cannot go on here.
    func putBack(_ orphan: Orphan) {
        state.withLock { state in
            let sid = orphan.record.opening.callSid
            if orphan.isGivenUp { state.givenUp[sid] = orphan.record } else { state.waiting[sid] = orphan.record }
        }
    }

    /// The carrier says the call is over.
    func ended(_ sid: CallSid) async {
        guard let orphan = claim(sid), !orphan.isGivenUp else { return }
        await submit(orphan.record.opening.callID)
    }

    /// Asks the carrier about each orphan until it is told that none is left. Gives the carrier time to come back first.
    func watch(graceSeconds: Double = 5) async {
        var pauseSeconds = graceSeconds
        while count > 0, !Task.isCancelled {
            try? await Task.sleep(for: .seconds(pauseSeconds))
            let isAnswered = await ask()
            pauseSeconds = isAnswered ? graceSeconds : min(2 * pauseSeconds, Self.pauseSecondsMax)
        }
    }

    /// Whether the carrier has answered.
    private func ask() async -> Bool {
        var unanswered = 0
        for sid in state.withLock({ Array($0.waiting.keys) }) where !Task.isCancelled {
            guard unanswered < Self.unansweredMax else { break }
            switch await carrier?.status(of: sid) ?? .unknown {
            case .live: unanswered = 0
            case .over:
                unanswered = 0
                await ended(sid)
            case .unknown: unanswered += 1
            }
        }
        if unanswered > 0, isPatienceOver { await giveUp() }
        return unanswered == 0
    }

    private var isPatienceOver: Bool {
        MonotonicTime.now().milliseconds(since: state.withLock { $0.takenAt }) >= patienceMs
    }

    private func giveUp() async {
        let left = state.withLock { state in
            defer { state.waiting = [:] }
            state.givenUp.merge(state.waiting) { $1 }
            return Array(state.waiting.values)
        }
        Log.warning("the carrier cannot be asked about calls; they are written as interrupted", ["calls": left.count])
        for record in left { await submit(record.opening.callID) }
    }
}
