package import FoundationEssentials

/// A value that writes itself as JSON: each type names its own keys. A general encoder, which finds them out for each value, costs
/// many times as much.
package protocol JSONWritable {
    func write(to json: inout JSONWriter)
}

extension JSONWritable {
    /// The value as one line of JSON.
    package var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }
}

/// JSON as it is being written, one value after the other. Whole numbers have no fraction, dates are ISO 8601, and what is not there
/// has no field.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    /// Whether something stands before the next field or element.
    private var isFirst = true

    package init() { bytes.reserveCapacity(1_024) }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func object(_ fields: (inout JSONWriter) -> Void) { enclosed("{", "}", fields) }

    package mutating func array(_ elements: (inout JSONWriter) -> Void) { enclosed("[", "]", elements) }

    /// A field of the object that is being written.
    ///
    /// - Parameter key: needs no escape.
    package mutating func add(_ key: StaticString, _ value: some JSONWritable) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: "\":".utf8)
        value.write(to: &self)
    }

    /// What is not there has no field.
    package mutating func add(_ key: StaticString, _ value: (some JSONWritable)?) {
        if let value { add(key, value) }
    }

    /// A field whose name is data.
    package mutating func add(named key: String, _ value: some JSONWritable) {
        separate()
        JSONText.append(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        value.write(to: &self)
    }

    /// An element of the array that is being written.
    package mutating func add(_ element: some JSONWritable) {
        separate()
        element.write(to: &self)
    }

    package mutating func null() { literal("null") }

    fileprivate mutating func literal(_ word: StaticString) {
        word.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    fileprivate mutating func number(_ value: Int) { bytes.append(decimal: value) }

    /// What JSON has no number for is text: `inf`, `-inf`, `nan`.
    fileprivate mutating func number(_ value: Double) {
        if let whole = Int(exactly: value) { return number(whole) }
        if value.isFinite { bytes.append(contentsOf: String(value).utf8) } else { quote(String(value)) }
    }

    fileprivate mutating func quote(_ text: String) { JSONText.append(text, to: &bytes) }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func enclosed(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void)
    {
        bytes.append(UInt8(ascii: open))
        isFirst = true
        body(&self)
        isFirst = false
        bytes.append(UInt8(ascii: close))
    }
}

extension String: JSONWritable {
    package func write(to json: inout JSONWriter) { json.quote(self) }
}

extension Int: JSONWritable {
    package func write(to json: inout JSONWriter) { json.number(self) }
}

extension Bool: JSONWritable {
    package func write(to json: inout JSONWriter) { json.literal(self ? "true" : "false") }
}

extension Double: JSONWritable {
    package func write(to json: inout JSONWriter) { json.number(self) }
}

extension Date: JSONWritable {
    package func write(to json: inout JSONWriter) { json.quote(formatted(.iso8601)) }
}

extension UUID: JSONWritable {
    package func write(to json: inout JSONWriter) { json.quote(uuidString) }
}

extension Array: JSONWritable where Element: JSONWritable {
    package func write(to json: inout JSONWriter) { json.array { json in for element in self { json.add(element) } } }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in for (key, value) in self { json.add(named: key, value) } }
    }
}

extension JSONWritable where Self: RawRepresentable<String> {
    package func write(to json: inout JSONWriter) { rawValue.write(to: &json) }
}

extension WireJSON: JSONWritable {
    package func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let value): json.literal(value ? "true" : "false")
        case .integer(let value): json.number(value)
        // An agent that waits for a number must not get a text.
        case .number(let value): json.number(value.isFinite ? value : 0)
        case .string(let value): json.quote(value)
        case .array(let values): json.array { json in for value in values { json.add(value) } }
        case .object(let object):
            json.object { json in for field in object.fields { json.add(named: field.key, field.value) } }
        }
    }
}
