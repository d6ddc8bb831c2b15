/// What a password has to be: long, and none that others guess first. Which characters it is made of is nobody's business.
package enum PasswordRules {
    /// In characters.
    package static let lengths = 12...128

    /// What is wrong with a password, as a sentence; nil when it is one.
    ///
    /// - Parameter email: whose password it is to be: its name is guessed first of all.
    package static func fault(in password: String, email: String = "") -> String? {
        guard lengths.contains(password.unicodeScalars.count) else {
            return "A password has \(lengths.lowerBound) to \(lengths.upperBound) characters."
        }
        guard !isGuessable(password, email) else {
            return "This password is one that others guess first: several words that do not belong together are better."
        }
        return nil
    }

    private static func isGuessable(_ password: String, _ email: String) -> Bool {
        let letters = plain(password)
        return isRepetition(letters) || isRun(letters) || isMadeOfKnownWords(letters, email)
    }

    /// In small letters, with what stands for letters as these: `P@ssw0rd` is a password like any.
    private static func plain(_ text: String) -> [UInt8] {
        text.lowercased().utf8.map { byte in
            switch byte {
            case UInt8(ascii: "@"), UInt8(ascii: "4"): UInt8(ascii: "a")
            case UInt8(ascii: "0"): UInt8(ascii: "o")
            case UInt8(ascii: "1"), UInt8(ascii: "!"), UInt8(ascii: "|"): UInt8(ascii: "i")
            case UInt8(ascii: "3"): UInt8(ascii: "e")
            case UInt8(ascii: "5"), UInt8(ascii: "$"): UInt8(ascii: "s")
            case UInt8(ascii: "7"): UInt8(ascii: "t")
            default: byte
            }
        }
    }

    /// The same few characters again and again, the last time perhaps not whole.
    private static func isRepetition(_ letters: [UInt8]) -> Bool {
        (1...6).contains { length in
            letters.indices.dropFirst(length).allSatisfy { letters[$0] == letters[$0 - length] }
        }
    }

    /// As they lie side by side on a keyboard, in the alphabet or among the digits; written as ``plain(_:)`` writes them.
    private static let rows = [
        "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "azertyuiop",
        "o123456789o", "1234567890", "1qaz2wsx3edc4rfv5tgb6yhn", "q1w2e3r4t5y6u7i8o9p0",
    ].map(plain)

    private static let neighbours: Set<[UInt8]> = Set(
        rows.flatMap { row in zip(row, row.dropFirst()).flatMap { [[$0, $1], [$1, $0]] } })

    /// Nearly all of it goes from neighbour to neighbour.
    private static func isRun(_ letters: [UInt8]) -> Bool {
        let steps = zip(letters, letters.dropFirst()).count { neighbours.contains([$0, $1]) || $0 == $1 }
        return steps * 10 >= (letters.count - 1) * 8
    }

    /// What lists of stolen passwords begin with.
    private static let known = [
        "password", "passwort", "passwd", "motdepasse", "contrasena", "qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn",
        "letmein", "welcome", "willkommen", "admin", "administrator", "root", "login", "user", "guest", "test",
        "testing", "changeme", "default", "secret", "master", "iloveyou", "loveyou", "sunshine", "princess", "dragon",
        "monkey", "football", "baseball", "superman", "batman", "shadow", "michael", "jordan", "hello", "hallo",
        "freedom", "whatever", "trustno", "starwars", "pokemon", "computer", "internet", "samsung", "google", "summer",
        "sommer", "winter", "spring", "autumn", "fruehling", "herbst", "january", "monday", "parley", "sales",
        "company", "temp", "temporary", "access", "server", "database", "please", "abc", "qaz", "wsx", "qwe", "asd",
        "zxc", "xyz", "the", "my", "your", "is", "is my", "i", "love", "new", "old", "this",
    ].map(plain).sorted { $0.count > $1.count }

    private static let digits = Set("oieast".utf8)

    /// Known words one after another, with up to eight other characters among them that are no letters, or read as digits.
    private static func isMadeOfKnownWords(_ letters: [UInt8], _ email: String) -> Bool {
        let names = email.split { $0 == "@" || $0 == "." || $0 == "+" || $0 == "-" || $0 == "_" }.map {
            plain(String($0))
        }
        let words = known + names.filter { $0.count >= 3 }
        var rest = letters[...]
        var isKnown = false
        var others = 0
        while let first = rest.first {
            if let word = words.first(where: { rest.starts(with: $0) }) {
                isKnown = isKnown || word.count >= 3
                rest = rest.dropFirst(word.count)
            } else if !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) && first < 0x80 || digits.contains(first)
            {
                others += 1
                rest = rest.dropFirst()
            } else {
                return false
            }
        }
        return isKnown && others <= 8
    }
}
