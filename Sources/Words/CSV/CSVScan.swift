/// One pass over the bytes of one record.
struct Scan {
    enum Outcome { case complete, incomplete }

    private enum State { case start, plain, quoted, closing }

    /// In the buffer: where the record begins, and after a run behind it.
    private(set) var at: Int
    private let beginning: Int
    private var state = State.start
    /// Line breaks that were passed.
    private(set) var lines = 0
    private var hasNUL = false
    private var hasQuote = false
    private var isFieldTooLong = false
    private var isOpen = false
    private var fieldCount = 0
    private var contentCount = 0
    /// Of the quotation mark that was opened last: the line, counted from the record's first, and what is behind its line.
    private var openedLine = 0
    private var resume: Int?
    var isTooLong = false

    init(at start: Int) {
        at = start
        beginning = start
    }

    /// Nothing is left.
    var isEmpty: Bool { at == beginning }
    /// A line with nothing in it.
    var isBlank: Bool { fieldCount == 1 && contentCount == 0 && !hasQuote && !hasNUL }

    /// Nil when all its quotation marks are closed. Otherwise where the last was opened, and what is behind that line: nil
    /// where no line break was met.
    var brokenQuote: (openedLine: Int, resume: Int?)? { isOpen ? (openedLine, resume) : nil }

    func fault(_ limits: CSVReader.Limits) -> CSVFault? {
        if hasNUL { return .nul }
        if isFieldTooLong { return .tooLong(bytesMax: limits.fieldBytesMax) }
        return fieldCount > limits.fieldsMax ? .tooManyFields(max: limits.fieldsMax) : nil
    }

    /// - Parameter isWhole: nothing comes behind the buffer.
    mutating func run(
        over buffer: [UInt8], isWhole: Bool, _ delimiter: UInt8, _ limits: CSVReader.Limits,
        into record: inout CSVRecord
    ) -> Outcome {
        record.clear()
        var fieldStart = 0
        let quote = UInt8(ascii: "\"")
        return buffer.withUnsafeBufferPointer { buffer in
            while at < buffer.count {
                let byte = buffer[at]
                if state == .quoted {
                    guard takeQuoted(byte, buffer, isWhole, &record) else { return .incomplete }
                    if isOpen, record.bytes.count - fieldStart > limits.fieldBytesMax { return .complete }
                    continue
                }
                switch byte {
                case delimiter:
                    at += 1
                    end(&record, &fieldStart, limits)
                    state = .start
                case 0x0A, 0x0D:
                    guard passBreak(buffer, isWhole) else { return .incomplete }
                    end(&record, &fieldStart, limits)
                    return .complete
                case quote where state == .start:
                    open()
                case quote where state == .closing:
                    record.bytes.append(byte)
                    (state, isOpen) = (.quoted, true)
                    at += 1
                    if record.bytes.count - fieldStart > limits.fieldBytesMax { return .complete }
                default:
                    if state == .closing { record.hasTextBehindQuote = true }
                    state = .plain
                    if byte == 0 { hasNUL = true }
                    if record.bytes.count - fieldStart < limits.fieldBytesMax {
                        record.bytes.append(byte)
                    } else {
                        isFieldTooLong = true
                    }
                    contentCount += 1
                    at += 1
                }
            }
            guard isWhole else { return .incomplete }
            if at > beginning, !isOpen { end(&record, &fieldStart, limits) }
            return .complete
        }
    }

    private mutating func open() {
        (state, isOpen, hasQuote) = (.quoted, true, true)
        openedLine = lines
        resume = nil
        at += 1
    }

    /// False when it takes more bytes to say what this one is.
    private mutating func takeQuoted(
        _ byte: UInt8, _ buffer: UnsafeBufferPointer<UInt8>, _ isWhole: Bool, _ record: inout CSVRecord
    ) -> Bool {
        switch byte {
        case UInt8(ascii: "\""):
            (state, isOpen) = (.closing, false)
            at += 1
        case 0x0A, 0x0D:
            let from = at
            guard passBreak(buffer, isWhole) else { return false }
            record.bytes.append(contentsOf: buffer[from..<at])
            resume = resume ?? at
        default:
            if byte == 0 { hasNUL = true }
            record.bytes.append(byte)
            at += 1
        }
        contentCount += 1
        return true
    }

    /// Past CRLF, LF or CR; false when a CR is the last there is to see.
    private mutating func passBreak(_ buffer: UnsafeBufferPointer<UInt8>, _ isWhole: Bool) -> Bool {
        if buffer[at] == 0x0D {
            guard at + 1 < buffer.count || isWhole else { return false }
            if at + 1 < buffer.count, buffer[at + 1] == 0x0A { at += 1 }
        }
        at += 1
        lines += 1
        return true
    }

    private mutating func end(_ record: inout CSVRecord, _ fieldStart: inout Int, _ limits: CSVReader.Limits) {
        fieldCount += 1
        if fieldCount <= limits.fieldsMax { record.ends.append(record.bytes.count) }
        fieldStart = record.bytes.count
    }
}
