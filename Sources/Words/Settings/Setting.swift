/// One setting: its contract name, how its text becomes a value, what counts without one, what it means, and whether it is a
/// secret. Declared once, as a constant in the `…Settings.swift` of the feature that uses it; environment, settings file,
/// docs/settings.md and deploy/env.example know it from there.
package struct Setting<Value: Sendable>: AnySetting {
    package let name: String
    package let fallback: String?
    package let help: String
    package let isSecret: Bool
    let kind: SettingKind<Value>
    /// Without a text, and in place of one that is a mistake.
    let standard: Value

    package init(_ name: String, _ kind: SettingKind<Value>, default standard: Value, _ help: String) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.help = help
        fallback = kind.write(standard)
        isSecret = false
    }

    /// A setting that need not be there, and then is nil.
    package init<Given>(
        _ name: String, _ kind: SettingKind<Given>, _ help: String, secret isSecret: Bool = false
    ) where Value == Given? {
        self.name = name
        self.kind = SettingKind { text throws(SettingMistake) in try kind.parse(text) }
        self.help = help
        self.isSecret = isSecret
        standard = nil
        fallback = nil
    }

    package func mistakes(in text: String) -> [String] {
        do throws(SettingMistake) {
            _ = try kind.parse(text)
            return []
        } catch {
            return lines(error, about: text)
        }
    }

    /// Each begins with the name, none holds a secret.
    func lines(_ mistake: SettingMistake, about text: String) -> [String] {
        switch mistake {
        case .isNot(let what): ["\(name): \(isSecret ? "the value" : "\"\(text)\"") is not \(what)"]
        case .because(let reasons): reasons.map { "\(name): \($0)" }
        }
    }
}

/// A setting, whatever its value is.
package protocol AnySetting: Sendable {
    /// `PARLEY_CALLS_MAX`.
    var name: String { get }
    /// What counts without it, as it would be written; nil: nothing.
    var fallback: String? { get }
    var help: String { get }
    var isSecret: Bool { get }

    /// What is wrong with `text`, a line each, as it is reported; none when it is a value.
    func mistakes(in text: String) -> [String]
}
