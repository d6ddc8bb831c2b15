import CallModel
import FoundationEssentials
import TestSupport
import Testing

@testable import Journal

/// The text of a journal outlives the program that wrote it.
@Suite struct JournalFormatTests {
    let directory = JournalDirectory()

    private var path: String { directory.path + "/\(JournalFixture.call).journal" }

    private func json(_ line: [UInt8]) -> String { String(decoding: line.dropFirst(9).dropLast(), as: UTF8.self) }

    @Test(arguments: [
        ("begins", JournalFixture.begins), ("plain", JournalFixture.plain), ("torn-tail", JournalFixture.tornTail),
        ("consults", JournalFixture.consults), ("every-kind", JournalFixture.everyKind),
        ("format-2", JournalFixture.everyKind),
    ])
    func `a journal of any format is read as what was written`(_ name: String, _ entries: [CallJournalEntry]) throws {
        let store = try directory.store()
        try directory.write(try JournalFixture.bytes(name), to: path)

        #expect(try store.load(JournalFixture.call) == entries)
    }

    @Test func `a damaged journal of the first format loses the damaged line`() throws {
        let store = try directory.store()
        try directory.write(try JournalFixture.bytes("damaged-line"), to: path)

        let loaded = try store.load(JournalFixture.call)

        #expect(loaded.filter { $0 != loaded[1] } == JournalFixture.damagedLine)
        #expect(loaded[1] == .note("journal damaged; lines not read: 1, bytes left out: 0", atMs: 0))
    }

    @Test func `a call of the demo is read from the first format, and the same again from the second`() throws {
        let scan = JournalLine.scan(try JournalFixture.bytes("demo-call"))

        #expect(scan.damagedLines == 0 && scan.tornBytes == 0 && scan.entries.count == 35)
        let record = try #require(CallRecord(journal: scan.entries))
        #expect(record.transcript.turns.count == 9 && record.consults.count == 1)
        #expect(record.consults.first?.wasBegun == true && record.ending?.reason == "agent_hangup")
        let again = JournalLine.scan(try scan.entries.flatMap { try JournalLine.encode($0) })
        #expect(again.entries == scan.entries)
    }

    @Test func `a journal that was begun in the first format goes on in the second`() async throws {
        let begun = try JournalFixture.bytes("begins")
        _ = try directory.store()
        try directory.write(begun, to: path)
        let store = try directory.store()
        let journal = store.open(JournalFixture.call, after: try store.load(JournalFixture.call))
        let rest = Array(JournalFixture.plain.dropFirst(JournalFixture.begins.count))

        for entry in rest { journal.append(entry) }
        try await journal.finish()

        #expect(try directory.store().load(JournalFixture.call) == JournalFixture.plain)
        let file = Array(try Data(contentsOf: URL(filePath: path)))
        #expect(file.starts(with: begun))
        let added = String(decoding: file[begun.count...], as: UTF8.self)
        #expect(!added.contains(#""_0""#) && added.contains(#" {"turn":{"endedMs":5000,"#))
    }

    @Test func `the first line says the format, and every entry is spelled as it was`() throws {
        let lines = try JournalFixture.everyKind.map { try JournalLine.encode($0) }

        #expect(json(lines[0]).contains(#""format":2"#))
        #expect(try JournalFixture.bytes("format-2") == lines.flatMap(\.self))
    }

    @Test(arguments: [0, 3, 99, -1]) func `a journal in a format that is not known is kept and not guessed at`(
        _ format: Int
    ) throws {
        let store = try directory.store()
        let opening = json(try JournalLine.encode(JournalFixture.rang()))
            .replacing(#""format":2"#, with: #""format":\#(format)"#)
        try directory.write(JournalLine.line(Array(opening.utf8)), to: path)

        #expect {
            try store.load(JournalFixture.call)
        } throws: { error in
            guard case JournalError.corrupt(_, _, let reason) = error else { return false }
            return reason.contains("format \(format), not one of 1 to 2")
        }
        #expect(try store.left() == JournalStore.Left())
        #expect(try JournalFile.names(in: directory.path + "/quarantine").count == 1)
    }

    @Test(arguments: [
        #"{"note":{"text":"a","atMs":1},"dtmf":{"digit":"1","atMs":2}}"#, #"{}"#, #"{"note":{"atMs":1}}"#,
        #"{"fact":{"atMs":1}}"#, #"{"fact":{"atMs":1,"consent":{"kind":"a","granted":true,"words":""},"b":{}}}"#,
        #"{"remark":{"text":"a","atMs":1}}"#, #"{"fact":{"atMs":1,"remark":{}}}"#, #"{"turn":{"_0":{}}}"#, "[]",
        #"{"answered":{"at":1,"streamSid":"CA1"}}"#, #"{"answered":{"at":1,"streamSid":{"id":"MZ1"}}}"#,
    ])
    func `what is no entry is damage`(_ json: String) {
        let scan = JournalLine.scan(JournalLine.line(Array(json.utf8)))

        #expect(scan.entries.isEmpty && scan.damagedLines == 1 && scan.damage == "unknown entry, byte 0")
    }
}
