import Encoding
import Testing

@Suite struct Base64Tests {
    @Test func `text is appended behind what is there, of any length`() {
        for count in [0, 1, 2, 3, 160, 767, 768, 769, 1_600, 5_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            var text = Array("before ".utf8)
            Base64.append(bytes.span, to: &text)
            #expect(String(decoding: text, as: UTF8.self) == "before " + Base64.encode(bytes))
        }
    }

    @Test func `silence is the base64 the reference gives`() {
        #expect(Base64.encode([UInt8](repeating: 0xFF, count: 160)) == String(repeating: "/", count: 213) + "w==")
    }

    @Test func `base64 survives the round trip at every length and nothing else is taken for it`() {
        for length in 0..<100 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 83 &+ length) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        for text in ["A", "AA", "AAA", "A===", "AA=A", "AB==", "AAB=", "AAAA=", "====", "AA==AAAA", "A A=", "é"] {
            #expect(Base64.decode(text) == nil, "\(text)")
        }
    }

    @Test func `base64 for addresses has its own alphabet and no padding, and one spelling a value`() {
        #expect(Base64URL.encode([0xFB, 0xFF, 0xFE]) == "-__-")
        for length in 0..<100 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 83 &+ length) }
            let text = Base64URL.encode(bytes)

            #expect(Base64URL.decode(text) == bytes)
            #expect(!text.contains { "+/=".contains($0) })
        }
        for text in ["A", "AA==", "AB", "AAB", "+w", "/w", "A A", "é"] {
            #expect(Base64URL.decode(text) == nil, "\(text)")
        }
    }
}
