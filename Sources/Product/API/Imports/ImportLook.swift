import CSV
import Encoding
import Endpoints
import Foundation
import WebSocketTransport

/// What the beginning of a file says of it.
struct ImportLook: Sendable {
    static let beginningBytes = 256 << 10
    private static let samplesMax = 5
    private static let sampleCharactersMax = 100
    private static let nameCharactersMax = 200
    static let columnsMax = 200

    struct ImportedColumn: Codable, Equatable, Sendable {
        var name: String
        var samples: [String]
    }

    var format: CSVFormat
    var hasHeader: Bool
    var columns: [ImportedColumn]
    /// Where the first row of data begins, no record before it.
    var start: CSVReader.Place

    /// - Parameters:
    ///   - delimiter: nil: to be found out, and so is whether there is a header.
    /// - Throws: 422 for what is no table.
    init(_ file: BodyFile, delimiter: UInt8? = nil, hasHeader: Bool? = nil) throws {
        let beginning = file.read(at: 0, count: Self.beginningBytes) ?? []
        if beginning.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw Self.refusal("This is a workbook or an archive, and no CSV: save the sheet as CSV first.")
        }
        var format = CSVFormat(of: beginning, isWhole: file.count <= beginning.count)
        if let delimiter { format.delimiter = delimiter }
        var reader = CSVReader(delimiter: format.delimiter, at: format.start) { offset, count in
            file.read(at: offset, count: count) ?? []
        }
        guard try reader.next() else { throw Self.refusal("The file has no rows.") }
        if let fault = reader.record.fault { throw Self.refusal("The first row: \(fault)") }
        let first = reader.record.fields
        guard first.count <= Self.columnsMax else {
            throw Self.refusal("There are \(first.count) columns; at most \(Self.columnsMax) can be imported.")
        }
        self.format = format
        let isHeader = hasHeader ?? !first.contains(where: Self.looksLikeData)
        let behind = CSVReader.Place(offset: reader.place.offset, line: reader.place.line)
        start = isHeader ? behind : format.start
        self.hasHeader = isHeader
        columns = first.enumerated().map { index, text in
            let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
            let isName = isHeader && !name.isEmpty
            return ImportedColumn(
                name: isName ? String(name.prefix(Self.nameCharactersMax)) : "Column \(index + 1)", samples: [])
        }
        if !isHeader { sample(first) }
        while columns.contains(where: { $0.samples.count < Self.samplesMax }), reader.place.records < 50,
            try reader.next()
        {
            if reader.record.fault == nil { sample(reader.record.fields) }
        }
    }

    private mutating func sample(_ cells: [String]) {
        for (index, cell) in cells.enumerated() where index < columns.count && !cell.isEmpty {
            let sample = String(cell.prefix(Self.sampleCharactersMax))
            guard columns[index].samples.count < Self.samplesMax, !columns[index].samples.contains(sample) else {
                continue
            }
            columns[index].samples.append(sample)
        }
    }

    /// An address or a number, which no column is called.
    private static func looksLikeData(_ cell: String) -> Bool {
        cell.contains("@") || cell.utf8.count { $0.isASCIIDigit } >= 6
    }

    private static func refusal(_ detail: String) -> Problem { .unprocessable([Problem.Fault(.pointer(""), detail)]) }
}
