/// Reads records of a file (RFC 4180, and what spreadsheets write beside it) one after the other, in memory that does not grow
/// with the file. Text is UTF-8.
///
/// Lines end in CRLF, LF or CR; blank ones are no records. What is wrong with a record is said with it, and reading goes on:
/// behind a quotation mark that is never closed, on the line after the one on which it was opened.
package struct CSVReader {
    package struct Limits: Equatable, Sendable {
        package var fieldBytesMax = 128 << 10
        package var recordBytesMax = 1 << 20
        package var fieldsMax = 500

        package init() {}
    }

    /// Where in the file a record begins.
    package struct Place: Equatable, Sendable {
        package var offset: Int
        /// From 1.
        package var line: Int
        /// How many records were before it.
        package var records: Int

        package init(offset: Int = 0, line: Int = 1, records: Int = 0) {
            self.offset = offset
            self.line = line
            self.records = records
        }
    }

    /// At most so many bytes from an offset on; fewer only at the end.
    package typealias Source = (_ offset: Int, _ count: Int) throws -> [UInt8]

    private static let blockBytes = 256 << 10

    private let delimiter: UInt8
    private let limits: Limits
    private let source: Source
    private var buffer: [UInt8] = []
    /// Of the buffer's first byte.
    private var base: Int
    /// The buffer's end is the file's.
    private var isWhole = false

    /// Behind the last record.
    package private(set) var place: Place
    /// The last one that ``next()`` has read.
    package private(set) var record = CSVRecord()

    /// - Parameter delimiter: an ASCII character that is no quotation mark and no line break.
    package init(
        delimiter: UInt8, at place: Place = Place(), limits: Limits = Limits(), _ source: @escaping Source
    ) {
        precondition(
            delimiter < 0x80 && ![UInt8(ascii: "\""), 0x0A, 0x0D].contains(delimiter), "delimiter \(delimiter)")
        self.delimiter = delimiter
        self.limits = limits
        self.source = source
        self.place = place
        base = place.offset
    }

    /// Over bytes that are all there.
    package init(delimiter: UInt8, limits: Limits = Limits(), whole bytes: [UInt8]) {
        self.init(delimiter: delimiter, limits: limits) { offset, count in
            Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)])
        }
    }

    /// Reads the next record; false at the end of the file.
    package mutating func next() throws -> Bool {
        while true {
            var scan = Scan(at: place.offset - base)
            while true {
                let outcome = scan.run(over: buffer, isWhole: isWhole, delimiter, limits, into: &record)
                guard outcome == .incomplete else { break }
                guard scan.at - (place.offset - base) <= limits.recordBytesMax else {
                    scan.isTooLong = true
                    break
                }
                try readMore()
                scan = Scan(at: place.offset - base)
            }
            if scan.isTooLong {
                try skipLine()
                return finish(fault: .tooLong(bytesMax: limits.recordBytesMax), passed: 1, to: place.offset)
            }
            if scan.isEmpty { return false }
            if let broken = scan.brokenQuote {
                if let resume = broken.resume {
                    place.offset = base + resume
                } else {
                    place.offset = base + scan.at
                    try skipLine()
                }
                return finish(
                    fault: .unclosedQuote(line: place.line + broken.openedLine), passed: broken.openedLine + 1,
                    to: place.offset)
            }
            let end = base + scan.at
            if scan.isBlank {
                place.offset = end
                place.line += scan.lines
                continue
            }
            return finish(fault: scan.fault(limits), passed: scan.lines, to: end)
        }
    }

    /// - Parameter lines: how many line breaks were passed.
    private mutating func finish(fault: CSVFault?, passed lines: Int, to offset: Int) -> Bool {
        if fault != nil { record.clear() }
        record.fault = fault
        record.line = place.line
        record.number = place.records + 1
        place = Place(offset: offset, line: place.line + lines, records: place.records + 1)
        return true
    }

    /// What is behind the last record goes to the buffer's beginning, and another block behind it.
    private mutating func readMore() throws {
        let used = place.offset - base
        if used > 0 {
            buffer.removeSubrange(..<min(used, buffer.count))
            base = place.offset
        }
        let block = try source(base + buffer.count, Self.blockBytes)
        buffer += block
        isWhole = block.count < Self.blockBytes
    }

    /// Goes behind the next line break, or to the end.
    private mutating func skipLine() throws {
        while true {
            let from = place.offset - base
            if let found = buffer[from...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }),
                buffer[found] == 0x0A || found + 1 < buffer.count || isWhole
            {
                let isPair = buffer[found] == 0x0D && found + 1 < buffer.count && buffer[found + 1] == 0x0A
                place.offset = base + found + (isPair ? 2 : 1)
                return
            }
            if isWhole {
                place.offset = base + buffer.count
                return
            }
            // A CR at the very end may be half of a line break.
            place.offset = base + buffer.count - (buffer.last == 0x0D ? 1 : 0)
            try readMore()
        }
    }
}
