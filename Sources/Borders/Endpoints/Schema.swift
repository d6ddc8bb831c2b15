package import CallModel
import Encoding
import FoundationEssentials
import WebSocketTransport

/// What a value may be: said once, for reading it, for refusing it by name and for the document.
package indirect enum Schema: Equatable, Sendable {
    package enum Format: String, Sendable {
        case uuid, date, email, uri, phone, currency
        case dateTime = "date-time"
        case callSid = "call-sid"
    }

    /// - Parameters:
    ///   - format: nil for any text.
    ///   - lengths: in characters.
    case text(Format? = nil, lengths: ClosedRange<Int>? = nil)
    case choice([String])
    case integer(ClosedRange<Int>? = nil)
    case number(ClosedRange<Double>? = nil)
    case boolean
    case list(Schema, countMax: Int = 1_000)
    /// Names to values of one kind.
    case map(Schema)
    case record(Record)
    /// A record inside of itself.
    case reference(String)
    case anything
    case nullable(Schema)

    package struct Record: Equatable, Sendable {
        /// In the document's components; nil stands where it is used.
        package var name: String?
        package var fields: [Field]

        package init(name: String? = nil, _ fields: [Field]) {
            self.name = name
            self.fields = fields
        }

        package subscript(_ name: String) -> Field? { fields.first { $0.name == name } }
    }

    package struct Field: Equatable, Sendable {
        package var name: String
        package var schema: Schema
        package var isRequired: Bool
        package var help: String
        /// Stands in where the field is absent.
        package var standard: JSONValue?

        package init(
            _ name: String, _ schema: Schema, isRequired: Bool = false, help: String = "", standard: JSONValue? = nil
        ) {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
            self.help = help
            self.standard = standard
        }
    }

    /// What a sentence says of a value that is none: "`limit` is …".
    package var expectation: String {
        switch self {
        case .text(let format, let lengths):
            switch (format, lengths) {
            case (.uuid?, _): "a UUID"
            case (.dateTime?, _): "a time as RFC 3339 has it: 2026-03-05T10:00:00Z"
            case (.date?, _): "a date: 2026-03-05"
            case (.email?, _): "an e-mail address"
            case (.uri?, _): "an address that begins with https:// or http://"
            case (.phone?, _): "a phone number, best in E.164 form: +14155550100"
            case (.currency?, _): "a currency of ISO 4217: USD"
            case (.callSid?, _): "a CallSid: CA and 32 hex digits"
            case (nil, let lengths?) where lengths.lowerBound > 0:
                "text of \(lengths.lowerBound) to \(lengths.upperBound) characters"
            case (nil, let lengths?): "text of at most \(lengths.upperBound) characters"
            case (nil, nil): "text"
            }
        case .choice(let values): "one of \(values.joined(separator: ", "))"
        case .integer(let range): range.map { "a number from \($0.lowerBound) to \($0.upperBound)" } ?? "a whole number"
        case .number(let range):
            range.map {
                "a number from \(JSONValue.number($0.lowerBound).json) to \(JSONValue.number($0.upperBound).json)"
            }
                ?? "a number"
        case .boolean: "true or false"
        case .list(_, let countMax): "a list of at most \(countMax)"
        case .map: "an object whose names have no NUL characters"
        case .record, .reference: "an object"
        case .anything: "a value without NUL characters"
        case .nullable(let schema): "\(schema.expectation), or null"
        }
    }

    package var isNullable: Bool { if case .nullable(_) = self { true } else { false } }
}

/// A type that says itself what its values may be; others are asked by ``SchemaRecorder``.
package protocol SchemaDescribed {
    static var schema: Schema { get }
    /// Any value, for the recorder to go on with.
    static var sample: Self { get }
}

extension CallSid: SchemaDescribed {
    package static var schema: Schema { .text(.callSid) }
    package static var sample: CallSid { CallSid("CA" + String(repeating: "0", count: 32)) ?? unreachable() }
}

extension E164: SchemaDescribed {
    package static var schema: Schema { .text(.phone) }
    package static var sample: E164 { E164("+14155550100") ?? unreachable() }
}

extension JSONValue: SchemaDescribed {
    package static var schema: Schema { .anything }
    package static var sample: JSONValue { .null }
}

/// A literal of ours that its own type refuses.
private func unreachable<T>() -> T { preconditionFailure("a sample in this file is no \(T.self)") }
