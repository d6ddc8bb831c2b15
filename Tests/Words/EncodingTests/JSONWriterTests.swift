import Encoding
import Foundation
import Testing

@Suite struct JSONWriterTests {
    /// Names its own keys, as what is stored does.
    private struct Place: JSONWritable {
        var name: String
        var floor: Int?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.add("name", name)
                json.add("floor", floor)
            }
        }
    }

    @Test func `what is not there has no field, and what stands side by side has commas`() {
        let places = [Place(name: "cellar", floor: -1), Place(name: "sky\n", floor: nil)]

        #expect(places.json == #"[{"name":"cellar","floor":-1},{"name":"sky\n"}]"#)
        #expect([Place]().json == "[]" && ["a\"": [true, false]].json == #"{"a\"":[true,false]}"#)
    }

    @Test func `numbers are read as they were written, and what JSON has no number for is text`() throws {
        for number in [0, -0.0, 1, -17, 0.1, 1e20, 1e-7, .leastNormalMagnitude, .greatestFiniteMagnitude] as [Double] {
            let written = Data(number.json.utf8)
            #expect(try JSONDecoder().decode(Double.self, from: written) == number)
        }
        #expect([8_000.0, -0.0].json == "[8000,0]" && [Double.infinity, .nan].json == #"["inf","nan"]"#)
        #expect([Int.min, -1, 0, 9, 10, .max].json == "[-9223372036854775808,-1,0,9,10,9223372036854775807]")
        #expect(WireJSON.number(.infinity).text == "0", "an agent that waits for a number gets one")
    }

    @Test func `a text is escaped where it must be and nowhere else`() throws {
        let hostile = "say \"hi\" \\ back\nslash\t\r\u{0}\u{1F}\u{7F} ü 👩‍👩‍👧 {\"a\": [1]} </script>"

        let quoted = JSONText.quoted(hostile)

        #expect(try JSONDecoder().decode(String.self, from: Data(quoted.utf8)) == hostile)
        #expect(quoted.hasPrefix(#""say \"hi\" \\ back\nslash\t\r\u0000\u001f"#))
        #expect(quoted.hasSuffix("\u{7F} ü 👩‍👩‍👧 {\\\"a\\\": [1]} </script>\""))
    }
}
