import CallModel
import TestSupport
import Testing

@testable import PhoneNumbers

@Suite struct PhoneNumberTests {
    static func read(_ text: String, _ region: String?) throws -> PhoneNumber {
        try #require(PhoneNumberReader(region: region)).read(text)
    }

    @Test(
        arguments: [
            ("(415) 555-2671", "US", "+14155552671", "US"), ("1 415 555 2671", "US", "+14155552671", "US"),
            ("011 44 20 7946 0018", "US", "+442079460018", "GB"), ("613-555-0123", "CA", "+16135550123", "CA"),
            ("020 7946 0018", "GB", "+442079460018", "GB"), ("+44 (0)20 7946 0018", "US", "+442079460018", "GB"),
            ("07400 123456", "GB", "+447400123456", "GB"), ("030 901820", "DE", "+4930901820", "DE"),
            ("0049 30 901820", "DE", "+4930901820", "DE"), ("0151 12345678", "DE", "+4915112345678", "DE"),
            ("01 42 68 53 00", "FR", "+33142685300", "FR"), ("02 5512 3456", "IT", "+390255123456", "IT"),
            ("912 345 678", "ES", "+34912345678", "ES"), ("044 668 18 00", "CH", "+41446681800", "CH"),
            ("02 9374 4000", "AU", "+61293744000", "AU"), ("03-3224-9999", "JP", "+81332249999", "JP"),
            ("098765 43210", "IN", "+919876543210", "IN"), ("(11) 96123-4567", "BR", "+5511961234567", "BR"),
            ("8 (495) 123-45-67", "RU", "+74951234567", "RU"), ("55 1234 5678", "MX", "+525512345678", "MX"),
            ("010-6552-9988", "CN", "+861065529988", "CN"), ("+800 1234 5678", "US", "+80012345678", nil),
        ] as [(String, String, String, String?)])
    func `a number as its country writes it is read in E.164 form`(
        _ written: String, _ region: String, _ e164: String, _ found: String?
    ) throws {
        let number = try Self.read(written, region)

        #expect(number.e164.text == e164)
        #expect(number.region == found)
        #expect(number.isKnown)
    }

    @Test(arguments: [
        ("+1 800 555 0199", PhoneNumber.Kind.tollFree), ("+44 7400 123456", .mobile), ("+49 30 901820", .fixedLine),
        ("+1 415 555 2671", .fixedOrMobile), ("+44 909 879 0000", .premiumRate),
        ("+44 56 1234 5678", .voip), ("+44 70 1234 5678", .personal),
    ])
    func `what numbers of a range are for is known`(_ written: String, _ kind: PhoneNumber.Kind) throws {
        #expect(try Self.read(written, nil).kind == kind)
    }

    @Test(
        arguments: [
            ("", "US", PhoneFault.empty), ("  ", "US", .empty), ("call me", "US", .notANumber),
            ("n/a", "US", .notANumber),
            ("415 555 2671", nil, .noCountry), ("+999 12345678", "US", .noCountry), ("12", "US", .tooShort),
            ("555-2671", "US", .localOnly), ("415 555 267", "US", .tooShort), ("+1 415 555 26711 22", "US", .tooLong),
            ("1.21255E+10", "US", .damaged), ("4,15555E+09", "DE", .damaged),
            ("+44 20 7946 0018 00 00 00", "GB", .tooLong),
            (String(repeating: "1", count: 65), "US", .notANumber), ("+1 155 555 2671", "US", .unusable),
        ] as [(String, String?, PhoneFault)])
    func `what is no number is refused with its reason`(_ written: String, _ region: String?, _ fault: PhoneFault) {
        #expect(throws: fault) { try Self.read(written, region) }
    }

    @Test func `a number of a range that the tables do not know is taken, and said to be unknown`() throws {
        // In service since 2023; Debian's tables are older.
        let number = try Self.read("+1 227 234 5678", nil)

        #expect(number.e164.text == "+12272345678")
        #expect(!number.isKnown && number.kind == .unknown && number.region == nil)
    }

    @Test func `an extension is told apart from its number`() throws {
        let number = try Self.read("(415) 555-2671 ext. 123", "US")

        #expect(number.e164.text == "+14155552671" && number.lineExtension == "123")
        #expect(try Self.read("415-555-2671", "US").lineExtension == nil)
    }

    @Test(arguments: [nil, "US", "CA", "JM", "GB", "DE", "IT", "BR"] as [String?])
    func `what is read by a shorter way is what the library reads`(_ region: String?) throws {
        let reader = try #require(PhoneNumberReader(region: region))
        var generator = SeededGenerator(seed: 7)
        func read(_ text: String) -> Result<PhoneNumber, PhoneFault> {
            Result { () throws(PhoneFault) in try reader.read(text) }
        }
        func digits(_ counts: ClosedRange<Int>) -> String {
            let count = Int.random(in: counts, using: &generator)
            return (0..<count).map { _ in "\(Int.random(in: 0...9, using: &generator))" }.joined()
        }
        for round in 0..<3_000 {
            let separator = [" ", "-", ".", "", ") ", " ("][round % 6]
            let start = ["", "+", "+1", "1", "+44 (0)", "011", "00", "+39", "0", "("][round % 10]
            let text = start + (0..<3).map { _ in digits(2...4) }.joined(separator: separator)
            // A hyphen of another kind at the end says nothing, and takes the long way.
            #expect(read(text) == read(text + "\u{2010}"), "\(text)")
        }
    }

    @Test func `no text of whatever bytes ends the process, and what is read is a number`() throws {
        var generator = SystemRandomNumberGenerator()
        let reader = try #require(PhoneNumberReader(region: "US"))
        let alphabet = Array("0123456789+-() .#x;ext=tel:/\u{0}\u{FF11}\u{0661}é🙂".unicodeScalars)
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...40, using: &generator)
            let text = String(
                String.UnicodeScalarView((0..<count).compactMap { _ in alphabet.randomElement(using: &generator) }))
            guard let number = try? reader.read(text) else { continue }
            #expect(E164(number.e164.text) == number.e164, "\(text)")
        }
    }

    @Test func `a region is two capital letters of a country that has numbers`() {
        for region in ["US", "GB", "DE", "AX"] { #expect(PhoneNumberReader(region: region)?.region == region) }
        for region in ["us", "ZZ", "", "U", "USA", "XX", "U\u{0}"] { #expect(PhoneNumberReader(region: region) == nil) }
    }
}
