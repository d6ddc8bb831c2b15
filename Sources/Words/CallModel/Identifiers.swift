import Encoding
package import FoundationEssentials

/// The carrier's id of a call: `CA` and 32 hex digits.
package struct CallSid: Hashable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    /// Nil unless `text` is `CA` followed by 32 hexadecimal digits.
    package init?(_ text: String) {
        guard isSid(text, prefix: "CA") else { return nil }
        self.text = text
    }

    package var description: String { text }
}

/// The carrier's id of a media stream: `MZ` and 32 hex digits.
package struct StreamSid: Hashable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    /// Nil unless `text` is `MZ` followed by 32 hexadecimal digits.
    package init?(_ text: String) {
        guard isSid(text, prefix: "MZ") else { return nil }
        self.text = text
    }

    package var description: String { text }
}

private func isSid(_ text: String, prefix: String) -> Bool {
    text.utf8.count == 34 && text.hasPrefix(prefix)
        && text.utf8.dropFirst(2).allSatisfy {
            $0.hexadecimalValue != nil
        }
}

/// The organisation that owns a row.
package struct TenantID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let uuid: UUID
    package init(_ uuid: UUID) { self.uuid = uuid }
    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }
    package var description: String { uuid.uuidString.lowercased() }

    /// The tenant a new installation starts with.
    package static let initial = TenantID(
        UUID(uuid: (0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 1)))
}

/// Our id of a call: `calls.id`, chosen before the first row is written so that the journal can carry it.
package struct CallID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let uuid: UUID
    package init(_ uuid: UUID = UUID()) { self.uuid = uuid }
    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }
    package var description: String { uuid.uuidString.lowercased() }
}
