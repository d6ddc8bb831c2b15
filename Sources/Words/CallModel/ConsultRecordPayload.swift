package import FoundationEssentials

/// A consult on its way through the journal: the record itself is JSON, whose shape is the consults' own business.
package struct ConsultRecordPayload: Equatable, Sendable, Codable {
    /// Of the question; a later payload with the same id replaces an earlier one.
    package var id: UUID
    /// The caller agreed and specialists were asked: this is what billing counts.
    package var wasBegun: Bool
    package var json: String

    package init(id: UUID, wasBegun: Bool, json: String) {
        self.id = id
        self.wasBegun = wasBegun
        self.json = json
    }
}
