import Testing

@testable import Settings

@Suite struct SettingTests {
    private enum Colour: String, CaseIterable { case red, green, blue }

    private static let count = Setting("PARLEY_COUNT", .whole(1...9), default: 3, "")
    private static let colour = Setting("PARLEY_COLOUR", .choice, default: Colour.red, "")
    private static let isOn = Setting("PARLEY_ON", .choice("on", "off"), default: false, "")
    private static let url = Setting("PARLEY_URL", .url("http", "https"), "")
    private static let base = Setting("PARLEY_BASE", .baseURL("http", "https"), "")
    private static let secretURL = Setting("PARLEY_SECRET_URL", .url("http"), "", secret: true)
    private static let id = Setting("PARLEY_ID", .text(like: "two letters") { $0.count == 2 }, "")
    private static let file = Setting("PARLEY_FILE", .readableFile, "")
    private static let names = Setting("PARLEY_NAMES", .list(of: "a capital") { $0 == "A" ? "a" : nil }, "")
    private static let all: [any AnySetting] = [count, colour, isOn, url, secretURL, id, file, names]

    private func reader(_ environment: [String: String]) -> SettingsReader {
        SettingsReader(environment: environment, known: Self.all)
    }

    @Test func `a text becomes the value its setting says`() {
        var reader = reader([
            "PARLEY_COUNT": "9", "PARLEY_COLOUR": "blue", "PARLEY_ON": "on", "PARLEY_URL": "https://a.example/b/",
            "PARLEY_ID": "ab", "PARLEY_FILE": "/dev/null", "PARLEY_NAMES": " A,A",
        ])

        #expect(reader.read(Self.count) == 9)
        #expect(reader.read(Self.colour) == .blue)
        #expect(reader.read(Self.isOn) == true)
        #expect(reader.read(Self.url) == "https://a.example/b")
        #expect(reader.read(Self.id) == "ab")
        #expect(reader.read(Self.file) == "/dev/null")
        #expect(reader.read(Self.names) == ["a"])
        #expect(reader.mistakes == [])
    }

    @Test(arguments: [[:], ["PARLEY_COUNT": "", "PARLEY_COLOUR": "", "PARLEY_ON": "", "PARLEY_URL": ""]])
    func `without a text, or with an empty one, a setting is what it is by default`(_ environment: [String: String]) {
        var reader = reader(environment)

        #expect(reader.read(Self.count) == 3)
        #expect(reader.read(Self.colour) == .red)
        #expect(reader.read(Self.isOn) == false)
        #expect(reader.read(Self.url) == nil)
        #expect(reader.text(Self.count) == nil)
        #expect(reader.mistakes == [])
    }

    @Test func `a default is written once, and shown as it would be set`() {
        #expect(Self.all.map(\.fallback) == ["3", "red", "off", nil, nil, nil, nil, nil])
    }

    @Test(arguments: [
        (count as any AnySetting, "0", "PARLEY_COUNT: \"0\" is not a whole number from 1 to 9"),
        (count, "10", "PARLEY_COUNT: \"10\" is not a whole number from 1 to 9"),
        (count, "99999999999999999999", "PARLEY_COUNT: \"99999999999999999999\" is not a whole number from 1 to 9"),
        (colour, "Red", "PARLEY_COLOUR: \"Red\" is not red, green or blue"),
        (isOn, "true", "PARLEY_ON: \"true\" is not on or off"),
        (url, "ftp://a", "PARLEY_URL: \"ftp://a\" is not a URL with http or https"),
        (url, "http:a", "PARLEY_URL: \"http:a\" is not a URL with http or https"),
        (url, "http://a/#b", "PARLEY_URL: \"http://a/#b\" is not a URL with http or https"),
        (base, "http://", "PARLEY_BASE: \"http://\" is not a URL with http or https"),
        (base, "https:///path", "PARLEY_BASE: \"https:///path\" is not a URL with http or https"),
        (base, "http://a/b?c=1", "PARLEY_BASE: \"http://a/b?c=1\" is not a URL without a query"),
        (secretURL, "hunter2", "PARLEY_SECRET_URL: the value is not a URL with http"),
        (id, "abc", "PARLEY_ID: \"abc\" is not two letters"), (file, "/none", "PARLEY_FILE: cannot read /none"),
        (names, "A, b", "PARLEY_NAMES: \"b\" is not a capital"),
    ])
    func `a mistake names the setting, the text unless it is a secret, and what would be right`(
        _ setting: any AnySetting, _ text: String, _ says: String
    ) {
        #expect(setting.mistakes(in: text) == [says])
    }

    @Test func `all mistakes are collected, and each leaves its setting at its default`() {
        var reader = reader(["PARLEY_COUNT": "many", "PARLEY_NAMES": "b,c", "PARLEY_COLUOR": "red"])

        #expect(reader.read(Self.count) == 3)
        #expect(reader.read(Self.names) == nil)
        reader.note("and one more")
        #expect(
            reader.mistakes == [
                "PARLEY_COLUOR: unknown setting; did you mean PARLEY_COLOUR?",
                "PARLEY_COUNT: \"many\" is not a whole number from 1 to 9", "PARLEY_NAMES: \"b\" is not a capital",
                "PARLEY_NAMES: \"c\" is not a capital", "and one more",
            ])
    }

    @Test func `of two that need each other, one alone is the mistake, and both are looked at`() {
        var none = reader([:])
        var alone = reader(["PARLEY_ID": "wrong", "PARLEY_FILE": ""])
        var wrong = reader(["PARLEY_ID": "wrong", "PARLEY_FILE": "/none"])
        var right = reader(["PARLEY_ID": "ab", "PARLEY_FILE": "/dev/null"])

        #expect(none.read(Self.id, with: Self.file) == nil && none.mistakes == [])
        #expect(alone.read(Self.id, with: Self.file) == nil)
        #expect(alone.mistakes == ["PARLEY_ID and PARLEY_FILE: set both or neither"])
        #expect(wrong.read(Self.id, with: Self.file) == nil)
        #expect(wrong.mistakes == ["PARLEY_ID: \"wrong\" is not two letters", "PARLEY_FILE: cannot read /none"])
        #expect(right.read(Self.id, with: Self.file).map { "\($0) \($1)" } == "ab /dev/null")
    }
}
