import CPhoneNumbers
import CallModel
import Encoding

/// Reads telephone numbers as the people of a country write them, by libphonenumber.
package struct PhoneNumberReader: Equatable, Sendable {
    /// Longer texts are no numbers.
    private static let bytesMax = 64

    /// Of the country that is supposed where a number has no country code: `GB`.
    package let region: String?

    /// - Parameter region: ISO 3166, two capital letters; nil takes numbers with a country code only.
    /// - Returns: nil for a region that has no numbers.
    package init?(region: String?) {
        if let region { guard Self.isRegion(region) else { return nil } }
        self.region = region
    }

    package static func isRegion(_ text: String) -> Bool {
        guard text.utf8.count == 2, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return false }
        return unsafe parley_phone_is_region(text) != 0
    }

    /// - Parameter withKind: takes as long as all the rest.
    /// - Throws: ``PhoneFault`` for what is no number of any country, or of none that is known.
    package func read(_ written: String, withKind: Bool = true) throws(PhoneFault) -> PhoneNumber {
        guard written.utf8.count <= Self.bytesMax else { throw .notANumber }
        var text = written
        guard text.contains(where: { !$0.isWhitespace }) else { throw .empty }
        if Self.isRounded(text) { throw .damaged }
        var number = parley_phone_number()
        let result = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
                unsafe Self.withRegion(region) { region in
                    unsafe parley_phone_read(bytes.baseAddress, bytes.count, region, withKind ? 1 : 0, &number)
                }
            }
        }
        if let fault = Self.fault(result) { throw fault }
        guard let e164 = E164(Self.text(&number.e164)) else { throw .unusable }
        let found = Self.text(&number.region)
        let lineExtension = Self.text(&number.extension)
        return PhoneNumber(
            e164: e164, region: found.isEmpty ? nil : found, kind: withKind ? Self.kind(number.kind) : nil,
            isKnown: number.is_known != 0, lineExtension: lineExtension.isEmpty ? nil : lineExtension)
    }

    private static func withRegion<T>(_ region: String?, _ body: (UnsafePointer<CChar>?) -> T) -> T {
        guard let region else { return body(nil) }
        return unsafe region.withCString { unsafe body($0) }
    }

    /// `1.21255E+10`, and with a comma.
    private static func isRounded(_ text: String) -> Bool {
        // Few have a letter at all.
        guard text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
        let bytes = text.utf8.filter { $0 != 0x20 }
        guard let exponent = bytes.lastIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
        let (mantissa, power) = (bytes[..<exponent], bytes[(exponent + 1)...])
        let isNumber = !mantissa.isEmpty && mantissa.allSatisfy { $0.isASCIIDigit || ".,+-".utf8.contains($0) }
        return isNumber && power.contains(where: \.isASCIIDigit)
            && power.allSatisfy { $0.isASCIIDigit || "+-".utf8.contains($0) }
    }

    /// Of an array of C, up to its NUL.
    private static func text<T>(_ array: inout T) -> String {
        unsafe withUnsafeBytes(of: &array) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func fault(_ result: parley_phone_result) -> PhoneFault? {
        switch result {
        case PHONE_READ: nil
        case PHONE_NO_COUNTRY: .noCountry
        case PHONE_TOO_SHORT: .tooShort
        case PHONE_TOO_LONG: .tooLong
        case PHONE_WRONG_LENGTH: .wrongLength
        case PHONE_LOCAL_ONLY: .localOnly
        default: .notANumber
        }
    }

    private static func kind(_ kind: parley_phone_kind) -> PhoneNumber.Kind {
        switch kind {
        case PHONE_FIXED_LINE: .fixedLine
        case PHONE_MOBILE: .mobile
        case PHONE_FIXED_OR_MOBILE: .fixedOrMobile
        case PHONE_TOLL_FREE: .tollFree
        case PHONE_PREMIUM_RATE: .premiumRate
        case PHONE_SHARED_COST: .sharedCost
        case PHONE_VOIP: .voip
        case PHONE_PERSONAL: .personal
        case PHONE_PAGER: .pager
        case PHONE_COMPANY: .company
        case PHONE_VOICEMAIL: .voicemail
        default: .unknown
        }
    }
}
