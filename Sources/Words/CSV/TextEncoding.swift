/// How the characters of a file are written down.
package enum TextEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case windows1252 = "windows-1252"

    /// The mark that a file of this encoding may begin with.
    package var mark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .windows1252: []
        }
    }

    /// Of the bytes 0x80 to 0x9F; what is unassigned stands for the replacement character.
    static let upperOfWindows1252: [UInt16] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
        0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0xFFFD, 0x017E, 0x0178,
    ]
}

/// Finds out the encoding of a file that is read once from its beginning to its end: by its mark; without one it is UTF-16 where
/// one half of most characters is zero, UTF-8 where all of it is, and otherwise what Windows writes in the west.
package struct TextEncodingFinder: Sendable {
    private static let beginningBytes = 4_096

    private var beginning: [UInt8] = []
    private var check = UTF8Check()

    package init() {}

    /// The next bytes.
    package mutating func take(_ bytes: [UInt8]) {
        if beginning.count < Self.beginningBytes { beginning += bytes.prefix(Self.beginningBytes - beginning.count) }
        check.take(bytes)
    }

    /// Once all has been taken.
    package var encoding: TextEncoding {
        let marked: [TextEncoding] = [.utf8, .utf16LittleEndian, .utf16BigEndian]
        return marked.first { beginning.starts(with: $0.mark) } ?? unmarked
            ?? (check.isWhole ? .utf8 : .windows1252)
    }

    /// Latin letters, digits and all that a file has besides are zero in the half that comes second, or first.
    private var unmarked: TextEncoding? {
        let pairs = beginning.count / 2
        let first = (0..<pairs).count { beginning[2 * $0] == 0 }
        let second = (0..<pairs).count { beginning[2 * $0 + 1] == 0 }
        guard pairs > 0, 2 * max(first, second) > pairs, 10 * min(first, second) < pairs else { return nil }
        return second > first ? .utf16LittleEndian : .utf16BigEndian
    }
}

/// Whether bytes are UTF-8 throughout (RFC 3629).
struct UTF8Check: Sendable {
    private var pending = 0
    /// What the next byte of a sequence may be.
    private var next: ClosedRange<UInt8> = 0x80...0xBF
    private var isValid = true

    /// What was taken is well-formed, and ends with a whole character.
    var isWhole: Bool { isValid && pending == 0 }

    mutating func take(_ bytes: [UInt8]) {
        guard isValid else { return }
        for byte in bytes {
            if pending > 0 {
                guard next.contains(byte) else { return isValid = false }
                pending -= 1
                next = 0x80...0xBF
                continue
            }
            switch byte {
            case 0x00...0x7F: continue
            case 0xC2...0xDF: pending = 1
            case 0xE0: (pending, next) = (2, 0xA0...0xBF)
            case 0xED: (pending, next) = (2, 0x80...0x9F)
            case 0xE1...0xEF: pending = 2
            case 0xF0: (pending, next) = (3, 0x90...0xBF)
            case 0xF1...0xF3: pending = 3
            case 0xF4: (pending, next) = (3, 0x80...0x8F)
            default: return isValid = false
            }
        }
    }
}
