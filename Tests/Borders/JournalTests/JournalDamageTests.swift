import CallModel
import FoundationEssentials
import TestSupport
import Testing

@testable import Journal

#if canImport(Glibc)
    import Glibc
#endif

/// What becomes of a journal that something has happened to, and of a call that writes too much.
@Suite struct JournalDamageTests {
    let directory = JournalDirectory()

    private func entries(_ opening: CallOpening) -> [CallJournalEntry] {
        [
            .rang(opening), .answered(streamSid: .sample, at: opening.rangAt),
            .turn(Turn(number: 1, speaker: .agent, startedMs: 0, endedMs: 900, text: "Hello")),
            .turn(Turn(number: 2, speaker: .caller, startedMs: 900, endedMs: 1_900, text: "never call me again")),
            .fact(.doNotContact(words: "never call me again"), atMs: 2_000),
            .ended(CallEnding(reason: "caller_hangup", endedAt: opening.rangAt, ear: EarLedger())),
        ]
    }

    private func path(_ opening: CallOpening, _ folder: String = "") -> String {
        directory.path + folder + "/\(opening.callID).journal"
    }

    private func journalled(_ opening: CallOpening) async throws -> [UInt8] {
        let journal = try directory.store().open(opening.callID)
        for entry in entries(opening) { journal.append(entry) }
        try await journal.finish()
        return Array(try Data(contentsOf: URL(filePath: path(opening))))
    }

    @Test(arguments: [0, 2, 6]) func `a flipped bit costs its own line, and the call says so`(bit: Int) async throws {
        let opening = CallOpening.sample()
        let bytes = try await journalled(opening)
        let whole = entries(opening)
        var noted = 0
        // Without the line break at its end, the last line is torn.
        for index in bytes.indices.dropLast() {
            var changed = bytes
            changed[index] ^= 1 << bit
            try directory.write(changed, to: path(opening))
            try? FileManager.default.removeItem(atPath: path(opening, "/quarantine"))

            let loaded = try directory.store().load(opening.callID)

            let kept = loaded.filter { if case .note(_, _) = $0 { false } else { true } }
            let missing = whole.filter { !kept.contains($0) }
            #expect(missing.count <= 1 && kept.allSatisfy(whole.contains), "byte \(index): \(missing)")
            #expect(kept.first == whole.first, "byte \(index)")
            if loaded.contains(where: { if case .note(let note, _) = $0 { note.contains("damaged") } else { false } }) {
                noted += 1
                let copy = try Data(contentsOf: URL(filePath: path(opening, "/quarantine")))
                #expect(Array(copy) == changed)
            }
        }
        #expect(noted == bytes.count - 1)
    }

    @Test func `a damaged journal is one of the calls that are left, and can be written to its end`() async throws {
        let opening = CallOpening.sample()
        var bytes = try await journalled(opening)
        let place = try #require(bytes.firstIndex(of: UInt8(ascii: "H")))
        bytes[place] ^= 4
        try directory.write(bytes, to: path(opening))

        let left = try directory.store().left()

        #expect(left == JournalStore.Left(unwritten: [opening.callID], unfinished: []))
        #expect(try JournalFile.names(in: directory.path + "/quarantine").count == 1)
        let journal = try directory.store().open(opening.callID)
        journal.append(.note("later", atMs: 5))
        try await journal.finish()
        #expect(try directory.store().load(opening.callID).last == .note("later", atMs: 5))
    }

    @Test func `of a journal longer than is read, its beginning and its end are taken`() throws {
        let opening = CallOpening.sample()
        _ = try directory.store()
        var bytes = try JournalLine.encode(.rang(opening))
        for number in 0..<40 { bytes += try JournalLine.encode(.note("remark \(number)", atMs: number)) }
        bytes += try JournalLine.encode(.streamClosed(atMs: 99))
        try directory.write(bytes, to: path(opening))

        let contents = try #require(try JournalFile.read(path(opening), call: opening.callID, bytesMax: 1_500))

        let scan = JournalLine.scan(contents.bytes)
        #expect(scan.entries.first == .rang(opening) && scan.entries.last == .streamClosed(atMs: 99))
        #expect(scan.damagedLines == 0 && scan.tornBytes == 0)
        #expect(contents.skippedBytes == bytes.count - contents.bytes.count && contents.bytes.count > 1_000)
        let whole = try #require(try JournalFile.read(path(opening), call: opening.callID))
        #expect(whole.bytes == bytes && whole.skippedBytes == 0)
    }

    @Test func `texts without a bound of their own are cut to what a record holds`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        let long = String(repeating: "ö😀", count: 20_000)

        for index in 0..<1_000 { journal.append(.note(long, atMs: index)) }
        journal.append(.turn(Turn(number: 1, speaker: .agent, startedMs: 0, endedMs: 1, text: long)))
        journal.append(.toolCalled(name: long, arguments: long, result: long, atMs: 1))
        journal.append(.fact(.contactDetails(name: long, email: long, company: nil, position: nil), atMs: 2))
        try await journal.finish()

        let loaded = try store.load(opening.callID)
        #expect(loaded.count == 1_004)
        guard case .note(let note, _) = loaded[1], case .turn(let turn) = loaded[1_001] else {
            Issue.record("not what was appended")
            return
        }
        #expect(note.utf8.count <= 500 && note.utf8.count > 490 && note.hasSuffix("…"))
        #expect(turn.text.utf8.count <= Turn.textBytesMax && turn.heardText == turn.text)
        #expect(try Data(contentsOf: URL(filePath: path(opening))).count < 1_000_000)
    }

    @Test func `a call that never stops remarking keeps room for what matters`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        let remark = String(repeating: "x", count: 16_000)
        for round in 0..<6 {
            for index in 0..<100 {
                journal.append(.toolCalled(name: "t", arguments: remark, result: "", atMs: round * 100 + index))
            }
            try? await journal.finish()
        }
        journal.append(.turn(Turn(number: 1, speaker: .caller, startedMs: 0, endedMs: 1, text: "do not call me")))
        journal.append(.ended(CallEnding(reason: "caller_hangup", endedAt: opening.rangAt, ear: EarLedger())))

        await #expect(throws: JournalError.self) { try await journal.finish() }

        let loaded = try directory.store().load(opening.callID)
        #expect(loaded.count < 560 && loaded.count > 400, "\(loaded.count)")
        guard case .ended? = loaded.last, case .turn(let turn) = loaded[loaded.count - 2] else {
            Issue.record("the end is missing")
            return
        }
        #expect(turn.text == "do not call me")
    }

    // MARK: - One process

    @Test func `journals have one owner at a time, who is named to the next`() throws {
        let path = directory.path + "/a/journals"
        let first = try JournalLock(directory: path)

        #expect(throws: JournalError.inUse(directory: path, pid: getpid())) { try JournalLock(directory: path) }
        symlink(path, directory.path + "/other-name")
        #expect(throws: JournalError.self) { try JournalLock(directory: directory.path + "/other-name") }
        first.release()
        let second = try JournalLock(directory: path)

        #expect("\(JournalError.inUse(directory: path, pid: 42))".contains("process 42"))
        withExtendedLifetime(second) {}
    }

    @Test func `a call whose journal is in memory only is not set aside`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        mkdir(path(opening), 0o700)
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        await #expect(throws: JournalError.self) { try await journal.finish() }

        #expect(throws: JournalError.notYetWritten(opening.callID)) {
            try store.setAside(opening.callID, reason: "23514")
        }

        rmdir(path(opening))
        while (try? await journal.finish()) == nil { try await Task.sleep(for: .milliseconds(5)) }
        try store.setAside(opening.callID, reason: "23514")
        #expect(try JournalFile.names(in: directory.path + "/failed").count == 2)
    }

    @Test func `a call that goes on in this process is read whole while the disk refuses its rest`() async throws {
        let opening = CallOpening.sample()
        let before = try directory.store().open(opening.callID)
        before.append(.rang(opening))
        before.append(.note("before", atMs: 1))
        try await before.finish()
        let store = try directory.store()
        let earlier = try store.load(opening.callID)
        let journal = store.open(opening.callID, after: earlier)
        rename(path(opening), path(opening) + ".away")
        // Nothing can be made there, and what was moved away can be put back in one step.
        symlink(directory.path + "/nowhere/journal", path(opening))

        journal.append(.note("after", atMs: 2))
        await #expect(throws: JournalError.self) { try await journal.finish() }

        #expect(try store.load(opening.callID) == earlier + [.note("after", atMs: 2)])
        rename(path(opening) + ".away", path(opening))
        while (try? await journal.finish()) == nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try store.load(opening.callID) == earlier + [.note("after", atMs: 2)])
    }
}
