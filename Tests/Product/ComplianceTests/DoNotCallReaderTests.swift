import Testing

@testable import Compliance

/// Lines of do-not-call files, as they come and as they should not.
@Suite struct DoNotCallReaderTests {
    private func read(
        _ text: String, _ kind: DoNotCallReader.Kind = .full, country: String? = "US"
    ) -> DoNotCallReader.Chunk {
        var reader = DoNotCallReader(kind, country: country)
        return reader.take(Array(text.utf8), isLast: true)
    }

    @Test(
        arguments: [
            // The registry's own form, and how spreadsheets and other dialers write it.
            ("202,5550104", "US", 12_025_550_104), ("2025550104", "US", 12_025_550_104),
            ("12025550104", "US", 12_025_550_104), ("+12025550104", "US", 12_025_550_104),
            ("\"(202) 555-0104\",\"2026-01-01\"", "US", 12_025_550_104), ("202.555.0104;x", "CA", 12_025_550_104),
            ("02079460001", "GB", 442_079_460_001), ("442079460001", "GB", 442_079_460_001),
            ("9812300001", "IN", 919_812_300_001), ("0044 20 7946 0001", "US", 442_079_460_001),
            ("+4915112345678", nil, 4_915_112_345_678), ("2025550104,A", "US", 12_025_550_104),
            // The zero that is dialled within the country, and the Italian one that everybody dials.
            ("+44 (0)20 7946 0001", "US", 442_079_460_001), ("0044(0)20 7946 0001", nil, 442_079_460_001),
            ("+4402079460001", "GB", 442_079_460_001), ("44 (0)20 7946 0001", "GB", 442_079_460_001),
            ("+49 (0)30 123456", nil, 4_930_123_456), ("+39 (0)6 69800001", nil, 390_669_800_001),
        ] as [(String, String?, UInt64)])
    func `a number is read as the list's country writes it`(_ line: String, _ country: String?, _ number: UInt64) {
        let chunk = read(line, country: country)
        #expect(chunk.listed == [number] && chunk.wrong == 0)
    }

    @Test(
        arguments: [
            ("nobody", "US", DoNotCallReader.Fault.noNumber), ("2025550104", nil, .noCountry), ("911", "US", .noNumber),
            ("+1202555", "US", .noNumber), ("+11025550104", nil, .noNumber), ("+4420794600", nil, .noNumber),
            ("00919812", "US", .noNumber), ("1025550104", "US", .noNumber), ("+0123456789", "US", .noNumber),
            ("1.2E+10", "US", .noNumber),
            ("99999999999999999999999", "US", .noNumber), ("2025550104,D", "US", .deletedInFull),
            (String(repeating: "2", count: 5_000), "US", .tooLong), ("\u{0}2025550104", "US", .noNumber),
        ] as [(String, String?, DoNotCallReader.Fault)])
    func `what is none is reported by its line`(_ line: String, _ country: String?, _ fault: DoNotCallReader.Fault) {
        let chunk = read("# made by hand\n\n\(line)\n", country: country)
        #expect(chunk.listed.isEmpty && chunk.mistakes == [.init(line: 3, fault: fault)])
    }

    @Test func `names of columns, blank lines, a mark and every kind of line end are no mistakes`() {
        let chunk = read("\u{FEFF}Area,Number\r\n202,5550104\r202,5550105\n\n\r\n202,5550106")
        #expect(chunk.listed == [12_025_550_104, 12_025_550_105, 12_025_550_106])
        #expect(chunk.wrong == 0 && chunk.lines == 3)
    }

    @Test func `changes add and delete, the last word on a number counts, and a line without a word is wrong`() {
        let chunk = read(
            "202,5550104,A\n202,5550105,D\n2025550104;d\n202,5550106,2026-11-20,A\n202,5550107\n", .change)
        #expect(chunk.listed == [12_025_550_106] && chunk.deleted == [12_025_550_104, 12_025_550_105])
        #expect(chunk.mistakes == [.init(line: 5, fault: .noChange)])
    }

    @Test func `a file cut into blocks anywhere says the same, and each block ends behind a line`() {
        let long = String(repeating: "x", count: 9_000)
        let text = Array("202,5550104\r\n202,5550105\n\(long)\n202,5550106\r202,5550107".utf8)
        let whole = read(String(decoding: text, as: UTF8.self))
        for size in [1, 2, 3, 7, 13, 4_096] {
            var reader = DoNotCallReader(.full, country: "US")
            var (numbers, wrong): ([UInt64], Int) = ([], 0)
            var at = 0
            while at < text.count {
                let block = Array(text[at..<min(at + size, text.count)])
                at += block.count
                let chunk = reader.take(block, isLast: at == text.count)
                (numbers, wrong) = (numbers + chunk.listed, wrong + chunk.wrong)
            }
            #expect(numbers == whole.listed && wrong == 1 && reader.offset == text.count && reader.line == 5)
        }
    }

    @Test func `who stops within a line that is too long begins it anew, and reads no end of it as a line`() {
        let first = Array("202,5550104\n".utf8)
        let text = first + Array((String(repeating: "x", count: 9_000) + ",2025550105\r2025550106\r\n").utf8)
        for cut in [5_000, 8_500, text.count - 13] {
            var reader = DoNotCallReader(.full, country: "US")
            _ = reader.take(Array(text[..<cut]), isLast: false)
            #expect(reader.offset == first.count && reader.line == 1)

            var next = DoNotCallReader(.full, country: "US", offset: reader.offset, line: reader.line)
            let chunk = next.take(Array(text[reader.offset...]), isLast: true)
            let rest = reader.take(Array(text[cut...]), isLast: true)

            #expect(chunk.listed == [12_025_550_106] && chunk.mistakes == [.init(line: 2, fault: .tooLong)])
            #expect(rest.listed == chunk.listed && rest.mistakes == chunk.mistakes)
            #expect(reader.offset == text.count && next.offset == text.count)
        }
    }

    @Test func `garbage of any kind is counted, never fatal`() {
        var bytes: [UInt8] = []
        for byte in UInt8.min...UInt8.max { bytes += [byte, byte &* 7, UInt8(ascii: "+"), byte, UInt8(ascii: "\n")] }
        var reader = DoNotCallReader(.full, country: "US")
        let chunk = reader.take(bytes, isLast: true)
        #expect(chunk.listed.isEmpty && chunk.mistakes.count == DoNotCallReader.mistakesKept && chunk.wrong > 100)
    }

    @Test(
        arguments: [
            ("us-national", "US"), ("us-tx", "US"), ("uk-tps", "GB"), ("in-ncpr", "IN"), ("internal", nil),
        ] as [(String, String?)])
    func `a list is named by its country`(_ name: String, _ country: String?) throws {
        #expect(try #require(DoNotCallList(name)).country == country)
    }

    @Test(arguments: [
        "", "us", "us-", "US-TX", "federal", "us--x", "us-tx'", "u-x", "1a-foo", "u1-x", "ü-x",
        "us-" + String(repeating: "x", count: 40),
    ])
    func `anything else is no list`(_ name: String) { #expect(DoNotCallList(name) == nil) }
}
