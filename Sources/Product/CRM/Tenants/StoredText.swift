import FoundationEssentials

/// Text on its way into PostgreSQL and out of it: bounded, and on one line where one line is meant.
package enum StoredText {
    /// Cut to `charactersMax`.
    package static func bounded(_ text: String, charactersMax: Int = 200_000) -> String {
        text.utf8.count > charactersMax ? String(text.prefix(charactersMax)) : text
    }

    /// A short value as one line: control characters become spaces, blanks at the ends go; nil when nothing is left.
    package static func line(_ text: String?, charactersMax: Int = 200) -> String? {
        guard let text else { return nil }
        let flat = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : $0 }))
        let words = flat.split(separator: " ", omittingEmptySubsequences: true)
        let joined = words.joined(separator: " ").prefix(charactersMax)
        return joined.isEmpty ? nil : String(joined)
    }

    /// How many words there are between blanks.
    package static func words(_ text: String) -> Int {
        var count = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            let isBlank =
                scalar.isASCII ? scalar == " " || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
            if !isBlank, !isInWord { count += 1 }
            isInWord = !isBlank
        }
        return count
    }

    /// Reads what ``JSONWritable`` writes.
    package static func decode<Value: Decodable>(_ type: Value.Type, from json: String?) -> Value? {
        guard let json else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        return try? decoder.decode(type, from: Data(json.utf8))
    }
}
