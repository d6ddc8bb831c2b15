import Foundation

/// Reads the data files under `Lexicons`: `consent-en.json`, `wording-de.json` and so on.
package enum Lexicon {
    /// - Parameter language: a BCP 47 tag; `en-GB` and `en_US` are served by `en`.
    static func load<File: Decodable>(_ kind: String, _ language: String, as type: File.Type) throws(LexiconError)
        -> File
    {
        let base = baseLanguage(language)
        let name = "\(kind)-\(base)"
        guard base.count <= 8, base.allSatisfy({ $0.isASCII && $0.isLetter }),
            let text = EmbeddedFiles.texts["Lexicons/\(name).json"]
        else { throw .noFile(kind: kind, language: String(language.prefix(20)), known: languages(of: kind)) }
        do {
            return try JSONDecoder().decode(File.self, from: Data(text.utf8))
        } catch {
            throw .unreadable(file: "\(name).json", reason: String(describing: error))
        }
    }

    package static func baseLanguage(_ tag: String) -> String {
        String(tag.prefix { $0 != "-" && $0 != "_" }).lowercased()
    }

    /// The languages that have a file of this kind, sorted.
    static func languages(of kind: String) -> [String] {
        EmbeddedFiles.texts.keys.compactMap { file in
            let name = file.split(separator: "/").last ?? ""
            guard file.hasPrefix("Lexicons/"), name.hasPrefix("\(kind)-"), name.hasSuffix(".json") else { return nil }
            return String(name.dropFirst(kind.count + 1).dropLast(5))
        }.sorted()
    }
}

package enum LexiconError: Error, Equatable, CustomStringConvertible {
    case noFile(kind: String, language: String, known: [String])
    case unreadable(file: String, reason: String)
    case invalid(file: String, reason: String)

    package var description: String {
        switch self {
        case .noFile(let kind, let language, let known):
            "no `\(kind)` lexicon for the language `\(language)`; there is one for \(known.joined(separator: ", ")). "
                + "Add Lexicons/\(kind)-\(language).json."
        case .unreadable(let file, let reason): "Lexicons/\(file) cannot be read: \(reason)"
        case .invalid(let file, let reason): "Lexicons/\(file): \(reason)"
        }
    }
}
