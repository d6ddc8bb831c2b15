import Encoding

/// How rows are told as JSON: the first columns of an answer, in their order, are the fields of an object a row. It is written
/// from what PostgreSQL sends, without a string for each value: that takes a fraction of what the server takes to build it.
package struct RowFields: Sendable {
    package enum Kind: Sendable {
        case text
        /// A text that never needs an escape: an id, a date.
        case plain
        case number
        case truth
        /// A `timestamptz`, in the notation that every transaction begins with.
        case time
        /// What is JSON already.
        case json
    }

    /// `{"id":`, `,"title":` and so on.
    private let heads: [[UInt8]]
    private let kinds: [Kind]

    /// - Parameter fields: names that need no escape.
    package init(_ fields: [(name: String, kind: Kind)]) {
        precondition(!fields.isEmpty, "rows without fields")
        heads = fields.enumerated().map { Array("\($0.offset == 0 ? "{" : ",")\"\($0.element.name)\":".utf8) }
        kinds = fields.map(\.kind)
    }

    var count: Int { kinds.count }

    /// - Parameter value: of a field in a row; nil for null.
    func append(_ value: (Int) -> UnsafeBufferPointer<UInt8>?, to json: inout [UInt8]) {
        for field in kinds.indices {
            json += heads[field]
            if let bytes = unsafe value(field) {
                unsafe Self.append(bytes, kinds[field], to: &json)
            } else {
                json += "null".utf8
            }
        }
        json.append(UInt8(ascii: "}"))
    }

    private static func append(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: Kind, to json: inout [UInt8]) {
        switch kind {
        case .text: unsafe JSONText.append(bytes, to: &json)
        case .plain: unsafe quote(bytes, in: &json)
        case .truth: json += unsafe bytes.first == UInt8(ascii: "t") ? "true".utf8 : "false".utf8
        case .json: unsafe json.append(contentsOf: bytes)
        case .number:
            // `NaN` and `Infinity` are numbers of PostgreSQL's and none of JSON's.
            let isNumber = unsafe bytes.last?.isASCIIDigit ?? false
            if isNumber { unsafe json.append(contentsOf: bytes) } else { unsafe quote(bytes, in: &json) }
        case .time: unsafe append(time: bytes, to: &json)
        }
    }

    private static func quote(_ bytes: UnsafeBufferPointer<UInt8>, in json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        unsafe json.append(contentsOf: bytes)
        json.append(UInt8(ascii: "\""))
    }

    /// `2026-11-30 14:06:20.99+00` as `2026-11-30T14:06:20.99+00:00`; `infinity` as it is.
    private static func append(time bytes: UnsafeBufferPointer<UInt8>, to json: inout [UInt8]) {
        let start = json.count + 1
        unsafe quote(bytes, in: &json)
        guard let blank = unsafe bytes.firstIndex(of: UInt8(ascii: " ")) else { return }
        json[start + blank] = UInt8(ascii: "T")
        // Before our era it ends with ` BC`.
        let end = unsafe bytes.last == UInt8(ascii: "C") ? bytes.count - 3 : bytes.count
        guard end > 3, unsafe bytes[end - 3] == UInt8(ascii: "+") else { return }
        json.insert(contentsOf: ":00".utf8, at: start + end)
    }
}

/// Rows that were told as JSON.
package struct ToldRows: Sendable {
    /// Objects with commas between them.
    package var json: [UInt8] = []
    /// How many rows there were, whether they were told or not.
    package var count = 0
    /// Of the last one that was told: the columns that are no fields.
    package var last: Row?

    init(json: [UInt8], count: Int, last: Row?) {
        self.json = json
        self.count = count
        self.last = last
    }

    /// None.
    package init() {}
}
