import CallModel
import Encoding
import FoundationEssentials
import Runtime
import TestSupport
import Testing

@testable import Journal
@testable import SpokenLanguage

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct JournalTests {
    let directory = JournalDirectory()

    @Test func `a turn is written as the general encoder writes it, escapes or not`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for text in ["", "yes / no: ñ 😀 \u{7F}", "a \"quoted\" word", "tab\tand \\ and \u{1}"] {
            let turn = Turn(
                number: 7, speaker: .agent, startedMs: 120, endedMs: 4_560, text: text, interrupted: true,
                heardText: String(text.prefix(4)))

            let line = try JournalLine.encode(.turn(turn))

            #expect(Array(line.dropFirst(9).dropLast()) == Array(try encoder.encode(StoredEntry(entry: .turn(turn)))))
            #expect(JournalLine.scan(line).entries == [.turn(turn)])
        }
    }

    @Test func `what was appended before finish is read back in order by another process`() async throws {
        let opening = CallOpening.sample()
        let journal = try directory.store().open(opening.callID)
        let entries: [CallJournalEntry] = [
            .rang(opening), .answered(streamSid: .sample, at: opening.rangAt),
            .turn(Turn(number: 1, speaker: .agent, startedMs: 0, endedMs: 900, text: "Hello\n\"there\" ✓")),
            .fact(.doNotContact(words: "stop calling"), atMs: 1_000),
            .fact(
                .qualification(
                    budget: nil, budgetAmount: .infinity, authority: nil, need: nil, timeline: nil, notes: nil), atMs: 1
            ),
            .ended(CallEnding(reason: "caller_hangup", endedAt: opening.rangAt, ear: EarLedger())),
        ]

        for entry in entries { journal.append(entry) }
        try await journal.finish()

        #expect(try directory.store().load(opening.callID) == entries)
    }

    @Test func `what was appended is in the file at once, before anybody asks for it to be safe`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.note("a", atMs: 1))

        // Another process, after this one was killed, would read the same bytes.
        let reader = try directory.store()
        let deadline = MonotonicTime.now().adding(milliseconds: 60_000)
        while (try? reader.load(opening.callID))?.count != 2, MonotonicTime.now() < deadline { await Task.yield() }

        #expect(try reader.load(opening.callID) == [.rang(opening), .note("a", atMs: 1)])
        withExtendedLifetime(journal) {}
    }

    @Test func `a last line torn at any byte is dropped and the lines before it stay`() throws {
        let opening = CallOpening.sample()
        let first = try JournalLine.encode(.rang(opening))
        let last = try JournalLine.encode(.note("agent leg lost", atMs: 12))

        for cut in 0..<(last.count - 1) {
            let scan = JournalLine.scan(first + last.prefix(cut))
            #expect(scan.entries == [.rang(opening)])
            #expect(scan.goodBytes == first.count)
            #expect(scan.tornBytes == cut)
            #expect(scan.damage == nil)
        }
        #expect(JournalLine.scan(first + last).entries.count == 2)
    }

    @Test(arguments: [nil, UInt8(0x0B)])
    func `a last line that lacks nothing but its break is read, and the next begins on a line of its own`(_ end: UInt8?)
        async throws
    {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.note("a", atMs: 1))
        try await journal.finish()
        let path = directory.path + "/\(opening.callID).journal"
        let whole = try [UInt8](Data(contentsOf: URL(filePath: path)))
        try Data(whole.dropLast() + (end.map { [$0] } ?? [])).write(to: URL(filePath: path))

        #expect(try directory.store().load(opening.callID).contains(.note("a", atMs: 1)))
        let again = try directory.store().open(opening.callID)
        again.append(.note("b", atMs: 2))
        try await again.finish()
        let loaded = try directory.store().load(opening.callID)

        let notes = loaded.filter { if case .note(let text, _) = $0 { text.count == 1 } else { true } }
        #expect(notes == [.rang(opening), .note("a", atMs: 1), .note("b", atMs: 2)])
        let mended = try [UInt8](Data(contentsOf: URL(filePath: path)))
        let third = try directory.store().open(opening.callID)
        third.append(.note("c", atMs: 3))
        try await third.finish()
        #expect(try [UInt8](Data(contentsOf: URL(filePath: path))).starts(with: mended))
        #expect(try directory.store().load(opening.callID) == loaded + [.note("c", atMs: 3)])
    }

    @Test func `a last line with any byte changed is never read as something else`() throws {
        let opening = CallOpening.sample()
        let first = try JournalLine.encode(.rang(opening))
        let note = CallJournalEntry.note("agent leg lost", atMs: 12)
        let last = try JournalLine.encode(note)

        for index in last.indices {
            var changed = last
            changed[index] ^= 0x01
            let isBreak = index == last.indices.last
            let scan = JournalLine.scan(first + changed)
            #expect(scan.entries == (isBreak ? [.rang(opening), note] : [.rang(opening)]), "byte \(index)")
            #expect(scan.lacksBreak == isBreak, "byte \(index)")
            if isBreak { #expect(scan.damage != nil) }
        }
    }

    @Test(arguments: 1..<39) func `a damaged break before a torn end takes no whole line with it`(_ torn: Int) throws {
        let opening = CallOpening.sample()
        let first = try JournalLine.encode(.rang(opening))
        let whole = try JournalLine.encode(.note("a", atMs: 1)).dropLast()
        let end = try JournalLine.encode(.note("b", atMs: 2)).prefix(torn)

        let scan = JournalLine.scan(first + whole + [0x0B] + end)

        #expect(scan.entries == [.rang(opening), .note("a", atMs: 1)])
        #expect(scan.goodBytes == first.count + whole.count)
        #expect(scan.tornBytes == 1 + torn)
        #expect(scan.lacksBreak && scan.damage != nil)
    }

    @Test func `a journal that goes on after a torn line stays readable`() async throws {
        let opening = CallOpening.sample()
        let path = directory.path + "/\(opening.callID).journal"
        _ = try directory.store()
        let torn = try JournalLine.encode(.note("half", atMs: 1)).dropLast(3)
        try directory.write(try JournalLine.encode(.rang(opening)) + torn, to: path)

        let journal = try directory.store().open(opening.callID)
        journal.append(.note("back", atMs: 2))
        try await journal.finish()

        #expect(try directory.store().load(opening.callID) == [.rang(opening), .note("back", atMs: 2)])
    }

    @Test func `unfinished and unwritten tell calls apart and written ones are gone from both`() async throws {
        let store = try directory.store()
        let cut = CallOpening.sample()
        let ended = CallOpening.sample()
        let done = CallOpening.sample()
        for (opening, ends) in [(cut, false), (ended, true), (done, true)] {
            let journal = store.open(opening.callID)
            journal.append(.rang(opening))
            if ends {
                journal.append(.ended(CallEnding(reason: "caller_hangup", endedAt: .now, ear: EarLedger())))
            }
            try await journal.finish()
        }

        try store.markWritten(done.callID)
        try store.markWritten(done.callID)

        let restarted = try directory.store()
        #expect(try restarted.left().unfinished == [cut.callID])
        #expect(try restarted.left().unwritten == [ended.callID])
        #expect(restarted.isWritten(done.callID))
        #expect(throws: JournalError.missing(done.callID)) { try restarted.load(done.callID) }
    }

    @Test func `a call still going on in this process is not unfinished`() throws {
        let store = try directory.store()
        let opening = CallOpening.sample()
        store.open(opening.callID).append(.rang(opening))

        #expect(try store.left().unfinished.isEmpty)
    }

    @Test func `hostile files are quarantined and do not hide the good one`() async throws {
        let good = CallOpening.sample()
        let journal = try directory.store().open(good.callID)
        journal.append(.rang(good))
        try await journal.finish()
        let damaged = CallID()
        var bytes = try JournalLine.encode(.rang(good))
        bytes[20] ^= 1
        try directory.write(
            bytes + (try JournalLine.encode(.note("x", atMs: 1))), to: directory.path + "/\(damaged).journal")
        try directory.write([0xFF, 0x0A, 0x00, 0x0A], to: directory.path + "/\(CallID()).journal")
        try directory.write([], to: directory.path + "/\(CallID()).journal")
        try directory.write([0x41], to: directory.path + "/passwd.journal")
        try directory.write(try JournalLine.encode(.rang(good)), to: directory.path + "/\(CallID()).journal")
        let link = CallID()
        symlink("/etc/passwd", directory.path + "/\(link).journal")
        mkdir(directory.path + "/\(CallID()).journal", 0o700)
        mkfifo(directory.path + "/\(CallID()).journal", 0o600)

        let store = try directory.store()

        #expect(try store.left().unfinished == [good.callID])
        #expect(try JournalFile.names(in: directory.path + "/quarantine").count == 8)
    }

    @Test func `files and directories are readable by their owner only`() async throws {
        let opening = CallOpening.sample()
        let journal = try directory.store().open(opening.callID)
        journal.append(.rang(opening))
        try await journal.finish()

        #expect(directory.mode("") == 0o700)
        #expect(directory.mode("/written") == 0o700)
        #expect(directory.mode("/\(opening.callID).journal") == 0o600)
    }

    @Test func `a disk that refuses is reported, the entries stay readable and are written once it takes them`()
        async throws
    {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let path = directory.path + "/\(opening.callID).journal"
        mkdir(path, 0o700)
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))

        await #expect(throws: JournalError.self) { try await journal.finish() }
        #expect(try store.load(opening.callID) == [.rang(opening)])
        rmdir(path)
        while (try? await journal.finish()) == nil { try await Task.sleep(for: .milliseconds(5)) }

        #expect(try directory.store().load(opening.callID) == [.rang(opening)])
    }

    @Test func `a disk that refuses a call takes no new one from then on, until it takes files again`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        // So long that a probe alone would not tell within this test.
        store.watchDisk(patienceMs: 3_600_000)
        defer { store.stopWatchingDisk() }
        #expect(store.isWell)
        // Neither the call's file nor the probe's can be made.
        let (path, probe) = (directory.path + "/\(opening.callID).journal", directory.path + "/.probe")
        for name in [path, probe] { mkdir(name, 0o700) }
        let journal = store.open(opening.callID)

        journal.append(.rang(opening))
        await #expect(throws: JournalError.self) { try await journal.finish() }
        try await settle(store)

        #expect(!store.isWell, "the probe alone waits for five seconds")
        for name in [path, probe] { rmdir(name) }
        while !store.isWell { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// What follows a failure on the writer's thread is over when the next journal is on the disk.
    private func settle(_ store: JournalStore) async throws {
        let other = CallOpening.sample()
        store.open(other.callID).append(.rang(other))
        try await store.open(other.callID).finish()
    }

    @Test func `a disk that refuses one call's file alone takes others`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        store.watchDisk()
        defer { store.stopWatchingDisk() }
        mkdir(directory.path + "/\(opening.callID).journal", 0o700)
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        await #expect(throws: JournalError.self) { try await journal.finish() }

        try await settle(store)

        #expect(store.isWell)
    }

    @Test func `a full queue discards remarks, counts them, and keeps what the record needs`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let path = directory.path + "/\(opening.callID).journal"
        mkdir(path, 0o700)
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        await #expect(throws: JournalError.self) { try await journal.finish() }

        for index in 0..<(CallJournal.queueMax * 3) { journal.append(.note("n", atMs: index)) }
        journal.append(.fact(.doNotContact(words: "stop"), atMs: 9))
        rmdir(path)
        var lost = 0
        while lost == 0 {
            do {
                try await journal.finish()
                Issue.record("the loss was not reported")
                break
            } catch JournalError.entriesLost(_, let count) {
                lost = count
            } catch {
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        let kept = try directory.store().load(opening.callID)
        #expect(kept.count + lost == CallJournal.queueMax * 3 + 2)
        #expect(kept.last == .fact(.doNotContact(words: "stop"), atMs: 9))
    }

    @Test func `many threads appending to many calls lose nothing`() async throws {
        let store = try directory.store()
        let openings = (0..<20).map { _ in CallOpening.sample() }
        for opening in openings { store.open(opening.callID).append(.rang(opening)) }

        await withTaskGroup(of: Void.self) { group in
            for opening in openings {
                for part in 0..<4 {
                    group.addTask {
                        for index in 0..<50 { store.open(opening.callID).append(.note("\(part)", atMs: index)) }
                    }
                }
            }
        }
        for opening in openings { try await store.open(opening.callID).finish() }

        let restarted = try directory.store()
        for opening in openings { #expect(try restarted.load(opening.callID).count == 201) }
    }

    @Test func `written journals are pruned by count and by age`() async throws {
        let store = try directory.store()
        for _ in 0..<5 {
            let opening = CallOpening.sample()
            let journal = store.open(opening.callID)
            journal.append(.rang(opening))
            try await journal.finish()
            try store.markWritten(opening.callID)
        }

        _ = try JournalStore(directory: directory.path, retention: .init(age: 3_600, count: 3))
        #expect(try JournalFile.names(in: directory.path + "/written").count == 3)
        _ = try JournalStore(directory: directory.path, retention: .init(age: -1, count: 3))
        #expect(try JournalFile.names(in: directory.path + "/written").isEmpty)
    }

    @Test func `of too many written journals the oldest go`() async throws {
        var paths: [String] = []
        let written = directory.path + "/written"
        _ = try directory.store()
        let now = Date.now
        for index in 0..<40 {
            let path = "\(written)/\(CallID()).journal"
            #expect(FileManager.default.createFile(atPath: path, contents: Data()))
            let at = now.addingTimeInterval(-3_000 + Double(index * 7 % 40) / 100)
            try FileManager.default.setAttributes([.modificationDate: at], ofItemAtPath: path)
            paths.append(path)
        }

        _ = try JournalStore(directory: directory.path, retention: .init(age: 3_600, count: 31))

        let left = Set(try JournalFile.names(in: written))
        for (index, path) in paths.enumerated() {
            let name = String(path.dropFirst(written.count + 1))
            #expect(left.contains(name) == (index * 7 % 40 >= 9), "the \(index * 7 % 40). oldest")
        }
    }

    @Test func `the oldest files are found without a list of all`() {
        var oldest = OldestFiles(count: 5)
        for index in 0..<1_000 {
            let age = index * 617 % 1_000
            oldest.consider("\(age)", at: Date(timeIntervalSince1970: Double(age)))
            #expect(oldest.heldCount < 10)
        }
        #expect(oldest.names == ["0", "1", "2", "3", "4"])
        var few = OldestFiles(count: 5)
        few.consider("one", at: .now)
        #expect(few.names == ["one"])
        var none = OldestFiles(count: 0)
        none.consider("one", at: .now)
        #expect(none.names.isEmpty)
    }

    @Test func `a failed journal keeps its reason and comes back for another attempt`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        try await journal.finish()

        try store.setAside(opening.callID, reason: "23514 leads_score_range")

        #expect(try store.left().unfinished.isEmpty)
        #expect(try JournalFile.names(in: directory.path + "/failed").count == 2)
        #expect(try directory.store().restoreFailed() == [opening.callID])
        #expect(try directory.store().left().unfinished == [opening.callID])
    }

    @Test func `a card number that was said reaches neither the disk nor whoever loads the journal`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let path = directory.path + "/\(opening.callID).journal"
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        let said = "My card is 4111 1111 1111 1111, thanks."
        journal.append(.turn(Turn(number: 1, speaker: .caller, startedMs: 0, endedMs: 1, text: said)))
        journal.append(.fact(.doNotContact(words: said), atMs: 2))

        let loaded = try store.load(opening.callID)
        try await journal.finish()

        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        #expect(!text.contains("4111"))
        #expect(text.contains(Redaction.mark))
        #expect(try loaded == directory.store().load(opening.callID))
        #expect(loaded.count == 3)
    }

    @Test func `the checksum is the CRC-32 of zlib`() {
        #expect(CRC32.checksum(Array("123456789".utf8).span.bytes) == 0xCBF4_3926)
    }
}
