import Testing

@testable import Settings

@Suite struct SettingsTextTests {
    @Test func `names come with their section, values as they are written, both with their line`() throws {
        let text = #"""
            // Parley at the office
            {
                listen: '127.0.0.1:80', "log": "a\"b\u00e9\\",
                /* two
                   lines */ twilio: {
                    auth: { token: 'it\'s // no comment' },
                },
                calls_max: 7, insecure: true
            }
            """#

        let entries = try SettingsText.read("\u{FEFF}" + text.replacing("\n", with: "\r\n"))

        #expect(
            entries.map(\.name) == [
                "PARLEY_LISTEN", "PARLEY_LOG", "PARLEY_TWILIO_AUTH_TOKEN", "PARLEY_CALLS_MAX", "PARLEY_INSECURE",
            ])
        #expect(entries.map(\.value) == ["127.0.0.1:80", #"a"bé\"#, "it's // no comment", "7", "true"])
        #expect(entries.map(\.line) == [3, 3, 6, 8, 8])
    }

    @Test(arguments: [
        ("", 1), ("listen: 'x'", 1), ("{\n  listen: 'x'\n  log: 'y'\n}", 3), ("{\n listen 'x'}", 2),
        ("{\n listen: x }", 2), ("{\n\n listen: 1.5 }", 3), ("{\n listen: ['x'] }", 2), ("{\n listen: null }", 2),
        ("{\n listen: 'x\n' }", 2), ("{\n\n listen: 'x", 3), ("{ listen: 'x'\n\n", 3), ("{\n , }", 2),
        ("{\n /* no end\n\n }", 2), ("{}\n{}", 2), ("{\n a: '\\q' }", 2), ("{\n a: '\\u12' }", 2), ("{ a: \n", 2),
        ("{a:{a:{a:{a:{a:{a:{a:{\n a:{a:1}}}}}}}}}", 2),
    ])
    func `what is no settings file is refused with the line`(_ text: String, _ line: Int) throws {
        let mistake = #expect(throws: SettingsText.Mistake.self) { try SettingsText.read(text) }

        #expect(mistake?.line == line, "\(text) \(String(describing: mistake))")
    }

    @Test func `a file that is cut anywhere is refused or read, and stops nobody`() throws {
        let text = "{ a: { 'b': \"\\u00e9\\n\" }, /* c */ d: true, // e\n f: 12, }"

        for end in text.indices {
            #expect(throws: SettingsText.Mistake.self) { try SettingsText.read(String(text[..<end])) }
        }
    }
}
