import Encoding

/// What `If-None-Match` asks for (RFC 9110, section 13.1.2): any representation, or a list of entity tags, which are compared
/// weakly.
package enum EntityTags: Equatable {
    case any
    /// Each with its quotation marks, without `W/`.
    case listed([String])

    /// - Parameter lines: the values of all `If-None-Match` lines. What is no entity tag is passed over.
    package init(_ lines: [String]) {
        let text = lines.joined(separator: ",")
        if text.utf8.filter({ !Self.isBlank($0) }) == [UInt8(ascii: "*")] {
            self = .any
            return
        }
        var tags: [String] = []
        var rest = text.utf8[...]
        while let byte = rest.first {
            if rest.starts(with: "W/\"".utf8) { rest = rest.dropFirst(2) }
            if rest.first == UInt8(ascii: "\"") {
                // A comma may stand in it.
                guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { break }
                let tag = rest[...end]
                rest = rest[rest.index(after: end)...].drop(while: Self.isBlank)
                if rest.isEmpty || rest.first == UInt8(ascii: ",") { tags.append(String(Substring(tag))) }
            } else if Self.isBlank(byte) || byte == UInt8(ascii: ",") {
                rest = rest.dropFirst()
            } else {
                rest = rest.drop { $0 != UInt8(ascii: ",") }
            }
        }
        self = .listed(tags)
    }

    /// - Parameter tag: of what there is, with its quotation marks.
    package func includes(_ tag: String) -> Bool {
        switch self {
        case .any: true
        case .listed(let tags): tags.contains(tag)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension EntityTags {
    /// The strong tag of a representation: half of its SHA-256.
    package static func tag(of body: [UInt8]) -> String {
        "\"" + Hex.encode(Digest.sha256(body).prefix(16)) + "\""
    }
}
