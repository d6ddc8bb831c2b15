package import CallModel
import Foundation

extension ConsultRecordPayload {
    /// The record as the journal takes it: append `.consult(try ConsultRecordPayload(record), atMs: …)` when it ends.
    package init(_ record: ConsultRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(
            id: record.question.id, wasBegun: record.agreedAtMs != nil && !record.answers.isEmpty,
            json: String(decoding: try encoder.encode(record), as: UTF8.self))
    }

    /// Nil when the JSON is not a consult's record.
    package var record: ConsultRecord? { try? JSONDecoder().decode(ConsultRecord.self, from: Data(json.utf8)) }
}

extension ConsultRecord {
    /// When the caller agreed: as noted, or as the consents have it.
    package var agreedAtMs: Int? { agreedMs ?? consents.first { $0.decision == .yes }?.atMs }
}
