/// The parameters of one statement as libpq takes them, in one piece of memory.
struct StatementParameters {
    private enum Format: Int32 { case text, binary }

    private var bytes: [UInt8] = []
    /// Where each begins in `bytes`; nil is SQL null.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// As text, which the server reads as the type that is wanted where it stands.
    init(_ values: [SQLValue]) {
        for value in values { append(value) }
    }

    /// One array for each column of `rows`, in the server's own notation: reading text is a sixth of its work on a call's
    /// rows. A column with a value that is not of its type goes as text: the server then says what is wrong with it.
    init(_ rows: [[SQLValue]], columns: [ColumnType]) {
        for (column, type) in columns.enumerated() {
            let start = bytes.count
            if append(rows, column, type) {
                starts.append(start)
                lengths.append(Int32(clamping: bytes.count - start))
                formats.append(Format.binary.rawValue)
            } else {
                bytes.removeSubrange(start...)
                append(.array(rows.map { $0[column] }))
            }
        }
    }

    private mutating func append(_ value: SQLValue) {
        let text = value.wireText
        starts.append(text == nil ? nil : bytes.count)
        // Of text, libpq takes the length from the NUL at its end.
        lengths.append(0)
        formats.append(Format.text.rawValue)
        guard let text else { return }
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    private mutating func append(_ rows: [[SQLValue]], _ column: Int, _ type: ColumnType) -> Bool {
        bytes.append(bigEndian: Int32(rows.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(rows.contains { $0[column] == .null } ? 1 : 0))
        bytes.append(bigEndian: type.oid)
        guard !rows.isEmpty else { return true }
        bytes.append(bigEndian: Int32(clamping: rows.count))
        bytes.append(bigEndian: Int32(1))
        return rows.allSatisfy { type.append($0[column], to: &bytes) }
    }

    /// Calls `body` with what libpq's functions ask for: how many there are, the values, their lengths and their formats.
    func with<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        unsafe bytes.withUnsafeBytes { memory in
            let values = unsafe starts.map { start in
                unsafe start.flatMap { unsafe memory.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return unsafe body(Int32(values.count), values, lengths, formats)
        }
    }
}
