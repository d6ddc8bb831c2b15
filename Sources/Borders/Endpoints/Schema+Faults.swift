import CallModel
import Encoding
import FoundationEssentials
package import WebSocketTransport

extension Schema {
    private static let faultsMax = 20

    /// What is wrong with `value`, the first twenty things; empty when it fits.
    ///
    /// - Parameter pointer: where it stands in the body (RFC 6901).
    package func faults(in value: JSONValue, at pointer: String = "") -> [Problem.Fault] {
        var found: [Problem.Fault] = []
        collect(value, pointer, &found)
        return found
    }

    private func collect(_ value: JSONValue, _ pointer: String, _ found: inout [Problem.Fault]) {
        guard found.count < Self.faultsMax else { return }
        switch (self, value) {
        case (.nullable(let schema), let value):
            if value != .null { schema.collect(value, pointer, &found) }
        case (.list(let element, let countMax), .list(let values)) where values.count <= countMax:
            for (index, value) in values.enumerated() { element.collect(value, "\(pointer)/\(index)", &found) }
        case (.map(let element), .object(let fields)) where fields.keys.allSatisfy({ !$0.utf8.contains(0) }):
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                element.collect(value, Self.pointer(pointer, name), &found)
            }
        case (.record(let record), .object(let fields)): record.collect(fields, pointer, &found)
        default:
            if !fits(value) { found.append(Problem.Fault(.pointer(pointer), "This is \(expectation).")) }
        }
    }

    /// Whether a value without parts is one of these.
    private func fits(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.anything, let value): !value.holdsNUL
        case (.boolean, .bool): true
        case (.text(let format, let lengths), .text(let text)):
            (lengths?.contains(text.unicodeScalars.count) ?? true) && !text.utf8.contains(0)
                && (format?.holds(text) ?? true)
        case (.choice(let values), .text(let text)): values.contains(text)
        case (.integer(let range), .integer(let value)): range?.contains(value) ?? true
        case (.number(let range), .number(let value)): range?.contains(value) ?? true
        case (.number(let range), .integer(let value)): range?.contains(Double(value)) ?? true
        default: false
        }
    }

    /// A name of the client's own is shown when it is one: short, and of characters that names have.
    package static func shown(_ name: String) -> String? {
        let isName = name.utf8.allSatisfy { $0.isASCIILetterOrDigit || "_-.[]".utf8.contains($0) }
        return isName && (1...64).contains(name.utf8.count) ? name : nil
    }

    /// RFC 6901, 3: `~` and `/` in a name are escaped.
    static func pointer(_ parent: String, _ name: String) -> String {
        "\(parent)/\(name.replacing("~", with: "~0").replacing("/", with: "~1"))"
    }

    fileprivate static func isFull(_ found: [Problem.Fault]) -> Bool { found.count >= faultsMax }
    fileprivate func look(_ value: JSONValue, _ pointer: String, _ found: inout [Problem.Fault]) {
        collect(value, pointer, &found)
    }
}

extension JSONValue {
    /// Whether a text in it, or a name, has the one character that the database cannot keep.
    fileprivate var holdsNUL: Bool {
        switch self {
        case .null, .bool, .integer, .number: false
        case .text(let text): text.utf8.contains(0)
        case .list(let values): values.contains(where: \.holdsNUL)
        case .object(let fields): fields.contains { $0.key.utf8.contains(0) || $0.value.holdsNUL }
        }
    }
}

extension Schema.Record {
    fileprivate func collect(_ values: [String: JSONValue], _ pointer: String, _ found: inout [Problem.Fault]) {
        for (name, _) in values.sorted(by: { $0.key < $1.key }) where self[name] == nil && !Schema.isFull(found) {
            let shown = Schema.shown(name)
            found.append(
                Problem.Fault(
                    .pointer(shown.map { Schema.pointer(pointer, $0) } ?? pointer),
                    shown.map { "`\($0)` is no field of this." } ?? "A field is unknown here."))
        }
        for field in fields {
            if let value = values[field.name] {
                field.schema.look(value, Schema.pointer(pointer, field.name), &found)
            } else if field.isRequired, !Schema.isFull(found) {
                found.append(
                    Problem.Fault(.pointer(Schema.pointer(pointer, field.name)), "`\(field.name)` is missing."))
            }
        }
    }
}

extension Schema.Format {
    /// Whether `text` is one of the format, as strictly as the database reads it.
    package func holds(_ text: String) -> Bool {
        switch self {
        case .uuid: text.utf8.count == 36 && UUID(uuidString: text) != nil
        case .dateTime: InternetTime(text) != nil
        case .date: InternetTime.isDate(text)
        case .email: Self.isEmail(text)
        case .uri: Self.isAddress(text)
        case .phone: E164(text) != nil
        case .currency: text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        case .callSid: CallSid(text) != nil
        }
    }

    /// One `@` with something without blanks on both sides, and a dot in the domain: what a mail server says is asked of it.
    private static func isEmail(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, text.utf8.count <= 254 else {
            return false
        }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"\"(),:;<>[]\\".utf8.contains($0) }
        let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return isPlain && (1...64).contains(local.count) && labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
    }

    private static func isAddress(_ text: String) -> Bool {
        let rest = ["https://", "http://"].first { text.hasPrefix($0) }.map { text.utf8.dropFirst($0.utf8.count) }
        guard let rest, text.utf8.count <= 2_048 else { return false }
        return rest.first.map { $0 != UInt8(ascii: "/") } ?? false && rest.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
