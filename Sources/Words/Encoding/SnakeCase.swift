/// `callID` as JSON has it: `call_id`, the way Foundation's encoder spells it.
enum SnakeCase {
    static func of(_ name: String) -> String {
        let letters = Array(name)
        var out = ""
        for (index, letter) in letters.enumerated() {
            let begins =
                letter.isUppercase && index > 0
                && (!letters[index - 1].isUppercase && letters[index - 1] != "_"
                    || index + 1 < letters.count && letters[index - 1].isUppercase && letters[index + 1].isLowercase)
            if begins { out += "_" }
            out += letter.lowercased()
        }
        return out
    }
}
