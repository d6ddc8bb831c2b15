package import CallModel
import FoundationEssentials

/// The text form of a journal: one line an entry, `<CRC-32 of the JSON, 8 hex digits> <JSON>\n`.
package enum JournalLine {
    /// The longest line taken, in bytes. A turn of an hour of speech has about 60,000.
    package static let bytesMax = 1 << 20
    /// The longest journal read, in bytes.
    package static let fileBytesMax = 64 << 20

    package struct Scan: Equatable {
        package var entries: [CallJournalEntry] = []
        /// Bytes up to the end of the last good line.
        package var goodBytes = 0
        /// Bytes of a last line that was not written to its end.
        package var tornBytes = 0
        /// Set when a bad line is followed by others: that is no torn end but damage.
        package var damage: String?
    }

    package static func encode(_ entry: CallJournalEntry) throws -> [UInt8] {
        if case .turn(let turn) = entry, let json = json(turn) { return line(json) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return line(Array(try encoder.encode(entry)))
    }

    private static func line(_ json: [UInt8]) -> [UInt8] {
        let hex = String(CRC32.checksum(json), radix: 16)
        var line = Array((String(repeating: "0", count: 8 - hex.utf8.count) + hex + " ").utf8)
        line.reserveCapacity(json.count + 10)
        line.append(contentsOf: json)
        line.append(0x0A)
        return line
    }

    /// Reads as far as the lines are whole. A last line that is cut short, or whose checksum is wrong, is torn and left
    /// out; a bad line with others after it is damage.
    package static func scan(_ bytes: [UInt8]) -> Scan {
        var scan = Scan()
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        var start = 0
        while start < bytes.count {
            guard let end = bytes[start...].firstIndex(of: 0x0A) else {
                scan.tornBytes = bytes.count - start
                return scan
            }
            let problem: String
            switch read(bytes[start..<end], decoder) {
            case .success(let entry):
                scan.entries.append(entry)
                scan.goodBytes = end + 1
                start = end + 1
                continue
            case .failure(let found): problem = found.reason
            }
            if end + 1 == bytes.count {
                scan.tornBytes = bytes.count - start
            } else {
                scan.damage = problem
            }
            return scan
        }
        return scan
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
        guard CRC32.checksum(json) == expected else { return .failure(Problem(reason: "checksum mismatch")) }
        if let turn = turn(json) { return .success(.turn(turn)) }
        guard let entry = try? decoder.decode(CallJournalEntry.self, from: Data(json)) else {
            return .failure(Problem(reason: "unknown entry"))
        }
        return .success(entry)
    }
}
