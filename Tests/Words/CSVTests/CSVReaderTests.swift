import Testing

@testable import CSV

@Suite struct CSVReaderTests {
    struct Seen: Equatable {
        var number: Int
        var line: Int
        var fields: [String]
        var fault: CSVFault?

        init(_ number: Int, _ line: Int, _ fields: [String], _ fault: CSVFault? = nil) {
            self.number = number
            self.line = line
            self.fields = fields
            self.fault = fault
        }
    }

    /// - Parameter pieceBytes: what the source gives at once, at most.
    static func read(
        _ text: String, delimiter: Character = ",", limits: CSVReader.Limits = CSVReader.Limits()
    ) throws -> [Seen] {
        var reader = CSVReader(delimiter: delimiter.asciiValue ?? 0x2C, limits: limits, whole: Array(text.utf8))
        var seen: [Seen] = []
        while try reader.next() {
            seen.append(Seen(reader.record.number, reader.record.line, reader.record.fields, reader.record.fault))
        }
        return seen
    }

    @Test(arguments: [
        ("a,b\r\n\"x, \"\"y\"\"\",\"l1\nl2\"\r\n", [["a", "b"], ["x, \"y\"", "l1\nl2"]]),
        ("a,b\n1\n", [["a", "b"], ["1"]]),
        ("\"1\"x,2", [["1x", "2"]]),
        ("a\rb\rc", [["a"], ["b"], ["c"]]),
        ("a,b,\n,,\n", [["a", "b", ""], ["", "", ""]]),
        ("\n\n a , b \n\r\n\"\"\n", [[" a ", " b "], [""]]),
        ("a\"b,c\"\"d", [["a\"b", "c\"\"d"]]),
        ("\"a\r\nb\",c\r\nd", [["a\r\nb", "c"], ["d"]]),
        ("x", [["x"]]), ("x,", [["x", ""]]), (",", [["", ""]]), ("", []), ("\r\n\r\n", []),
    ])
    func `records are those of RFC 4180, and what spreadsheets write beside it`(
        _ text: String, _ records: [[String]]
    ) throws {
        #expect(try Self.read(text).map(\.fields) == records)
    }

    @Test func `a record has its number, and the line of the file on which it begins`() throws {
        let seen = try Self.read("a,b\n\n\"1\n2\n3\",4\n\n5,6\r\n7,8\r9,0")

        #expect(seen.map { [$0.number, $0.line] } == [[1, 1], [2, 3], [3, 7], [4, 8], [5, 9]])
    }

    @Test func `behind a quotation mark that is never closed, reading goes on with the next line`() throws {
        let seen = try Self.read("a,b\n1,\"two\n3,four\n5,six\n")

        #expect(
            seen == [
                Seen(1, 1, ["a", "b"]), Seen(2, 2, [], .unclosedQuote(line: 2)), Seen(3, 3, ["3", "four"]),
                Seen(4, 4, ["5", "six"]),
            ])
    }

    @Test func `an unclosed quotation mark takes no more than it may, and at the end its own row alone`() throws {
        var limits = CSVReader.Limits()
        limits.fieldBytesMax = 20
        let long = (0..<10).map { "row \($0),x" }.joined(separator: "\n")

        let last = try Self.read("a\n\"b")
        let middle = try Self.read("\"q\n1\",\"open\n\(long)\n\"y\"\n", limits: limits)

        #expect(last == [Seen(1, 1, ["a"]), Seen(2, 2, [], .unclosedQuote(line: 2))])
        // The quotation mark was opened on the second line of its record.
        #expect(middle.first == Seen(1, 1, [], .unclosedQuote(line: 2)))
        #expect(middle.dropFirst().map(\.fields) == (0..<10).map { ["row \($0)", "x"] } + [["y"]])
        #expect(middle.map(\.line) == [1] + Array(3...13))
    }

    @Test func `a cell that is too long, too many cells and a NUL keep one record out`() throws {
        var limits = CSVReader.Limits()
        limits.fieldBytesMax = 10
        limits.recordBytesMax = 40
        limits.fieldsMax = 3
        let row = String(repeating: "x,", count: 400_000)

        let seen = try Self.read("a\n12345678901,2\n1,2,3,4\nb\u{0},c\n\(row)\nd\n", limits: limits)

        #expect(
            seen.map(\.fault) == [
                nil, .tooLong(bytesMax: 10), .tooManyFields(max: 3), .nul, .tooLong(bytesMax: 40), nil,
            ])
        #expect(seen.map(\.line) == Array(1...6))
        #expect(seen.last?.fields == ["d"])
    }

    /// A quotation mark that is doubled may be the very byte that is too much.
    @Test func `wherever its bound falls, a cell in quotation marks is whole or keeps its record out`() throws {
        let cell = "ab\"\"cd\"\"\"\"e"
        let meant = "ab\"cd\"\"e"
        for bytesMax in 1...12 {
            var limits = CSVReader.Limits()
            limits.fieldBytesMax = bytesMax

            let seen = try Self.read("\"\(cell)\",x\ny\n", limits: limits)

            let fits = bytesMax >= meant.utf8.count
            let first = fits ? Seen(1, 1, [meant, "x"]) : Seen(1, 1, [], .unclosedQuote(line: 1))
            #expect(seen == [first, Seen(2, 2, ["y"])], "\(bytesMax)")
        }
    }

    @Test func `wherever a block ends, the records are the same`() throws {
        let rows = (0..<9).map { "\($0),\"a \"\"b\"\"\r\nc\",é\r\n" }.joined()
        // As many bytes as blocks have, less what makes the end of one fall everywhere in the rows.
        for shift in 0..<rows.utf8.count {
            let filler = String(repeating: "f", count: (256 << 10) - 1 - shift)
            let text = filler + "\n" + rows
            var limits = CSVReader.Limits()
            limits.fieldBytesMax = 1 << 20
            let seen = try Self.read(text, limits: limits)

            #expect(seen.count == 10 && seen.allSatisfy { $0.fault == nil }, "\(shift)")
            #expect(seen.dropFirst().map(\.fields) == (0..<9).map { ["\($0)", "a \"b\"\r\nc", "é"] }, "\(shift)")
        }
    }

    @Test func `whoever goes on behind a record reads the rest`() throws {
        let bytes = Array("a,b\n\"1\n2\",3\n\n4,5\r\n6,\"7\n8\n".utf8)
        var whole = CSVReader(delimiter: 0x2C, whole: bytes)
        var all: [CSVRecord] = []
        var places: [CSVReader.Place] = [whole.place]
        while try whole.next() {
            all.append(whole.record)
            places.append(whole.place)
        }

        for (index, place) in places.enumerated() {
            var reader = CSVReader(delimiter: 0x2C, at: place) { offset, count in
                Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)])
            }
            var rest: [CSVRecord] = []
            while try reader.next() { rest.append(reader.record) }
            #expect(rest == Array(all[index...]), "\(place)")
        }
        #expect(all.count == 5)
    }
}
