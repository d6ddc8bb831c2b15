import Encoding

/// What was dialled: a telephone number or, where the carrier brings a call by SIP or from a browser, another address.
package enum DialledAddress: Hashable, Sendable, CustomStringConvertible {
    case number(E164)
    /// `sip:clara@acme.sip.twilio.com`, `client:clara`: without parameters, in lower case.
    case address(String)

    /// Longer ones are not addresses of anybody.
    private static let bytesMax = 255

    /// Takes a number as ``E164`` does, also as the user of a SIP or `tel:` address. Nil for anything that is no address.
    package init?(_ written: String) {
        if let number = E164(written) ?? DialledAddress.user(of: written).flatMap({ E164($0) }) {
            self = .number(number)
            return
        }
        guard DialledAddress.scheme(of: written) != nil, written.utf8.count <= DialledAddress.bytesMax,
            written.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else { return nil }
        let address = written.prefix { $0 != ";" && $0 != "?" }.lowercased()
        guard let colon = address.firstIndex(of: ":"), address.index(after: colon) < address.endIndex else {
            return nil
        }
        self = .address(address)
    }

    package init(_ number: E164) { self = .number(number) }

    package var number: E164? {
        if case .number(let number) = self { number } else { nil }
    }

    /// As it is kept: `+14155550100`, or the address.
    package var text: String {
        switch self {
        case .number(let number): number.text
        case .address(let address): address
        }
    }

    package var description: String { text }

    private static let schemes = ["sip:", "sips:", "tel:", "client:"]

    private static func scheme(of written: String) -> String? {
        let start = written.prefix(7).lowercased()
        return schemes.first { start.hasPrefix($0) }
    }

    /// `sip:+14155550100@example.com;user=phone` → `+14155550100`. Nil when the address has no scheme, or a user that is no
    /// international number: `sip:100@example.com` is an extension.
    private static func user(of written: String) -> String? {
        guard let scheme = scheme(of: written), scheme != "client:", written.utf8.count <= bytesMax else { return nil }
        let user = written.dropFirst(scheme.count).prefix { $0 != "@" && $0 != ";" && $0 != "?" }
        let plain = String(user.replacing("%2B", with: "+").replacing("%2b", with: "+"))
        return plain.hasPrefix("+") || scheme == "tel:" || isNationalNumber(plain) ? plain : nil
    }

    /// Ten digits or more: what trunks send that leave the plus out.
    private static func isNationalNumber(_ user: String) -> Bool {
        user.utf8.count >= 10 && user.utf8.allSatisfy { $0.isASCIIDigit }
    }
}

extension DialledAddress: Codable {
    package init(from decoder: any Decoder) throws {
        let written = try decoder.singleValueContainer().decode(String.self)
        guard let address = DialledAddress(written) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a number or an address"))
        }
        self = address
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
