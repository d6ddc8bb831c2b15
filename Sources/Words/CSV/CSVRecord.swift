/// One record of a file: its fields as they are meant, quotation marks undone.
package struct CSVRecord: Equatable, Sendable {
    /// From 1, the header included; blank lines are none.
    package internal(set) var number = 0
    /// The line of the file on which it begins, from 1.
    package internal(set) var line = 0
    /// What keeps it from being read; it has no fields then.
    package internal(set) var fault: CSVFault?
    /// Text stands between a closing quotation mark and the next delimiter: it was taken as part of the field.
    package internal(set) var hasTextBehindQuote = false

    var bytes: [UInt8] = []
    /// Where each field ends in `bytes`.
    var ends: [Int] = []

    package init() {}

    package var count: Int { ends.count }

    /// A field's text; empty beyond the last.
    package subscript(_ index: Int) -> String { String(decoding: utf8(index), as: UTF8.self) }

    /// A field's bytes; none beyond the last.
    package func utf8(_ index: Int) -> ArraySlice<UInt8> {
        guard ends.indices.contains(index) else { return [] }
        return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    package var fields: [String] { ends.indices.map { self[$0] } }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        fault = nil
        hasTextBehindQuote = false
    }
}

/// Why a record cannot be read. The next one can.
package enum CSVFault: Equatable, Sendable, CustomStringConvertible {
    /// - Parameter line: on which it was opened.
    case unclosedQuote(line: Int)
    case tooLong(bytesMax: Int)
    case tooManyFields(max: Int)
    case nul

    package var description: String {
        switch self {
        case .unclosedQuote(let line): "A quotation mark that is opened on line \(line) is not closed."
        case .tooLong(let bytesMax): "The row, or a cell of it, is longer than \(bytesMax) bytes."
        case .tooManyFields(let max): "The row has more than \(max) cells."
        case .nul: "The row has a NUL character."
        }
    }
}
