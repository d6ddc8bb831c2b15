package import FoundationEssentials

/// One row of an answer, as text, with typed ways to read its columns by name.
package struct Row: Sendable {
    /// Column name to position; one dictionary for all rows of an answer.
    let columns: [String: Int]
    let values: [String?]

    package func text(_ column: String) throws(DatabaseError) -> String {
        try present(textOrNil(column), column, "text")
    }
    package func textOrNil(_ column: String) throws(DatabaseError) -> String? {
        guard let position = columns[column] else {
            throw .unexpectedValue(column: column, expected: "column of this name")
        }
        return values[position]
    }

    package func int(_ column: String) throws(DatabaseError) -> Int { try present(intOrNil(column), column, "integer") }
    package func intOrNil(_ column: String) throws(DatabaseError) -> Int? {
        try read(column, "integer") { Int($0) }
    }

    package func double(_ column: String) throws(DatabaseError) -> Double {
        try present(doubleOrNil(column), column, "number")
    }
    /// `double precision`, `real` and `numeric`.
    package func doubleOrNil(_ column: String) throws(DatabaseError) -> Double? {
        try read(column, "number") { Double($0) }
    }

    package func bool(_ column: String) throws(DatabaseError) -> Bool {
        try present(boolOrNil(column), column, "boolean")
    }
    package func boolOrNil(_ column: String) throws(DatabaseError) -> Bool? {
        try read(column, "boolean") { $0 == "t" ? true : $0 == "f" ? false : nil }
    }

    package func uuid(_ column: String) throws(DatabaseError) -> UUID { try present(uuidOrNil(column), column, "uuid") }
    package func uuidOrNil(_ column: String) throws(DatabaseError) -> UUID? {
        try read(column, "uuid") { UUID(uuidString: $0) }
    }

    package func timestamp(_ column: String) throws(DatabaseError) -> Date {
        try present(timestampOrNil(column), column, "timestamp")
    }
    /// `timestamptz`, or `date` as its midnight in UTC.
    package func timestampOrNil(_ column: String) throws(DatabaseError) -> Date? {
        try read(column, "timestamp") { SQLTimestamp.date($0) }
    }

    /// A `text[]` without nulls.
    package func textArray(_ column: String) throws(DatabaseError) -> [String] {
        try present(read(column, "text array") { Row.array($0) }, column, "text array")
    }

    private func read<T>(_ column: String, _ expected: String, _ parse: (String) -> T?) throws(DatabaseError) -> T? {
        guard let text = try textOrNil(column) else { return nil }
        guard let value = parse(text) else { throw .unexpectedValue(column: column, expected: expected) }
        return value
    }

    private func present<T>(_ value: T?, _ column: String, _ expected: String) throws(DatabaseError) -> T {
        guard let value else { throw .unexpectedValue(column: column, expected: expected) }
        return value
    }

    /// PostgreSQL's array text: `{a,"b, c","say \"x\""}`. Nil for nulls, nested arrays and broken text.
    private static func array(_ text: String) -> [String]? {
        var scalars = text.unicodeScalars[...]
        guard scalars.popFirst() == "{", scalars.popLast() == "}" else { return nil }
        var out: [String] = []
        while !scalars.isEmpty {
            var item = String.UnicodeScalarView()
            let isQuoted = scalars.first == "\""
            if isQuoted {
                scalars.removeFirst()
                while let next = scalars.popFirst(), next != "\"" {
                    guard let character = next == "\\" ? scalars.popFirst() : next else { return nil }
                    item.append(character)
                }
            } else {
                while !scalars.isEmpty, scalars.first != "," { item.append(scalars.removeFirst()) }
                guard item.first != "{", String(item).uppercased() != "NULL" else { return nil }
            }
            out.append(String(item))
            guard let separator = scalars.popFirst() else { break }
            guard separator == ",", !scalars.isEmpty else { return nil }
        }
        return out
    }
}
