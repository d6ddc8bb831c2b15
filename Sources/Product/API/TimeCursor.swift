import Encoding
import Endpoints
import FoundationEssentials

/// The place behind the last entry of a page that is sorted by time, newest first: its time in microseconds since 1970, and its id.
struct TimeCursor: Equatable, Sendable {
    var micros: Int
    var id: UUID

    /// What a page is asked for that has none: before everything.
    static let field = FieldRule.help("`next_cursor` of the page before.")

    init(micros: Int, id: UUID) {
        self.micros = micros
        self.id = id
    }

    /// Nil for anything but a ``text`` of ours, to the letter.
    init?(_ text: String) {
        guard text.utf8.count <= 120, let bytes = Base64URL.decode(text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let micros = Int(parts[0]), (0...253_402_300_799_000_000).contains(micros),
            let id = UUID(uuidString: String(parts[1]))
        else { return nil }
        self.init(micros: micros, id: id)
        guard self.text == text else { return nil }
    }

    var text: String { Base64URL.encode(Array("\(micros).\(id.uuidString.lowercased())".utf8)) }
}

extension TimeCursor: Decodable, SchemaDescribed {
    static var schema: Schema { .text() }
    static var sample: TimeCursor { TimeCursor(micros: 0, id: UUID()) }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let cursor = TimeCursor(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no `next_cursor` of an earlier page"))
        }
        self = cursor
    }
}
