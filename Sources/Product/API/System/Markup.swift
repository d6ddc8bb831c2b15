/// HTML in which every text and every attribute is escaped.
struct Markup {
    private(set) var text = ""

    mutating func add(
        _ name: StaticString, _ attributes: [(name: StaticString, value: String)] = [],
        _ inside: (inout Markup) -> Void = { _ in }
    ) {
        text += "<\(name)"
        for attribute in attributes { text += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
        text += ">"
        inside(&self)
        text += "</\(name)>"
    }

    /// An element of words alone.
    mutating func add(_ name: StaticString, _ words: String, _ attributes: [(name: StaticString, value: String)] = []) {
        add(name, attributes) { $0.say(words) }
    }

    mutating func say(_ words: String) { text += Self.escaped(words) }

    /// With what stands between backquotes as code.
    mutating func prose(_ words: String) {
        for (index, part) in words.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index.isMultiple(of: 2) { say(String(part)) } else { add("code", String(part)) }
        }
    }

    private static func escaped(_ words: String) -> String {
        var text = ""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
