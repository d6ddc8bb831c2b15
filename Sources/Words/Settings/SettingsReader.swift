/// Takes settings out of their source, each as the value it is, and collects what is wrong with them.
package struct SettingsReader {
    private let texts: [String: String]
    /// In the order of their finding, a line each.
    package private(set) var mistakes: [String]

    /// - Parameter known: all settings there are; a name beside them is a mistake.
    package init(environment: [String: String], known: [any AnySetting]) {
        let source = SettingsSource(environment: environment, known: known)
        texts = source.values
        mistakes = source.mistakes
    }

    /// As it is written; nil also where it is set to nothing.
    package func text(_ setting: some AnySetting) -> String? {
        texts[setting.name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value; its default where it is not set or a mistake.
    package mutating func read<Value>(_ setting: Setting<Value>) -> Value {
        guard let text = text(setting) else { return setting.standard }
        do throws(SettingMistake) {
            return try setting.kind.parse(text)
        } catch {
            mistakes += setting.lines(error, about: text)
            return setting.standard
        }
    }

    /// Two that are nothing without each other: one of them alone is a mistake.
    package mutating func read<First, Second>(
        _ first: Setting<First?>, with second: Setting<Second?>
    ) -> (First, Second)? {
        guard (text(first) == nil) == (text(second) == nil) else {
            note("\(first.name) and \(second.name): set both or neither")
            return nil
        }
        let (one, other) = (read(first), read(second))
        guard let one, let other else { return nil }
        return (one, other)
    }

    /// Of settings that do not go together.
    package mutating func note(_ mistake: String) { mistakes.append(mistake) }
}
