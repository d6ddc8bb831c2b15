import WebSocketTransport

/// Values that fit, for people to read: by a field's name where there is a word for it, else by its kind.
struct DocumentExamples: Sendable {
    let words: [String: JSONValue]

    func value(of schema: Schema, named name: String) -> JSONValue {
        if let word = words[name], schema.faults(in: word).isEmpty { return word }
        return switch schema {
        case .nullable(let inner): value(of: inner, named: name)
        case .text(let format, let lengths): .text(Self.text(format, lengths))
        case .choice(let values): .text(values.first ?? "")
        case .integer(let range): .integer(range.map { $0.contains(1) ? 1 : $0.lowerBound } ?? 1)
        case .number(let range): .number(range.map { $0.contains(0.5) ? 0.5 : $0.lowerBound } ?? 0.5)
        case .boolean: true
        case .list(let element, _): [value(of: element, named: name)]
        case .map, .reference: [:]
        case .anything: .null
        case .record(let record): fields(record) { _ in true }
        }
    }

    /// A body that names no rows that need not be named: whoever tries it has none of these.
    func given(_ record: Schema.Record) -> JSONValue {
        fields(record) { field in
            field.isRequired || ![.text(.uuid), .nullable(.text(.uuid))].contains(field.schema)
        }
    }

    private func fields(_ record: Schema.Record, _ isShown: (Schema.Field) -> Bool) -> JSONValue {
        .object(
            Dictionary(record.fields.filter(isShown).map { ($0.name, value(of: $0.schema, named: $0.name)) }) { $1 })
    }

    private static func text(_ format: Schema.Format?, _ lengths: ClosedRange<Int>?) -> String {
        switch format {
        case .uuid: "3f2b8c1e-7a54-4d0b-9c6e-5b1f0a2d4e68"
        case .date: "2027-03-05"
        case .dateTime: "2027-03-05T10:00:00Z"
        case .email: "ann@example.com"
        case .uri: "https://example.com/"
        case .phone: "+14155550100"
        case .currency: "USD"
        case .callSid: "CA0123456789abcdef0123456789abcdef"
        case nil: String("text".prefix(lengths?.upperBound ?? 4))
        }
    }
}
