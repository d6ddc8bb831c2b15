import Endpoints
import FoundationEssentials

/// A row's id in an answer, in small letters as the database has it.
struct RowID: Codable, Equatable, Sendable, SchemaDescribed {
    let uuid: UUID

    init(_ uuid: UUID) { self.uuid = uuid }
    init?(_ uuid: UUID?) {
        guard let uuid else { return nil }
        self.uuid = uuid
    }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let uuid = UUID(uuidString: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no UUID"))
        }
        self.uuid = uuid
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(uuid.uuidString.lowercased())
    }

    static var schema: Schema { .text(.uuid) }
    static var sample: RowID { RowID(UUID()) }
}
