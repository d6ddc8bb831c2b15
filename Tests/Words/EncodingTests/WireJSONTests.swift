import Encoding
import Testing

@Suite struct WireJSONTests {
    @Test func `every text comes back from JSON as it was, and most bytes are written as they are`() throws {
        for byte in UInt8(0)...0x7F {
            let text = "a" + String(UnicodeScalar(byte)) + "é"
            let json = WireJSON.string(text).text
            #expect(try WireJSON(parsing: json).string == text, "\(byte)")
            let isEscaped = byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            #expect((json == "\"\(text)\"") == !isEscaped, "\(byte)")
        }
    }

    @Test func `JSON keeps integers, escapes and order`() throws {
        let text = #"{"b":8000,"a":[0.25,-3,true,null,"\u00e9\ud83d\ude00\n\/"],"c":{}}"#
        let json = try WireJSON(parsing: text)

        #expect(json.text == #"{"b":8000,"a":[0.25,-3,true,null,"é😀\n/"],"c":{}}"#)
        for bad in [#""\ud83d""#, "01", "1.", "-", "1e", "[1,]", #"{"a":1,}"#, "nul", "\"\u{1}\"", "1 2", ""] {
            #expect(throws: WireJSONError.self, "\(bad)") { try WireJSON(parsing: bad) }
        }
        #expect(throws: WireJSONError.self) { try WireJSON(parsing: [0x22, 0xFF, 0x22]) }
    }
}
