import Encoding

/// Who a mail is from or for: `Parley <parley@example.com>`, or the address alone.
package struct MailAddress: Equatable, Sendable {
    package let name: String?
    /// As SMTP has it: ASCII, without anything that would be a command or a line of its own.
    package let address: String

    /// Nil for what is no address; those with letters that are not ASCII are none to most servers.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        guard text.utf8.last == UInt8(ascii: ">"), let start = text.lastIndex(of: "<") else {
            self.init(name: nil, address: text)
            return
        }
        let name = text[..<start].drop { $0 == " " || $0 == "\"" }
        let bare = String(name.reversed().drop { $0 == " " || $0 == "\"" }.reversed())
        self.init(name: bare.isEmpty ? nil : bare, address: String(text[text.index(after: start)...].dropLast()))
    }

    package init?(name: String?, address: String) {
        let parts = address.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, address.utf8.count <= 254, (1...64).contains(parts[0].count),
            address.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"(),:;<>[]\\".utf8.contains($0) }),
            parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy({ label in
                !label.isEmpty && label.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
            })
        else { return nil }
        self.name = name
        self.address = address
    }

    package var domain: String { String(address.drop { $0 != "@" }.dropFirst()) }

    /// In a header.
    var header: String { name.map { "\(HeaderText.encoded($0, isPhrase: true)) <\(address)>" } ?? "<\(address)>" }
}
