package import CallModel
import Dispatch
package import FoundationEssentials
package import SpokenLanguage
import Synchronization
import Telemetry

#if canImport(Glibc)
    import Glibc
#endif

/// The journals of a gateway: `<directory>/<call id>.journal`, one file a call, readable by this user only.
///
/// A journal whose record is committed moves to `written/` and is pruned there; one the database refuses for good is
/// kept in `failed/` beside its reason; one that says of no line whose call it is goes to `quarantine/` and blocks no other.
///
/// One process at a time: whoever opens it holds the directory's ``JournalLock``.
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
    private let probe = Mutex<DiskProbe?>(nil)

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

    /// From now on ``isWell`` speaks of the disk.
    package func watchDisk(patienceMs: Int64 = 5_000) {
        probe.withLock { $0 = DiskProbe(directory: directory, patienceMs: patienceMs, queue: writer) }
    }

    package func stopWatchingDisk() {
        probe.withLock { probe in
            probe?.stop()
            probe = nil
        }
    }

    /// Whether the directory takes new calls: false once it has refused a call and refuses another file too, or has taken
    /// nothing for five seconds.
    package var isWell: Bool { probe.withLock { $0?.isWell ?? true } }

    /// The journal to append to: a new call's, or that of a call which goes on after this process was restarted.
    ///
    /// - Parameter earlier: what is in the file of such a call.
    package func open(_ callID: CallID, after earlier: [CallJournalEntry] = []) -> CallJournal {
        live.withLock { live in
            if let journal = live[callID] { return journal }
            let journal = CallJournal(
                callID: callID, path: path(callID), directory: directory, writer: writer, syncer: syncer,
                redaction: redaction, earlier: earlier,
                wasRefused: { [weak self] in self?.probe.withLock { $0?.callWasRefused() } })
            live[callID] = journal
            return journal
        }
    }

    /// A call's entries, a torn last line left out. While the disk refuses a call that is still open, its entries come
    /// from memory, so that a full disk does not keep the call from the CRM. Of a damaged file, all that is whole, with a
    /// note that says so; a copy of the file is kept in `quarantine/`.
    package func load(_ callID: CallID) throws(JournalError) -> [CallJournalEntry] {
        if let journal = live.withLock({ $0[callID] }), journal.isUnsafe {
            let entries = journal.entries
            if case .rang? = entries.first { return entries }
        }
        guard let contents = try JournalFile.read(path(callID), call: callID) else { throw .missing(callID) }
        let scan = JournalLine.scan(contents.bytes)
        guard let opening = scan.entries.first(where: \.isOpening), case .rang(let rang) = opening else {
            throw .corrupt(callID, byte: 0, reason: scan.damage ?? "no opening of a call")
        }
        guard rang.callID == callID else { throw .corrupt(callID, byte: 0, reason: "the journal of another call") }
        let entries = scan.entries.filter { !$0.isOpening }
        guard scan.damagedLines > 0 || contents.skippedBytes > 0 else { return [opening] + entries }
        keepCopy(of: callID, contents, scan)
        let note = "journal damaged; lines not read: \(scan.damagedLines), bytes left out: \(contents.skippedBytes)"
        return [opening, .note(note, atMs: 0)] + entries
    }

    private func keepCopy(of callID: CallID, _ contents: JournalFile.Contents, _ scan: JournalLine.Scan) {
        let copy = directory + "/quarantine/\(callID).journal"
        guard access(copy, F_OK) != 0 else { return }
        Log.error(
            "journal damaged; what is whole is taken",
            [
                "call.id": callID, "lines": scan.damagedLines, "skipped_bytes": contents.skippedBytes,
                "reason": scan.damage ?? "too long", "copy": copy,
            ])
        Metrics.shared.add(JournalMetrics.damaged)
        do throws(JournalError) {
            // One that is too long to be read is not copied: it is kept with those written.
            if contents.skippedBytes == 0 { try JournalFile.make(copy, of: contents.bytes) }
        } catch {
            Log.error("damaged journal cannot be copied", ["call.id": callID, "error": error])
        }
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

    /// Takes a journal that cannot be read out of the way.
    package func quarantine(_ callID: CallID, reason: String) { quarantine("\(callID).journal", reason: reason) }

    private func quarantine(_ name: String, reason: String) {
        Log.error(
            "journal quarantined",
            ["file": name, "reason": reason, "directory": directory + "/quarantine"])
        Metrics.shared.add(JournalMetrics.quarantined)
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

    /// Keeps a call that the database refuses for good in `failed/`, with the reason beside it. Throws, and changes nothing,
    /// while the call is in memory only.
    package func setAside(_ callID: CallID, reason: String) throws(JournalError) {
        if live.withLock({ $0[callID] })?.isUnsafe == true { throw .notYetWritten(callID) }
        live.withLock { $0.removeValue(forKey: callID) }?.abandon()
        try JournalFile.move(path(callID), to: directory + "/failed/\(callID).journal")
        let note = directory + "/failed/\(callID).reason"
        let file = try JournalFile.openForAppend(note)
        defer { close(file) }
        var offset = 0
        try JournalFile.write(file, Array((reason + "\n").utf8), from: &offset, path: note)
    }

    /// Puts what ``setAside(_:reason:)`` kept back in line, for another attempt.
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
    package func prune() {
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
    fileprivate var isEnding: Bool { if case .ended = self { true } else { false } }

    var isOpening: Bool { if case .rang = self { true } else { false } }
}
