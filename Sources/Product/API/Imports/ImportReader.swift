import CSV
import WebSocketTransport

/// Rows that go in together.
struct ImportChunk: Sendable {
    var rows: [ImportRow]
    /// Behind the last of them.
    var end: CSVReader.Place
}

/// Reads a file chunk by chunk: one ahead of what is being written, and no more.
actor ImportReader {
    private static let chunkBytesMax = 4 << 20

    private var reader: CSVReader
    private var rules: ImportRules
    private let rowsMax: Int

    /// - Throws: what ``ImportLook`` does.
    init(_ file: BodyFile, _ state: ImportState, _ rules: ImportRules, rowsMax: Int) throws {
        let start = try state.done ?? ImportLook(file, delimiter: state.delimiter, hasHeader: state.hasHeader).start
        reader = CSVReader(delimiter: state.delimiter, at: start) { offset, count in
            guard let bytes = file.read(at: offset, count: count) else { throw ImportFiles.Failure.unreadable }
            return bytes
        }
        self.rules = rules
        self.rowsMax = rowsMax
    }

    /// Nil at the end of the file.
    func next() throws -> ImportChunk? {
        var rows: [ImportRow] = []
        rows.reserveCapacity(rowsMax)
        let start = reader.place.offset
        while rows.count < rowsMax, reader.place.offset - start < Self.chunkBytesMax, try reader.next() {
            rows.append(rules.read(reader.record, number: reader.record.number))
        }
        return rows.isEmpty ? nil : ImportChunk(rows: rows, end: reader.place)
    }
}
