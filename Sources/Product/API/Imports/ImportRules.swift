import CRM
import CSV
import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import PhoneNumbers
import WebSocketTransport

/// What the cells of a row become, and what is wrong with them: by the mapping, the tenant's fields and the rules that hold for
/// contacts wherever they are written.
struct ImportRules {
    /// What is repeated of a cell where something is wrong with it.
    static let valueCharactersMax = 200

    private let names: [String]
    private let mapping: [ImportField?]
    private let phones: PhoneNumberReader
    private let custom: CustomFields
    /// What rows have values for.
    let columns: [ContactColumn]
    /// The file's columns that go somewhere.
    private let targets: [Target]
    private let places: [ContactColumn: Int]
    private let schemas: [ContactColumn: Schema]
    /// No column of the file says it: the zone of the number's country stands in.
    let findsZones: Bool
    private var knownZones: [String: Bool] = [:]

    private struct Target {
        var index: Int
        var field: ImportField
        var names: Bool
    }

    /// - Parameters:
    ///   - names: of the file's columns.
    ///   - mapping: of each, in the same order.
    init(names: [String], mapping: [ImportField?], phones: PhoneNumberReader, custom: CustomFields) {
        self.names = names
        self.mapping = mapping
        self.phones = phones
        self.custom = custom
        targets = mapping.enumerated().compactMap { index, field in
            field.map { Target(index: index, field: $0, names: $0.names) }
        }
        let mapped = mapping.compactMap { field -> ContactColumn? in
            switch field {
            case .column(let column): column
            case .firstName, .lastName: .contactName
            case .custom: .customFields
            case .doNotContact, nil: nil
            }
        }
        findsZones = mapped.contains(.phone) && !mapped.contains(.timezone)
        let all = mapped + (findsZones ? [.timezone] : [])
        columns = all.enumerated().filter { all.firstIndex(of: $0.element) == $0.offset }.map { $0.element }
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($0.element, $0.offset) })
        schemas = Dictionary(
            uniqueKeysWithValues: ImportField.columns.compactMap { column in
                ContactRoutes.resource.schema(of: column.name).map { (column, $0) }
            })
    }

    /// - Parameter number: the row's, from 1, the header not counted.
    mutating func read(_ record: CSVRecord, number: Int) -> ImportRow {
        var row = ImportRow(number: number, line: record.line)
        if let fault = record.fault {
            row.findings.append(.init(isError: true, code: "unreadable", reason: fault.description))
            return row
        }
        look(at: record, &row)
        row.values = [SQLValue](repeating: .null, count: columns.count)
        var (first, last, isNamed) = ("", "", false)
        var own: [String: JSONValue] = [:]
        for target in targets where target.index < record.count {
            let index = target.index
            let text = Self.cell(record, index)
            guard !text.isEmpty else { continue }
            if target.names { isNamed = true }
            switch target.field {
            case .firstName: first = text
            case .lastName: last = text
            case .doNotContact: readWish(text, index, &row)
            case .custom(let name): own[name] = ownValue(text, of: name)
            case .column(.phone): readPhone(text, index, &row)
            case .column(let column): read(text, for: column, index, &row)
            }
        }
        if let place = places[.contactName], row.values[place] == .null, !(first + last).isEmpty {
            let name = first.isEmpty || last.isEmpty ? first + last : "\(first) \(last)"
            read(name, for: .contactName, nil, &row)
        }
        if !isNamed {
            row.findings.append(
                .init(
                    isError: true, code: "nobody",
                    reason: "A contact has a name, a company, an e-mail address or a number."))
        }
        readOwn(own, &row)
        return row
    }

    // MARK: The row as a whole

    private func look(at record: CSVRecord, _ row: inout ImportRow) {
        if record.hasTextBehindQuote {
            row.findings.append(
                .init(
                    isError: false, code: "text_behind_quote",
                    reason: "Text stands behind a closing quotation mark; it was taken as part of the cell."))
        }
        if record.count < names.count {
            row.findings.append(
                .init(
                    isError: false, code: "short_row",
                    reason: "The row has \(record.count) of \(names.count) cells; the others are taken to be empty."))
        }
        if record.count > names.count, (names.count..<record.count).contains(where: { !record.utf8($0).isEmpty }) {
            row.findings.append(
                .init(
                    isError: true, code: "long_row",
                    reason: "The row has \(record.count) cells where there are \(names.count) columns."))
        }
    }

    /// Without blanks around it, and without what keeps an export from being a formula.
    private static func cell(_ record: CSVRecord, _ index: Int) -> String {
        CSVText.withoutGuard(trimmed(String(decoding: record.utf8(index), as: UTF8.self)))
    }

    private static func trimmed(_ text: String) -> String {
        let seen: ClosedRange<UInt8> = 0x21...0x7E
        guard let first = text.utf8.first, let last = text.utf8.last else { return text }
        // Most texts begin and end with what is to be seen: Foundation takes microseconds to find that out.
        if seen.contains(first), seen.contains(last) { return text }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func note(
        _ code: String, isError: Bool = true, _ index: Int?, _ value: String, _ reason: String, _ row: inout ImportRow
    ) {
        row.findings.append(
            .init(
                isError: isError, code: code, column: index.map { names[$0] },
                value: String(value.prefix(Self.valueCharactersMax)), reason: reason))
    }

    private func put(_ value: SQLValue, _ column: ContactColumn, _ row: inout ImportRow) {
        if let place = places[column] { row.values[place] = value }
    }

    // MARK: Cells

    private func readPhone(_ text: String, _ index: Int, _ row: inout ImportRow) {
        let number: PhoneNumber
        do throws(PhoneFault) { number = try phones.read(text, withKind: false) } catch {
            return note("invalid_phone", index, text, error.description, &row)
        }
        row.phone = number.e164.text
        put(.text(number.e164.text), .phone, &row)
        if findsZones, let zone = NumberPlace(of: number.e164).zone {
            put(.text(zone), .timezone, &row)
        }
        if !number.isKnown {
            note(
                "unknown_range", isError: false, index, text,
                "The number is as long as one of its country, but of no range that was given out in October 2022.", &row
            )
        }
        if number.lineExtension != nil {
            note("extension", isError: false, index, text, "The extension behind the number is not kept.", &row)
        }
    }

    private mutating func read(_ text: String, for column: ContactColumn, _ index: Int?, _ row: inout ImportRow) {
        switch column {
        case .tags: return readTags(text, index, &row)
        case .status:
            let word = text.lowercased().replacing(" ", with: "_")
            guard schemas[column]?.faults(in: .text(word)).isEmpty == true else { break }
            return put(.text(word), column, &row)
        case .timezone:
            let isZone = knownZones[text] ?? (TimeZone(identifier: text) != nil)
            if knownZones.count < 1_000 { knownZones[text] = isZone }
            guard isZone else {
                return note("invalid_value", index, text, "This is no zone by its name: America/New_York.", &row)
            }
            return put(.text(text), column, &row)
        default:
            guard isFit(text, column) else { break }
            if column == .contactEmail { row.email = Self.key(email: text) }
            return put(.text(text), column, &row)
        }
        let expectation = schemas[column]?.expectation ?? "something else"
        note("invalid_value", index, text, "`\(column.name)` is \(expectation).", &row)
    }

    private func isFit(_ text: String, _ column: ContactColumn) -> Bool {
        // No longer in characters than in bytes.
        if case .text(nil, let lengths?)? = schemas[column], lengths.contains(text.utf8.count) { return true }
        return schemas[column]?.faults(in: .text(text)).isEmpty == true
    }

    private func areFit(_ tags: [String]) -> Bool {
        if case .list(.text(nil, let lengths?), let countMax)? = schemas[.tags], tags.count <= countMax,
            tags.allSatisfy({ lengths.contains($0.utf8.count) })
        {
            return true
        }
        return schemas[.tags]?.faults(in: .list(tags.map { .text($0) })).isEmpty == true
    }

    /// As the database compares addresses: ASCII letters small.
    private static func key(email: String) -> String {
        String(decoding: email.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    private func readTags(_ text: String, _ index: Int?, _ row: inout ImportRow) {
        var tags: [String] = []
        for part in text.utf8.split(whereSeparator: { ",;|".utf8.contains($0) }) {
            let tag = Self.trimmed(String(Substring(part)))
            if !tag.isEmpty, !tags.contains(tag) { tags.append(tag) }
        }
        guard areFit(tags) else {
            return note("invalid_value", index, text, "There are at most 50 tags, each of at most 64 characters.", &row)
        }
        put(tags.isEmpty ? .null : .textArray(tags), .tags, &row)
    }

    private static let yes: Set<String> = [
        "yes", "y", "true", "t", "1", "x", "ja", "si", "sí", "dnc", "do not call", "do not contact", "opted out",
        "opt-out", "optout", "unsubscribed",
    ]
    private static let no: Set<String> = ["no", "n", "false", "f", "0", "-", "nein"]

    /// What could be a wish to be left alone is no no.
    private func readWish(_ text: String, _ index: Int, _ row: inout ImportRow) {
        let word = text.lowercased()
        if Self.yes.contains(word) {
            row.isToBeLeftAlone = true
        } else if !Self.no.contains(word) {
            note("unclear_wish", index, text, "Whether they are to be left alone is said by yes or no.", &row)
        }
    }

    // MARK: The tenant's own fields

    private func ownValue(_ text: String, of name: String) -> JSONValue {
        switch custom.fields.first(where: { $0.name == name })?.type {
        case "number":
            return Self.number(text) ?? .text(text)
        case "boolean":
            let word = text.lowercased()
            return Self.yes.contains(word) ? true : Self.no.contains(word) ? false : .text(text)
        case "phone": return .text((try? phones.read(text, withKind: false))?.e164.text ?? text)
        default: return .text(text)
        }
    }

    /// `1,000` is a thousand, `12,5` is twelve and a half; nil for what is neither, and for what no number of JSON is.
    static func number(_ text: String) -> JSONValue? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        let first = groups[0].drop { $0 == "-" }
        let isGrouped =
            groups.count > 1 && (1...3).contains(first.count) && !first.hasPrefix("0")
            && groups.dropFirst().dropLast().allSatisfy { $0.count == 3 }
            && groups[groups.count - 1].prefix { $0 != "." }.count == 3
        let plain = text.replacing(",", with: isGrouped ? "" : ".")
        guard plain.utf8.allSatisfy({ $0.isASCIIDigit || "+-.eE".utf8.contains($0) }) else { return nil }
        if let whole = Int(plain) { return .integer(whole) }
        guard let number = Double(plain), number.isFinite else { return nil }
        return .number(number)
    }

    private func readOwn(_ own: [String: JSONValue], _ row: inout ImportRow) {
        guard !custom.fields.isEmpty || !own.isEmpty else { return }
        let value = JSONValue.object(own)
        for fault in custom.faults(in: value, before: nil) {
            guard case .pointer(let pointer) = fault.place else { continue }
            let name = String(pointer.split(separator: "/").last ?? "")
            let index = mapping.firstIndex(of: ImportField.custom(name))
            note("invalid_value", index, own[name]?.text ?? own[name]?.json ?? "", fault.detail, &row)
        }
        if !own.isEmpty { put(.json(value.json), .customFields, &row) }
    }
}
