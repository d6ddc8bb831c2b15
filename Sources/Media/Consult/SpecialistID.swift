/// A specialist's name: the slug that its data file is called, such as `eu-privacy`.
package struct SpecialistID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package static let lengthMax = 64

    package let text: String

    /// Nil unless `text` is 1 … 64 of `a-z`, `0-9` and single inner dashes, beginning with a letter.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...SpecialistID.lengthMax).contains(bytes.count), let first = bytes.first, Self.isLetter(first) else {
            return nil
        }
        var isAfterDash = false
        for byte in bytes {
            let isDash = byte == UInt8(ascii: "-")
            guard isDash ? !isAfterDash : Self.isLetter(byte) || Self.isDigit(byte) else { return nil }
            isAfterDash = isDash
        }
        guard !isAfterDash else { return nil }
        self.text = text
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = SpecialistID(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a specialist's id is a slug such as `eu-privacy`, not `\(text.prefix(80))`"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }

    package static func < (one: SpecialistID, other: SpecialistID) -> Bool { one.text < other.text }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
