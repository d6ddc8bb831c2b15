import CRM
import CallModel
import Foundation
import Synchronization
import Telemetry

/// Calls a gateway before this one was holding when it died. The carrier may still bring them back; when it says they
/// are over, or cannot be asked, they are written as interrupted, with what was said until then.
final class OrphanedCalls: Sendable {
    private let journals: JournalStore
    private let writer: PostCallWriter
    private let carrier: CarrierAccount?
    private let records = Mutex<[CallSid: CallRecord]>([:])

    init(journals: JournalStore, writer: PostCallWriter, carrier: CarrierAccount?) {
        self.journals = journals
        self.writer = writer
        self.carrier = carrier
    }

    var count: Int { records.withLock { $0.count } }

    /// Takes the calls whose journals have no ending. To be called before the listener answers.
    func take(_ unfinished: [CallID]) throws {
        for callID in unfinished {
            guard let record = CallRecord(journal: try journals.load(callID)) else { continue }
            records.withLock { $0[record.opening.callSid] = record }
        }
        if count > 0 { Log.warning("calls left by a gateway that died", ["calls": count]) }
    }

    /// The carrier brings the call back: it is no orphan any more.
    func claim(_ sid: CallSid) -> CallRecord? { records.withLock { $0.removeValue(forKey: sid) } }

    /// The carrier says the call is over.
    func ended(_ sid: CallSid) async {
        guard let record = claim(sid) else { return }
        await writer.recoverInterrupted(record.opening.callID, reason: "node_shutdown")
    }

    /// Asks the carrier about each orphan until none is left. Gives the carrier time to come back first.
    func watch(graceSeconds: Double = 5) async {
        while count > 0, !Task.isCancelled {
            try? await Task.sleep(for: .seconds(graceSeconds))
            for sid in records.withLock({ Array($0.keys) }) {
                let status = await carrier?.status(of: sid) ?? .unknown
                if status != .live { await ended(sid) }
            }
        }
    }
}
