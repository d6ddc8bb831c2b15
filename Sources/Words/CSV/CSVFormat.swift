/// How a file's cells are told apart, found out by reading its beginning.
package struct CSVFormat: Equatable, Sendable {
    package static let delimiters: [UInt8] = Array(",;\t|".utf8)
    private static let recordsLooked = 50

    package var delimiter: UInt8
    /// Where the first record begins: behind Excel's line `sep=;`.
    package var start = CSVReader.Place()

    package init(delimiter: UInt8, start: CSVReader.Place = CSVReader.Place()) {
        self.delimiter = delimiter
        self.start = start
    }

    /// Of the candidates, the one that most of the first records agree on how many columns it makes, more than one; a comma
    /// where there is none.
    ///
    /// - Parameters:
    ///   - beginning: of the file.
    ///   - isWhole: it is all of it.
    package init(of beginning: [UInt8], isWhole: Bool) {
        if let named = Self.named(in: beginning) {
            self = named
            return
        }
        var best = (delimiter: Self.delimiters[0], agreed: 0.0, columns: 1)
        for delimiter in Self.delimiters {
            let (columns, agreed) = Self.columns(delimiter, beginning, isWhole)
            guard columns > 1 else { continue }
            if agreed > best.agreed || agreed == best.agreed && columns > best.columns {
                best = (delimiter, agreed, columns)
            }
        }
        self.init(delimiter: best.delimiter)
    }

    private static func named(in beginning: [UInt8]) -> CSVFormat? {
        guard beginning.starts(with: "sep=".utf8), beginning.count > 5, delimiters.contains(beginning[4]) else {
            return nil
        }
        let rest = beginning[5...]
        let breaks: [[UInt8]] = [[0x0D, 0x0A], [0x0A], [0x0D]]
        guard let end = breaks.first(where: { rest.starts(with: $0) }) else { return nil }
        return CSVFormat(delimiter: beginning[4], start: CSVReader.Place(offset: 5 + end.count, line: 2))
    }

    /// How many columns most records have with a delimiter, and which share of them has.
    private static func columns(
        _ delimiter: UInt8, _ beginning: [UInt8], _ isWhole: Bool
    ) -> (columns: Int, agreed: Double) {
        var reader = CSVReader(delimiter: delimiter, whole: beginning)
        var counts: [Int] = []
        while counts.count < recordsLooked, (try? reader.next()) == true {
            // The last of what is cut may be cut itself.
            if !isWhole, reader.place.offset >= beginning.count { break }
            counts.append(reader.record.fault == nil ? reader.record.count : 0)
        }
        let most = Dictionary(grouping: counts) { $0 }.map { (columns: $0.key, count: $0.value.count) }
            .max { ($0.count, $0.columns) < ($1.count, $1.columns) }
        guard let most else { return (0, 0) }
        return (most.columns, Double(most.count) / Double(counts.count))
    }
}
