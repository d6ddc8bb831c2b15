import Encoding

/// An address with places for values: `/api/v1/calls/{id}`. A value takes one segment, which may be empty; `{rest…}` at the
/// end takes whatever is left.
package struct PathTemplate: Hashable, Sendable, CustomStringConvertible {
    enum Segment: Hashable, Sendable {
        case fixed(String)
        case value(String)
        case rest(String)
    }

    package let text: String
    let segments: [Segment]

    /// - Parameter text: a literal of ours; begins with `/`.
    package init(_ text: String) {
        precondition(text.hasPrefix("/"), "\(text) is no template")
        self.text = text
        segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            guard part.hasPrefix("{"), part.hasSuffix("}") else { return .fixed(String(part)) }
            let name = part.dropFirst().dropLast()
            return name.hasSuffix("…") ? .rest(String(name.dropLast())) : .value(String(name))
        }
        let names = names
        precondition(Set(names).count == names.count, "\(text) names a value twice")
    }

    package var description: String { text }

    /// In order.
    package var names: [String] {
        segments.compactMap { segment in
            switch segment {
            case .fixed: nil
            case .value(let name), .rest(let name): name
            }
        }
    }

    private static let segmentsMax = 32

    /// The segments of a request's path, each with its percent-encoding undone, so that `%2F` is part of a value and parts
    /// nothing. Nil for a broken escape, a NUL, what is not UTF-8, and more segments than any address has.
    ///
    /// - Parameter target: as it came, with its query.
    static func segments(of target: String) -> [String]? {
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        guard path.first == UInt8(ascii: "/") else { return nil }
        let parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= segmentsMax else { return nil }
        var segments: [String] = []
        for part in parts {
            guard let segment = decoded(part) else { return nil }
            segments.append(segment)
        }
        return segments
    }

    private static func decoded(_ part: Substring.UTF8View) -> String? {
        var out: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
                return nil
            }
            out.append(high << 4 | low)
        }
        return out.contains(0) ? nil : String(validating: out, as: UTF8.self)
    }
}
