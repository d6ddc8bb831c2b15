import Foundation

/// How the text of a setting becomes its value, within which range, and how a default is written.
package struct SettingKind<Value: Sendable>: Sendable {
    let write: @Sendable (Value) -> String
    let parse: @Sendable (String) throws(SettingMistake) -> Value

    /// - Parameter parse: given a text that is not empty.
    package init(
        write: @escaping @Sendable (Value) -> String = { "\($0)" },
        parse: @escaping @Sendable (String) throws(SettingMistake) -> Value
    ) {
        self.write = write
        self.parse = parse
    }
}

/// Why a text is no value. It may be a secret, and is put in where it may be.
package enum SettingMistake: Error, Equatable {
    /// "… is not a URL with http or https", behind the text.
    case isNot(String)
    /// Whole reasons, which hold no secret.
    case because([String])
}

extension SettingKind where Value == String {
    /// Any text.
    package static var text: SettingKind { SettingKind { $0 } }

    /// - Parameter what: "AC and 32 hex digits".
    package static func text(like what: String, where isRight: @escaping @Sendable (String) -> Bool) -> SettingKind {
        SettingKind { text throws(SettingMistake) in
            guard isRight(text) else { throw .isNot(what) }
            return text
        }
    }

    /// With a host and without a fragment; one slash at its end is left out.
    package static func url(_ schemes: String...) -> SettingKind {
        SettingKind { text throws(SettingMistake) in
            guard let parts = URLComponents(string: text), schemes.contains(parts.scheme ?? ""), parts.host != nil,
                parts.fragment == nil
            else { throw .isNot("a URL with " + schemes.joined(separator: " or ")) }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }

    /// What paths are put behind: a name or an address, and no query.
    package static func baseURL(_ schemes: String...) -> SettingKind {
        SettingKind { text throws(SettingMistake) in
            guard let parts = URLComponents(string: text), schemes.contains(parts.scheme ?? ""),
                parts.host?.isEmpty == false, parts.fragment == nil
            else { throw .isNot("a URL with " + schemes.joined(separator: " or ")) }
            guard parts.query == nil else { throw .isNot("a URL without a query") }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }

    /// The path of a file that this process may read.
    package static var readableFile: SettingKind {
        SettingKind { text throws(SettingMistake) in
            guard FileManager.default.isReadableFile(atPath: text) else { throw .because(["cannot read \(text)"]) }
            return text
        }
    }
}

extension SettingKind where Value == Set<String> {
    /// Several with commas between them.
    ///
    /// - Parameters:
    ///   - what: what each of them is.
    ///   - name: how one of them is named; nil for what is none.
    package static func list(of what: String, _ name: @escaping @Sendable (String) -> String?) -> SettingKind {
        SettingKind { text throws(SettingMistake) in
            let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let strange = parts.filter { name($0) == nil }
            guard strange.isEmpty else { throw .because(strange.map { "\"\($0)\" is not \(what)" }) }
            return Set(parts.compactMap(name))
        }
    }
}

extension SettingKind where Value == [UInt8] {
    /// The bytes of a text.
    ///
    /// - Parameter example: what makes a good one.
    package static func bytes(_ bytesMin: Int, example: String) -> SettingKind {
        SettingKind { text throws(SettingMistake) in
            let bytes = Array(text.utf8)
            guard bytes.count >= bytesMin else {
                throw .because(["\(bytes.count) bytes are too few; use \(bytesMin) or more, e.g. \(example)"])
            }
            return bytes
        }
    }
}

extension SettingKind where Value == Int {
    package static func whole(_ range: ClosedRange<Int>) -> SettingKind {
        SettingKind { text throws(SettingMistake) in
            guard let number = Int(text), range.contains(number) else {
                throw .isNot("a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }
}

extension SettingKind where Value == Bool {
    /// `true` or `false`.
    package static var truth: SettingKind { choice("true", "false") }

    /// One of two words.
    package static func choice(_ yes: String, _ no: String) -> SettingKind {
        SettingKind(write: { $0 ? yes : no }) { text throws(SettingMistake) in
            guard text == yes || text == no else { throw .isNot("\(yes) or \(no)") }
            return text == yes
        }
    }
}

extension SettingKind where Value: CaseIterable & RawRepresentable<String> {
    /// One of the words of an enumeration.
    package static var choice: SettingKind {
        SettingKind(write: \.rawValue) { text throws(SettingMistake) in
            guard let value = Value(rawValue: text) else {
                let words = Value.allCases.map(\.rawValue)
                throw .isNot(words.dropLast().joined(separator: ", ") + " or " + (words.last ?? ""))
            }
            return value
        }
    }
}
