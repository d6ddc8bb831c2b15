package import CallModel
import Dispatch
import FoundationEssentials
import SpokenLanguage
import Synchronization
import Telemetry

#if canImport(Glibc)
    import Glibc
#endif

/// One call's journal: the memory of the call from ring to record.
///
/// ``append(_:)`` may be called on a media loop: it takes a lock held for nanoseconds and never touches the disk. One
/// writer thread redacts, encodes and writes what was appended, in order, normally within a millisecond.
/// What is guaranteed:
/// - an entry that reached write(2) survives a SIGKILL of this process; one appended in the last instant before may not;
/// - after ``finish()`` returned, every entry also survives a power failure (file and directory are fsynced);
/// - when the disk refuses, entries stay in memory and are written again and again, and ``finish()`` throws the reason;
/// - only remarks, key presses and turns are ever discarded, when more than ``queueMax`` wait or the call has written more
///   than a journal holds; that is counted and logged.
package final class CallJournal: Sendable {
    /// Entries that may wait for the writer.
    package static let queueMax = 2_048
    /// Encoded bytes that may wait for the disk before the queue is left to fill up.
    private static let pendingBytesMax = 4 << 20
    private static let retryMsMax = 2_000
    /// Bytes of a call after which remarks are no more taken, and after which nothing but its ending is: below what is read.
    private static let remarksBytesMax = 8 << 20
    private static let bytesMax = 32 << 20

    package let callID: CallID
    private let path: String
    private let directory: String
    /// Serial: the one thread that writes, and a second that waits for fsync, shared by all journals of a store.
    private let writer: DispatchQueue
    private let syncer: DispatchQueue
    private let redaction: Redaction
    /// What is in the file of a call that another process began, for as long as this one's part is not.
    private let earlier: [CallJournalEntry]
    /// Called for every attempt that failed, on the writer's or the syncer's thread.
    private let wasRefused: @Sendable () -> Void

    private struct State {
        var queue: [CallJournalEntry] = []
        var entries: [CallJournalEntry] = []
        var isScheduled = false
        var lost = 0
        var waiters: [CheckedContinuation<Void, any Error>] = []
        /// Everything appended is written and fsynced, and the file is closed.
        var isClosed = false
        var isAbandoned = false
        var lastError: JournalError?
    }

    /// Touched by the writer and syncer threads only.
    private struct Disk: ~Copyable {
        var file: Int32 = -1
        var pending: [UInt8] = []
        var offset = 0
        var failures = 0
        /// What the file held when it was opened, and how many entries of this object's it holds besides.
        var found: [CallJournalEntry] = []
        var written = 0
        var conversation: ConversationRedaction
        var hasOpened = false
        /// Some of what the file held could not be read: it is never written anew.
        var isDamaged = false
        /// Holds what was known to be secret only later: the file is to be written anew.
        var isStale = false

        /// In the file and on the way there.
        var bytes = 0
        /// Written again beside what is worth most: a journal that has lost its first line would be nobody's.
        var opening: [UInt8] = []

        init(_ redaction: Redaction) { conversation = ConversationRedaction(redaction) }
        deinit { if file >= 0 { close(file) } }
    }

    private let state = Mutex(State())
    private let disk: Mutex<Disk>

    init(
        callID: CallID, path: String, directory: String, writer: DispatchQueue, syncer: DispatchQueue,
        redaction: Redaction, earlier: [CallJournalEntry], wasRefused: @escaping @Sendable () -> Void
    ) {
        self.callID = callID
        self.path = path
        self.directory = directory
        self.writer = writer
        self.syncer = syncer
        self.redaction = redaction
        disk = Mutex(Disk(redaction))
        self.earlier = earlier
        self.wasRefused = wasRefused
    }

    /// Hands an entry to the writer. Never blocks on the disk, never fails.
    package func append(_ entry: CallJournalEntry) {
        enum Verdict { case schedule, queued, lost(Int) }
        let entry = entry.bounded()
        let verdict: Verdict = state.withLock { state in
            guard state.queue.count < Self.queueMax || Self.isEssential(entry) else {
                state.lost += 1
                return .lost(state.lost)
            }
            state.queue.append(entry)
            state.entries.append(entry)
            state.isClosed = false
            guard !state.isScheduled else { return .queued }
            state.isScheduled = true
            return .schedule
        }
        switch verdict {
        case .queued: break
        case .schedule: writer.async { self.drain() }
        case .lost(let count): report(lost: count)
        }
    }

    private func report(lost count: Int) {
        Metrics.shared.add(JournalMetrics.entriesLost)
        if count == 1 {
            Log.error(
                "journal entries are being discarded",
                ["call.id": callID, "queue_max": Self.queueMax, "bytes_max": Self.bytesMax])
        }
    }

    /// Entries without which the record would be wrong; a call has few of them.
    private static func isEssential(_ entry: CallJournalEntry) -> Bool {
        switch entry {
        case .rang, .answered, .fact, .consult, .ended: true
        case .turn, .toolCalled, .dtmf, .note, .streamClosed: false
        }
    }

    /// Returns when everything appended so far is on the disk, file and directory fsynced.
    ///
    /// Throws ``JournalError/disk(operation:path:code:reason:)`` as soon as an attempt fails: the entries stay in memory
    /// and are still tried until they are written. Throws ``JournalError/entriesLost(_:count:)`` when all that was kept
    /// is safe but some entries had been discarded.
    package func finish() async throws {
        try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<Void, any Error>) in
            enum Verdict { case done(Int), wait, schedule, failing(JournalError) }
            let verdict: Verdict = state.withLock { state in
                if state.isClosed || state.isAbandoned { return .done(state.lost) }
                if state.isScheduled, let error = state.lastError { return .failing(error) }
                state.waiters.append(waiter)
                guard !state.isScheduled else { return .wait }
                state.isScheduled = true
                return .schedule
            }
            switch verdict {
            case .done(let lost): resume([waiter], lost: lost)
            case .failing(let error): waiter.resume(throwing: error)
            case .wait: break
            case .schedule: writer.async { self.drain() }
            }
        }
    }

    /// The call so far, written or not, as it is stored.
    package var entries: [CallJournalEntry] {
        ConversationRedaction.redacted(earlier + state.withLock { $0.entries }, redaction)
    }

    /// True while something appended is not yet safe on the disk.
    package var isUnsafe: Bool { state.withLock { !$0.isClosed && !$0.entries.isEmpty } }

    /// Nothing more is written: the record is in the database, or the store goes away.
    func abandon() {
        let waiters = state.withLock { state in
            state.isAbandoned = true
            state.queue = []
            defer { state.waiters = [] }
            return state.waiters
        }
        resume(waiters, lost: 0)
    }

    private func resume(_ waiters: [CheckedContinuation<Void, any Error>], lost: Int) {
        for waiter in waiters {
            if lost > 0 {
                waiter.resume(throwing: JournalError.entriesLost(callID, count: lost))
            } else {
                waiter.resume()
            }
        }
    }

    /// On the writer thread: writes until the queue is empty, then fsyncs if somebody waits for it.
    private func drain() {
        while true {
            let roomy = disk.withLock { $0.pending.count - $0.offset < Self.pendingBytesMax }
            let taken: [CallJournalEntry]? = state.withLock { state in
                guard !state.isAbandoned else { return nil }
                guard roomy else { return [] }
                defer { state.queue = [] }
                return state.queue
            }
            guard let taken else { return }
            do {
                try disk.withLock { disk throws(JournalError) in try self.write(taken, &disk) }
            } catch {
                return failed(error)
            }
            let next: (finished: Bool, sync: Bool) = state.withLock { state in
                state.lastError = nil
                guard state.queue.isEmpty else { return (false, false) }
                guard state.waiters.isEmpty else { return (true, true) }
                state.isScheduled = false
                return (true, false)
            }
            if next.sync { syncer.async { self.sync() } }
            if next.finished { return }
        }
    }

    private func write(_ entries: [CallJournalEntry], _ disk: inout Disk) throws(JournalError) {
        for entry in entries {
            guard Self.hasRoom(for: entry, after: disk.bytes) else {
                report(
                    lost: state.withLock { state in
                        state.lost += 1
                        return state.lost
                    })
                continue
            }
            do {
                let taken = disk.conversation.take(entry)
                disk.isStale = disk.isStale || taken.reachesBack
                let line = try JournalLine.encode(taken.entry)
                switch entry {
                case .rang: disk.opening = line
                case .answered, .ended: append(disk.opening, to: &disk)
                default: break
                }
                append(line, to: &disk)
            } catch {
                Log.error("journal entry cannot be encoded", ["call.id": callID, "error": "\(type(of: error))"])
                state.withLock { $0.lost += 1 }
            }
        }
        disk.written += entries.count
        if disk.file < 0 { try openFile(&disk) }
        try JournalFile.write(disk.file, disk.pending, from: &disk.offset, path: path)
        disk.pending.removeAll(keepingCapacity: disk.pending.count < 65_536)
        disk.offset = 0
        if disk.isStale, !disk.isDamaged { try writeAnew(&disk) }
        disk.failures = 0
    }

    /// Puts a file in place of this one that lacks what was known to be secret only later.
    private func writeAnew(_ disk: inout Disk) throws(JournalError) {
        let entries = disk.found + state.withLock { Array($0.entries.prefix(disk.written)) }
        var bytes: [UInt8] = []
        for entry in ConversationRedaction.redacted(entries, redaction) {
            bytes.append(contentsOf: (try? JournalLine.encode(entry)) ?? [])
        }
        let new = path + ".new"
        unlink(new)
        let file = try JournalFile.openForAppend(new)
        do throws(JournalError) {
            var offset = 0
            try JournalFile.write(file, bytes, from: &offset, path: new)
            try JournalFile.sync(file, path: new)
            try JournalFile.move(new, to: path)
        } catch {
            close(file)
            throw error
        }
        close(disk.file)
        disk.file = file
        disk.bytes = bytes.count
        disk.isStale = false
    }

    private func append(_ line: [UInt8], to disk: inout Disk) {
        disk.pending.append(contentsOf: line)
        disk.bytes += line.count
    }

    private static func hasRoom(for entry: CallJournalEntry, after bytes: Int) -> Bool {
        switch entry {
        case .rang, .ended: true
        case .answered, .turn, .fact, .consult: bytes < bytesMax
        case .toolCalled, .dtmf, .note, .streamClosed: bytes < remarksBytesMax
        }
    }

    /// A file left by an earlier process may end in a torn line, which is cut off before anything is appended, or without its
    /// last line break, which is written.
    private func openFile(_ disk: inout Disk) throws(JournalError) {
        let file = try JournalFile.openForAppend(path)
        do throws(JournalError) {
            let scan = JournalLine.scan(try JournalFile.contents(of: file, path: path, call: callID).bytes)
            let size = try JournalFile.size(of: file, path: path)
            if scan.tornBytes > 0, ftruncate(file, off_t(size - scan.tornBytes)) != 0 {
                throw JournalFile.failure("truncation", path)
            }
            if scan.lacksBreak, unsafe Glibc.write(file, "\n", 1) != 1 {
                throw JournalFile.failure("a line break", path)
            }
            disk.bytes = size - scan.tornBytes + (scan.lacksBreak ? 1 : 0) + disk.pending.count - disk.offset
            if disk.opening.isEmpty, let opening = scan.entries.first(where: \.isOpening) {
                disk.opening = (try? JournalLine.encode(opening)) ?? []
            }
            disk.file = file
            guard !disk.hasOpened else { return }
            disk.hasOpened = true
            disk.found = scan.entries
            disk.isDamaged = scan.damage != nil
            guard !scan.entries.isEmpty else { return }
            // The conversation began in an earlier process.
            disk.conversation = ConversationRedaction(redaction)
            for entry in disk.found + state.withLock({ Array($0.entries.prefix(disk.written)) }) {
                if disk.conversation.take(entry).reachesBack { disk.isStale = true }
            }
        } catch {
            close(file)
            throw error
        }
    }

    private func sync() {
        do {
            try disk.withLock { disk throws(JournalError) in
                if disk.file >= 0 { try JournalFile.sync(disk.file, path: self.path) }
                try JournalFile.syncDirectory(self.directory)
            }
        } catch {
            return failed(error)
        }
        enum Verdict { case drain, closed }
        let (verdict, waiters, lost) = state.withLock {
            state -> (Verdict, [CheckedContinuation<Void, any Error>], Int) in
            // Something came while fsync ran: it is written, then everybody is told.
            guard state.queue.isEmpty else { return (.drain, [], 0) }
            defer { state.waiters = [] }
            state.isScheduled = false
            state.isClosed = true
            return (.closed, state.waiters, state.lost)
        }
        switch verdict {
        case .drain: writer.async { self.drain() }
        case .closed:
            writer.async { self.closeIfIdle() }
            resume(waiters, lost: lost)
        }
    }

    private func closeIfIdle() {
        guard state.withLock({ $0.isClosed }) else { return }
        disk.withLock { disk in
            if disk.file >= 0 { close(disk.file) }
            disk.file = -1
        }
    }

    private func failed(_ error: JournalError) {
        let failures = disk.withLock { disk in
            disk.failures += 1
            return disk.failures
        }
        Metrics.shared.add(JournalMetrics.writeFailures)
        if failures == 1 || failures % 30 == 0 {
            Log.error("journal is not written", ["call.id": callID, "attempts": failures, "error": error])
        }
        wasRefused()
        let waiters = state.withLock { state in
            state.lastError = error
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(throwing: error) }
        let delay = min(Self.retryMsMax, 50 << min(failures - 1, 6))
        writer.asyncAfter(deadline: .now() + .milliseconds(delay)) { self.drain() }
    }
}
