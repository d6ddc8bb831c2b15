/// `callID` as JSON and the database have it: `call_id`, the way Foundation's encoder spells it.
package enum SnakeCase {
    package static func of(_ name: String) -> String {
        guard name.utf8.contains(where: isUpper) else { return name }
        let letters = Array(name.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(letters.count + 4)
        for (index, letter) in letters.enumerated() {
            guard isUpper(letter) else {
                out.append(letter)
                continue
            }
            let isFirstOfWord =
                index > 0
                && (!isUpper(letters[index - 1]) && letters[index - 1] != UInt8(ascii: "_")
                    || index + 1 < letters.count && isUpper(letters[index - 1]) && isLower(letters[index + 1]))
            if isFirstOfWord { out.append(UInt8(ascii: "_")) }
            out.append(letter | 0x20)
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isUpper(_ letter: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) }
    private static func isLower(_ letter: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) }
}
