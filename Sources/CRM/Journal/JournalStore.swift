package import CallModel
import Dispatch
package import FoundationEssentials
import Synchronization
import Telemetry

#if canImport(Glibc)
    import Glibc
#endif

/// The journals of a gateway: `<directory>/<call id>.journal`, one file a call, readable by this user only.
///
/// A journal whose record is committed moves to `written/` and is pruned there; one the database refuses for good is
/// kept in `failed/` beside its reason; one that cannot be read goes to `quarantine/` and blocks no other.
package final class JournalStore: Sendable {
    package struct Retention: Sendable {
        /// Committed journals are kept this long, and at most this many.
        package var age: TimeInterval
        package var count: Int
        package init(age: TimeInterval = 7 * 86_400, count: Int = 10_000) {
            self.age = age
            self.count = count
        }
    }

    private static let markedBetweenPrunes = 256

    package let directory: String
    private let retention: Retention
    private let redaction: Redaction
    private let writer = DispatchQueue(label: "parley.journal.write")
    private let syncer = DispatchQueue(label: "parley.journal.fsync")
    private let live = Mutex<[CallID: CallJournal]>([:])
    private let marked = Atomic<Int>(0)

    /// - Parameter redaction: what leaves every text before it reaches the disk.
    package init(
        directory: String, retention: Retention = Retention(), redaction: Redaction = Redaction()
    ) throws(JournalError) {
        self.directory = directory
        self.retention = retention
        self.redaction = redaction
        for path in [directory, directory + "/written", directory + "/failed", directory + "/quarantine"] {
            try JournalFile.makeDirectory(path)
        }
        prune()
    }

    /// The journal to append to: a new call's, or that of a call which goes on after this process was restarted.
    package func open(_ callID: CallID) -> CallJournal {
        live.withLock { live in
            if let journal = live[callID] { return journal }
            let journal = CallJournal(
                callID: callID, path: path(callID), directory: directory, writer: writer, syncer: syncer,
                redaction: redaction)
            live[callID] = journal
            return journal
        }
    }

    /// A call's entries, a torn last line left out. While the disk refuses a call that is still open, its entries come
    /// from memory, so that a full disk does not keep the call from the CRM.
    package func load(_ callID: CallID) throws(JournalError) -> [CallJournalEntry] {
        if let journal = live.withLock({ $0[callID] }), journal.isUnsafe {
            let entries = journal.entries
            if case .rang? = entries.first { return entries }
        }
        guard let bytes = try JournalFile.read(path(callID), call: callID) else { throw .missing(callID) }
        return try JournalStore.decode(bytes, callID)
    }

    static func decode(_ bytes: [UInt8], _ callID: CallID) throws(JournalError) -> [CallJournalEntry] {
        let scan = JournalLine.scan(bytes)
        if let damage = scan.damage { throw .corrupt(callID, byte: scan.goodBytes, reason: damage) }
        guard case .rang(let opening)? = scan.entries.first else {
            throw .corrupt(callID, byte: 0, reason: "does not begin with the opening of a call")
        }
        guard opening.callID == callID else { throw .corrupt(callID, byte: 0, reason: "the journal of another call") }
        return scan.entries
    }

    /// What an earlier process left, oldest file first.
    package struct Left: Equatable, Sendable {
        /// Calls that ended and are not committed yet.
        package var unwritten: [CallID] = []
        /// Calls that have no ending: it died in mid-call.
        package var unfinished: [CallID] = []
    }

    /// Reads every journal once. Those open in this process are left out; unreadable ones are quarantined.
    package func left() throws(JournalError) -> Left {
        var found: [(call: CallID, at: Date, isEnded: Bool)] = []
        for name in try JournalFile.names(in: directory) where name.hasSuffix(".journal") {
            guard let callID = CallID(String(name.dropLast(8))), name == "\(callID).journal" else {
                quarantine(name, reason: "its name is not that of a call")
                continue
            }
            if let journal = live.withLock({ $0[callID] }), journal.isUnsafe { continue }
            do throws(JournalError) {
                let entries = try load(callID)
                found.append(
                    (
                        callID, JournalFile.modifiedAt(path(callID)) ?? .distantPast,
                        entries.contains { $0.isEnding }
                    ))
            } catch .corrupt(_, let byte, let reason) {
                quarantine(name, reason: "\(reason), byte \(byte)")
            } catch {
                Log.error("journal cannot be read", ["call.id": callID, "error": error])
            }
        }
        found.sort { $0.at < $1.at }
        return Left(
            unwritten: found.filter(\.isEnded).map(\.call), unfinished: found.filter { !$0.isEnded }.map(\.call))
    }

    private func quarantine(_ name: String, reason: String) {
        Log.error(
            "journal quarantined",
            ["file": name, "reason": reason, "directory": directory + "/quarantine"])
        Metrics.shared.add("parley_journal_quarantined_total", help: "Journal files that could not be read.")
        do throws(JournalError) {
            try JournalFile.move(directory + "/" + name, to: directory + "/quarantine/" + name)
        } catch {
            Log.error("journal cannot be quarantined", ["file": name, "error": error])
        }
    }

    /// The call's record is committed. Doing it again changes nothing.
    package func markWritten(_ callID: CallID) throws(JournalError) {
        live.withLock { $0.removeValue(forKey: callID) }?.abandon()
        let from = path(callID)
        guard rename(from, directory + "/written/\(callID).journal") == 0 || errno == ENOENT else {
            throw JournalFile.failure("renaming", from)
        }
        if marked.wrappingAdd(1, ordering: .relaxed).newValue % Self.markedBetweenPrunes == 0 { prune() }
    }

    /// Keeps a call that the database refuses for good in `failed/`, with the reason beside it.
    package func setAside(_ callID: CallID, reason: String) throws(JournalError) {
        live.withLock { $0.removeValue(forKey: callID) }?.abandon()
        try JournalFile.move(path(callID), to: directory + "/failed/\(callID).journal")
        let note = directory + "/failed/\(callID).reason"
        let file = try JournalFile.openForAppend(note)
        defer { close(file) }
        var offset = 0
        try JournalFile.write(file, Array((reason + "\n").utf8), from: &offset, path: note)
    }

    /// Puts what ``setAside(_:reason:)`` kept back in line, for another attempt after a restart.
    package func restoreFailed() throws(JournalError) -> [CallID] {
        var restored: [CallID] = []
        for name in try JournalFile.names(in: directory + "/failed") where name.hasSuffix(".journal") {
            guard let callID = CallID(String(name.dropLast(8))) else { continue }
            try JournalFile.move(directory + "/failed/" + name, to: path(callID))
            unlink(directory + "/failed/\(callID).reason")
            restored.append(callID)
        }
        return restored
    }

    package func isWritten(_ callID: CallID) -> Bool {
        access(directory + "/written/\(callID).journal", F_OK) == 0
    }

    private func path(_ callID: CallID) -> String { "\(directory)/\(callID).journal" }

    /// Removes committed journals that are too old or too many. Holds those it is about to remove and no others: a list of
    /// all would be megabytes, made again and again, and the allocator keeps what it needed once.
    private func prune() {
        let written = directory + "/written"
        func modifiedAt(_ name: String) -> Date { JournalFile.modifiedAt(written + "/" + name) ?? .distantPast }
        let ageLimit = Date.now.addingTimeInterval(-retention.age)
        var count = 0
        try? JournalFile.visit(written) { name in
            if modifiedAt(name) < ageLimit { unlink(written + "/" + name) } else { count += 1 }
        }
        guard count > retention.count else { return }
        var excess = OldestFiles(count: count - retention.count)
        try? JournalFile.visit(written) { name in excess.consider(name, at: modifiedAt(name)) }
        for name in excess.names { unlink(written + "/" + name) }
    }
}

extension CallJournalEntry {
    fileprivate var isEnding: Bool {
        switch self {
        case .ended: true
        default: false
        }
    }
}
