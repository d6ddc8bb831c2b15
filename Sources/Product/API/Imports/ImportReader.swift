import CSV
import WebSocketTransport

/// Rows that go in together.
struct ImportChunk: Sendable {
    var rows: [ImportRow]
    /// Behind the last of them.
    var end: CSVReader.Place
}

/// Reads a file chunk by chunk: one ahead of what is being written, and no more. Records are told apart one after the other,
/// which is quick; what their cells mean, which is not, is found out for several pieces of the chunk at once.
actor ImportReader {
    private static let chunkBytesMax = 4 << 20
    private static let pieceRows = 500

    private var reader: CSVReader
    private let rules: ImportRules
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

    /// Nil at the end of the file. One call at a time.
    func next() async throws -> ImportChunk? {
        var records: [CSVRecord] = []
        records.reserveCapacity(rowsMax)
        let start = reader.place.offset
        while records.count < rowsMax, reader.place.offset - start < Self.chunkBytesMax, try reader.next() {
            records.append(reader.record)
        }
        guard !records.isEmpty else { return nil }
        let end = reader.place
        return ImportChunk(rows: await Self.rows(of: records, by: rules), end: end)
    }

    /// In their order.
    private static func rows(of records: [CSVRecord], by rules: ImportRules) async -> [ImportRow] {
        let starts = Array(stride(from: 0, to: records.count, by: pieceRows))
        return await withTaskGroup(of: (Int, [ImportRow]).self) { group in
            for (piece, start) in starts.enumerated() {
                group.addTask {
                    var rules = rules
                    let end = min(start + pieceRows, records.count)
                    return (piece, records[start..<end].map { rules.read($0, number: $0.number) })
                }
            }
            var pieces = [[ImportRow]](repeating: [], count: starts.count)
            for await (piece, rows) in group { pieces[piece] = rows }
            return Array(pieces.joined())
        }
    }
}
