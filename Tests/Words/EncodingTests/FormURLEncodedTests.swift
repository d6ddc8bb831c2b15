import Encoding
import Testing

@Suite struct FormURLEncodedTests {
    @Test func `plus, escapes, empty values and repeated names are read in order`() throws {
        let fields = try FormURLEncoded.decode(Array("a=+hi+%C3%BCber+&b=&a=1%2B1%3d2&flag&&c=x=y".utf8))

        #expect(
            fields == [
                FormField("a", " hi über "), FormField("b", ""), FormField("a", "1+1=2"), FormField("flag", ""),
                FormField("c", "x=y"),
            ])
        #expect(try FormURLEncoded.decode(query: "?a=1&b=2") == [FormField("a", "1"), FormField("b", "2")])
        #expect(try FormURLEncoded.decode([]) == [])
    }

    @Test(arguments: ["a=%", "a=%4", "a=%4g", "%zz=1", "a=%%41"]) func `a broken escape is refused`(form: String) {
        #expect(throws: FormURLEncoded.DecodeError.self) { try FormURLEncoded.decode(Array(form.utf8)) }
    }

    @Test func `bytes that are no text, and forms past the bounds, are refused`() {
        #expect(throws: FormURLEncoded.DecodeError.notUTF8(field: 1)) {
            try FormURLEncoded.decode(Array("a=%FF".utf8))
        }
        #expect(throws: FormURLEncoded.DecodeError.tooManyFields) {
            try FormURLEncoded.decode(Array(String(repeating: "a=1&", count: 257).utf8))
        }
        #expect(throws: FormURLEncoded.DecodeError.tooLarge(bytes: 65_537)) {
            try FormURLEncoded.decode([UInt8](repeating: 0x61, count: 65_537))
        }
    }

    @Test func `every byte survives the round trip`() throws {
        let fields = (0..<128).map { FormField("n\($0)", "é😀 +%&=\(Character(Unicode.Scalar(UInt8($0))))") }

        #expect(try FormURLEncoded.decode(Array(FormURLEncoded.encode(fields).utf8)) == fields)
    }
}
