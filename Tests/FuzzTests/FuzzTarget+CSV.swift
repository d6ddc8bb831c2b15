@testable import CSV

extension FuzzTarget {
    /// The first byte says how long a cell may be, so that short inputs meet the bounds too.
    static func checkCSV(_ input: [UInt8]) {
        var finder = TextEncodingFinder()
        finder.take(input)
        for encoding in TextEncoding.allCases {
            var transcoder = TextTranscoder(from: encoding)
            let text = transcoder.convert(input) + transcoder.finish()
            hold(
                encoding == .utf8 || String(validating: text, as: UTF8.self) != nil, "\(encoding) becomes UTF-8")
        }
        if finder.encoding == .utf8, !input.starts(with: TextEncoding.utf8.mark) {
            hold(String(validating: input, as: UTF8.self) != nil, "what is taken for UTF-8 is UTF-8")
        }
        let format = CSVFormat(of: input, isWhole: true)
        var limits = CSVReader.Limits()
        limits.fieldBytesMax = Int(input.first ?? 0) + 8
        limits.recordBytesMax = 4 * limits.fieldBytesMax
        limits.fieldsMax = 20
        let records = read(input, format, at: format.start, limits)
        for (index, (place, _)) in records.enumerated().prefix(8) {
            let rest = read(input, format, at: place, limits).map(\.record)
            hold(rest == records[index...].map(\.record), "whoever goes on behind a record reads the rest")
        }
        var writer = CSVWriter()
        let rows = records.filter { $0.record.fault == nil }.map(\.record.fields)
        for row in rows { writer.add(row) }
        var reader = CSVReader(delimiter: UInt8(ascii: ","), whole: writer.bytes)
        for row in rows {
            hold((try? reader.next()) == true, "as many rows as were written")
            hold(reader.record.fields.map(CSVText.withoutGuard) == row, "what is written is read")
        }
    }

    /// Each record with the place where it begins.
    private static func read(
        _ input: [UInt8], _ format: CSVFormat, at start: CSVReader.Place, _ limits: CSVReader.Limits
    ) -> [(place: CSVReader.Place, record: CSVRecord)] {
        var reader = CSVReader(delimiter: format.delimiter, at: start, limits: limits) { offset, count in
            Array(input[min(offset, input.count)..<min(offset + count, input.count)])
        }
        var records: [(CSVReader.Place, CSVRecord)] = []
        var place = reader.place
        while (try? reader.next()) == true {
            hold(reader.place.offset > place.offset, "a record has bytes")
            hold(reader.record.line >= place.line && reader.place.line >= reader.record.line, "lines are counted up")
            records.append((place, reader.record))
            place = reader.place
        }
        hold(reader.place.offset >= place.offset, "the end is behind the last record")
        return records
    }
}
