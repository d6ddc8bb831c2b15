import Encoding
import TwilioProtocol

/// The query of an address of the API: names that it knows, each once, all of it well-formed.
///
/// A parameter that were silently dropped would answer another question than the one that was asked.
struct QueryParameters: Equatable, Sendable {
    private static let nameBytesMax = 64

    private let fields: [FormField]

    /// - Parameter known: the names there are; nil: the query is not looked at.
    init(_ query: String, known: Set<String>?) throws(Problem) {
        guard let known else {
            fields = []
            return
        }
        do {
            fields = try FormURLEncoded.decode(Array(query.utf8))
        } catch {
            throw .badRequest("The query must be `name=value` pairs in percent-encoded UTF-8, joined by `&`.")
        }
        for (index, field) in fields.enumerated() {
            guard known.contains(field.name) else { throw .unknownParameter(Self.shown(field.name), known: known) }
            guard !fields[..<index].contains(where: { $0.name == field.name }) else {
                throw .badRequest("`\(field.name)` is given twice.")
            }
        }
    }

    subscript(_ name: String) -> String? { fields[name] }

    /// What the client called it, where that is a name and no text.
    private static func shown(_ name: String) -> String? {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "_-.[]".utf8.contains(byte)
            }
        }
        return isName && (1...nameBytesMax).contains(name.utf8.count) ? name : nil
    }
}

extension Problem {
    fileprivate static func unknownParameter(_ name: String?, known: Set<String>) -> Problem {
        let what = name.map { "`\($0)` is no query parameter of this address" } ?? "A query parameter is unknown"
        let names = known.sorted().map { "`\($0)`" }.joined(separator: ", ")
        return .badRequest(known.isEmpty ? "\(what), which takes none." : "\(what): it takes \(names).")
    }
}
