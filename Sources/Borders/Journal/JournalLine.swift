package import CallModel
import Encoding
import FoundationEssentials

/// The text form of a journal: one line an entry, `<CRC-32 of the JSON, 8 hex digits> <JSON>\n`. The JSON is that of
/// ``StoredEntry``; the first line, the opening, says in which format.
package enum JournalLine {
    /// The longest line taken, in bytes.
    package static let bytesMax = 1 << 20
    /// The longest journal read whole, in bytes; of a longer one, the middle is left out.
    package static let fileBytesMax = 64 << 20

    package struct Scan: Equatable {
        package var entries: [CallJournalEntry] = []
        /// Bytes up to the end of the last line that was written to its end.
        package var goodBytes = 0
        /// Bytes of a last line that was not written to its end.
        package var tornBytes = 0
        /// The last line is whole but for the break at its end, which has to be written before anything else is.
        package var lacksBreak = false
        /// Lines that were written to their end and cannot be read: no torn end but damage.
        package var damagedLines = 0
        /// What is wrong with the first of them, and where it begins.
        package var damage: String?

        /// What follows the last line break: torn, unless its checksum says that nothing but the break is missing or damaged, and
        /// but for whole lines in it, whose own breaks are damaged.
        fileprivate mutating func takeEnd(_ rest: ArraySlice<UInt8>, _ decoder: JSONDecoder) {
            if case .success(let entry) = JournalLine.read(rest, decoder) {
                entries.append(entry)
            } else if case .success(let entry) = JournalLine.read(rest.dropLast(), decoder) {
                note("line without its end", at: rest.startIndex)
                entries.append(entry)
            } else {
                let (found, end) = JournalLine.joined(rest, decoder)
                tornBytes = rest.endIndex - end
                guard !found.isEmpty else { return }
                note("lines without a break between them", at: rest.startIndex)
                entries += found
                goodBytes = end
                lacksBreak = true
                return
            }
            goodBytes = rest.endIndex
            lacksBreak = true
        }

        fileprivate mutating func note(_ problem: String, at byte: Int) {
            damagedLines += 1
            damage = damage ?? "\(problem), byte \(byte)"
        }
    }

    package static func encode(_ entry: CallJournalEntry) throws -> [UInt8] {
        if case .turn(let turn) = entry, let json = json(turn) { return line(json) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return line(Array(try encoder.encode(StoredEntry(entry: entry))))
    }

    static func line(_ json: [UInt8]) -> [UInt8] {
        var line = Array("\(Hex.encode(CRC32.checksum(json.span.bytes))) ".utf8)
        line.reserveCapacity(json.count + 10)
        line.append(contentsOf: json)
        line.append(0x0A)
        return line
    }

    /// Reads every line that is whole. A last line that was not written to its end is torn; any other that cannot be read is counted, and
    /// those after it are read all the same. Where the break between two lines is damaged, both are found.
    package static func scan(_ bytes: [UInt8]) -> Scan {
        var scan = Scan()
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        var start = 0
        while start < bytes.count {
            guard let end = bytes[start...].firstIndex(of: 0x0A) else {
                scan.takeEnd(bytes[start...], decoder)
                return scan
            }
            switch read(bytes[start..<end], decoder) {
            case .success(let entry): scan.entries.append(entry)
            case .failure(let problem):
                scan.note(problem.reason, at: start)
                scan.entries += joined(bytes[start..<end], decoder).entries
            }
            scan.goodBytes = end + 1
            start = end + 1
        }
        return scan
    }

    /// The entries of lines that became one because the byte between them is no line break any more, and where the last of them
    /// ends.
    private static func joined(
        _ line: ArraySlice<UInt8>, _ decoder: JSONDecoder
    ) -> (entries: [CallJournalEntry], end: Int) {
        var (found, end): ([CallJournalEntry], Int) = ([], line.startIndex)
        guard line.count <= 2 * bytesMax else { return (found, end) }
        var start = line.startIndex
        while start < line.endIndex {
            let next = lineStart(in: line, from: start + 1)
            let whole = max(start, next - 1)
            if case .success(let entry) = read(line[start..<whole], decoder) {
                found.append(entry)
                end = whole
            } else if next >= line.endIndex, let brace = line[start...].lastIndex(of: UInt8(ascii: "}")),
                case .success(let entry) = read(line[start...brace], decoder)
            {
                // Behind its object there may be the beginning of a checksum.
                found.append(entry)
                end = brace + 1
            }
            start = next
        }
        return (found, end)
    }

    /// Where the next checksum with an object behind it stands, or the end.
    private static func lineStart(in line: ArraySlice<UInt8>, from: Int) -> Int {
        func isHex(_ byte: UInt8) -> Bool { byte.isASCIIDigit || (0x61...0x66).contains(byte) }
        guard line.endIndex - from > 9 else { return line.endIndex }
        for at in from..<(line.endIndex - 9)
        where line[at + 9] == 0x7B && line[at + 8] == 0x20 && line[at..<(at + 8)].allSatisfy(isHex) {
            return at
        }
        return line.endIndex
    }

    private struct Problem: Error { var reason: String }

    private static func read(
        _ line: ArraySlice<UInt8>, _ decoder: JSONDecoder
    ) -> Result<CallJournalEntry, Problem> {
        guard line.count <= bytesMax else { return .failure(Problem(reason: "line too long")) }
        guard line.count > 9, line[line.startIndex + 8] == 0x20,
            let expected = UInt32(String(decoding: line.prefix(8), as: UTF8.self), radix: 16)
        else { return .failure(Problem(reason: "line without a checksum")) }
        let json = line.dropFirst(9)
        guard CRC32.checksum(json.span.bytes) == expected else { return .failure(Problem(reason: "checksum mismatch")) }
        if let turn = turn(json) { return .success(.turn(turn)) }
        do {
            return .success(try decoder.decode(StoredEntry.self, from: Data(json)).entry)
        } catch let error as StoredEntry.UnknownFormat {
            return .failure(Problem(reason: "format \(error.number), not one of 1 to \(StoredEntry.format)"))
        } catch {
            return .failure(Problem(reason: "unknown entry"))
        }
    }
}
