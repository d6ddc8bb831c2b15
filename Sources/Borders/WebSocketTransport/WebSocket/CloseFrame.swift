/// The payload of a close frame (RFC 6455, 5.5.1 and 7.4).
struct CloseFrame: Equatable {
    enum Refusal: Error { case malformed, notUTF8 }

    var code: UInt16
    var reason: String

    static let reasonBytesMax = 123

    init(code: UInt16, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// nil for an empty payload: a close without a word.
    init?(payload: [UInt8]) throws(Refusal) {
        guard !payload.isEmpty else { return nil }
        guard payload.count >= 2 else { throw .malformed }
        code = UInt16(truncatingIfNeeded: payload[0]) << 8 | UInt16(truncatingIfNeeded: payload[1])
        guard Self.mayBeSent(code) else { throw .malformed }
        guard let text = String(validating: payload.dropFirst(2), as: UTF8.self) else { throw .notUTF8 }
        reason = text
    }

    /// 1004 to 1006 and 1015 are never on the wire; below 3000 only what the RFC and IANA's registry name.
    static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1_000...1_003, 1_007...1_014, 3_000...4_999: true
        default: false
        }
    }

    /// A reason that is too long is cut at a character.
    var payload: [UInt8] {
        var text = Array(reason.utf8.prefix(Self.reasonBytesMax))
        while !text.isEmpty, String(validating: text, as: UTF8.self) == nil { text.removeLast() }
        return [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)] + text
    }
}
