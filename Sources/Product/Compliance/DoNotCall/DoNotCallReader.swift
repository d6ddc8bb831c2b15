import Encoding

/// Reads a file of a do-not-call list, block by block: a number a line, in the first column or, as the American registry has it, with
/// its area code in a column before; in a file of changes a column says whether it is added (`A`) or deleted (`D`).
///
/// Whatever is in the file, it needs no more memory than a block.
package struct DoNotCallReader: Sendable {
    package enum Kind: String, CaseIterable, Sendable { case full, change }

    package enum Fault: String, CaseIterable, Sendable {
        case noNumber = "This is no telephone number."
        case noCountry = "The number has no country code."
        case noChange = "It does not say whether it is added (A) or deleted (D)."
        case deletedInFull = "A full file deletes nothing."
        case tooLong = "The line is too long."
    }

    package struct Mistake: Equatable, Sendable {
        /// From 1.
        package var line: Int
        package var fault: Fault
    }

    /// What a block says.
    package struct Chunk: Sendable {
        /// Digits of E.164, each once: of several lines the last counts.
        package var listed: [UInt64] = []
        package var deleted: [UInt64] = []
        package var mistakes: [Mistake] = []
        package var wrong = 0
        package var lines = 0
    }

    private enum Line {
        case blank
        case entry(UInt64, isListed: Bool)
        case wrong(Fault)
    }

    private static let lineBytesMax = 4_096
    package static let mistakesKept = 100

    private let kind: Kind
    private let plan: NumberPlan?
    /// Behind the last line that was read to its end.
    package private(set) var offset: Int
    package private(set) var line: Int
    private var rest: [UInt8] = []
    /// Of a line that is too long to be kept, in bytes: behind `offset`, as its end is not read yet.
    private var skipped = 0

    /// - Parameters:
    ///   - country: of numbers without a country code; nil: there is none.
    ///   - offset, line: where a run before has come to.
    package init(_ kind: Kind, country: String?, offset: Int = 0, line: Int = 0) {
        self.kind = kind
        plan = country.flatMap { NumberPlan(country: $0) }
        (self.offset, self.line) = (offset, line)
    }

    /// - Parameters:
    ///   - block: the bytes behind those before.
    ///   - isLast: nothing comes behind them.
    package mutating func take(_ block: [UInt8], isLast: Bool) -> Chunk {
        var chunk = Chunk()
        var entries: [UInt64: Bool] = [:]
        entries.reserveCapacity(block.count / 12)
        let bytes = rest + block
        var start = 0
        if offset == 0, skipped == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
        var at = start
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "\n") || bytes[at] == UInt8(ascii: "\r") else {
                at += 1
                continue
            }
            var next = at + 1
            if bytes[at] == UInt8(ascii: "\r") {
                // Whether a line feed belongs to it is not known yet.
                guard next < bytes.count || isLast else { break }
                if next < bytes.count, bytes[next] == UInt8(ascii: "\n") { next += 1 }
            }
            finish(bytes[start..<at], &entries, &chunk)
            (start, at) = (next, next)
        }
        if isLast {
            if start < bytes.count || skipped > 0 { finish(bytes[start...], &entries, &chunk) }
            start = bytes.count
        }
        offset += start
        rest = Array(bytes[start...])
        // A line may end with it.
        let end = rest.last == UInt8(ascii: "\r") ? 1 : 0
        if rest.count - end > Self.lineBytesMax {
            skipped += rest.count - end
            rest = Array(rest.suffix(end))
        }
        for (number, isListed) in entries {
            if isListed { chunk.listed.append(number) } else { chunk.deleted.append(number) }
        }
        chunk.listed.sort()
        chunk.deleted.sort()
        return chunk
    }

    private mutating func finish(_ bytes: ArraySlice<UInt8>, _ entries: inout [UInt64: Bool], _ chunk: inout Chunk) {
        line += 1
        let read = skipped + bytes.count > Self.lineBytesMax ? .wrong(.tooLong) : self.read(bytes)
        offset += skipped
        skipped = 0
        switch read {
        case .blank: return
        case .entry(let number, let isListed): entries[number] = isListed
        case .wrong(let fault):
            chunk.wrong += 1
            if chunk.mistakes.count < Self.mistakesKept { chunk.mistakes.append(Mistake(line: line, fault: fault)) }
        }
        chunk.lines += 1
    }

    // MARK: A line

    private static let delimiters = Set(",;\t|".utf8)
    private static let ornaments = Set(" ()-./".utf8)

    private func read(_ bytes: ArraySlice<UInt8>) -> Line {
        let fields = bytes.split(
            maxSplits: 15, omittingEmptySubsequences: false, whereSeparator: Self.delimiters.contains
        )
        .map(Self.trimmed)
        guard let first = fields.first, fields.contains(where: { !$0.isEmpty }) else { return .blank }
        if first.first == UInt8(ascii: "#") { return .blank }
        // The names of columns.
        if line == 1, !bytes.contains(where: \.isASCIIDigit) { return .blank }
        guard var digits = Self.digits(Self.withoutTrunkZero(first)) else { return .wrong(.noNumber) }
        var others = fields.dropFirst()
        var isWhole = first.first == UInt8(ascii: "+")
        if plan?.splitsArea == true, digits.count == 3, let rest = others.first.flatMap(Self.digits), rest.count == 7 {
            digits += rest
            others = others.dropFirst()
        } else if !isWhole, digits.starts(with: [0, 0]) {
            (digits, isWhole) = (Array(digits.dropFirst(2)), true)
        }
        guard let number = whole(digits, isWhole: isWhole) else {
            return .wrong(plan == nil && !isWhole ? .noCountry : .noNumber)
        }
        let change = others.lazy.compactMap(Self.change).first
        switch (kind, change) {
        case (.full, false?): return .wrong(.deletedInFull)
        case (.full, _): return .entry(number, isListed: true)
        case (.change, let isAdded?): return .entry(number, isListed: isAdded)
        case (.change, nil): return .wrong(.noChange)
        }
    }

    private func whole(_ digits: [UInt8], isWhole: Bool) -> UInt64? {
        let digits = (isWhole ? NumberPlan.checked(digits) : plan?.whole(digits[...])) ?? []
        guard (7...15).contains(digits.count), let first = digits.first, first > 0 else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt64($1) }
    }

    private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isOuter(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\"") }
        var field = field.drop(while: isOuter)
        while let last = field.last, isOuter(last) { field = field.dropLast() }
        return field
    }

    /// Some write a whole number with the zero that is dialled within its country only: `+49 (0)30 123456`. In Italy the zero is part of
    /// the number.
    private static func withoutTrunkZero(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard field.starts(with: "+".utf8) || field.starts(with: "00".utf8), field.contains(UInt8(ascii: "(")),
            !field.starts(with: "+39".utf8), !field.starts(with: "0039".utf8),
            let zero = field.firstRange(of: Array("(0)".utf8))
        else { return field }
        return field[..<zero.lowerBound] + field[zero.upperBound...]
    }

    /// Their values; nil for a field that has something else in it, or too many of them.
    private static func digits(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        var digits: [UInt8] = []
        for (place, byte) in field.enumerated() {
            if byte.isASCIIDigit {
                guard digits.count < 20 else { return nil }
                digits.append(byte & 0x0F)
            } else if !ornaments.contains(byte), !(place == 0 && byte == UInt8(ascii: "+")) {
                return nil
            }
        }
        return digits.isEmpty ? nil : digits
    }

    /// Whether a field says that the number is added, or deleted; nil where it says neither.
    private static func change(_ field: ArraySlice<UInt8>) -> Bool? {
        guard field.count <= 6 else { return nil }
        return switch String(decoding: field, as: UTF8.self).uppercased() {
        case "A", "ADD", "ADDED": true
        case "D", "DEL", "DELETE": false
        default: nil
        }
    }
}
