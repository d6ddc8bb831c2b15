import CallModel
import Encoding
import Foundation
import Testing
import WebSocketTransport

@testable import Endpoints

@Suite struct SchemaTests {
    enum Stage: String, Codable, CaseIterable { case open, closedWon = "closed_won" }

    struct Part: Codable, Equatable {
        var name: String
        var weight: Double?
    }

    struct Whole: Codable, Equatable {
        var id: UUID
        var callID: UUID?
        var title: String
        var note: String?
        var count: Int
        var limit: Int?
        var isOpen: Bool
        var wasSeen: Bool?
        var ratio: Double
        var stage: Stage
        var previousStage: Stage?
        var dueAt: Date
        var doneAt: Date?
        var tags: [String]
        var parts: [Part]?
        var best: Part?
        var extra: [String: JSONValue]
        var phone: E164?
        var timeZoneURL: String?
    }

    final class Node: Decodable {
        var name: String
        var next: Node?
    }

    static let whole = SchemaRecorder.schema(of: Whole.self)

    static func fields(_ schema: Schema) throws -> [String: Schema.Field] {
        guard case .record(let record) = schema else { throw Missing() }
        return Dictionary(uniqueKeysWithValues: record.fields.map { ($0.name, $0) })
    }
    struct Missing: Error {}

    @Test func `a type's fields are learned from its decoding, kind by kind`() throws {
        let fields = try Self.fields(Self.whole)

        #expect(fields["id"]?.schema == .text(.uuid) && fields["id"]?.isRequired == true)
        #expect(fields["call_id"]?.schema == .nullable(.text(.uuid)) && fields["call_id"]?.isRequired == false)
        for name in [
            "note", "limit", "was_seen", "previous_stage", "done_at", "parts", "best", "phone", "time_zone_url",
        ] {
            #expect(fields[name]?.schema.isNullable == true && fields[name]?.isRequired == false, "\(name)")
        }
        for name in ["title", "count", "is_open", "ratio", "stage", "due_at", "tags", "extra"] {
            #expect(fields[name]?.schema.isNullable == false && fields[name]?.isRequired == true, "\(name)")
        }
        #expect(fields["stage"]?.schema == .choice(["open", "closed_won"]))
        #expect(fields["due_at"]?.schema == .text(.dateTime))
        #expect(fields["tags"]?.schema == .list(.text()))
        #expect(fields["extra"]?.schema == .map(.anything))
        let part = Schema.record(
            Schema.Record(
                name: "Part",
                [
                    Schema.Field("name", .text(), isRequired: true),
                    Schema.Field("weight", .nullable(.number())),
                ]))
        #expect(fields["best"]?.schema == .nullable(part) && fields["parts"]?.schema == .nullable(.list(part)))
    }

    @Test func `a record inside of itself is referred to`() throws {
        let fields = try Self.fields(SchemaRecorder.schema(of: Node.self))

        #expect(fields["next"]?.schema == .nullable(.reference("Node")))
    }

    @Test func `names are spelled the way the encoder spells them, and a value comes back as it was`() throws {
        let date = Date(timeIntervalSince1970: 1_800_000_000)
        let value = Whole(
            id: UUID(), callID: UUID(), title: "a", note: "b", count: 1, limit: 2, isOpen: true, wasSeen: false,
            ratio: 1.5, stage: .closedWon, previousStage: .open, dueAt: date, doneAt: date, tags: ["x", ""],
            parts: [Part(name: "p", weight: 2)], best: Part(name: "q", weight: nil),
            extra: ["fooBar": 1, "foo_bar": 2],
            phone: E164("+14155550100"), timeZoneURL: "z")
        let written = try #require(JSONValue(try Reply.value(value).response.body))

        #expect(Self.whole.faults(in: written) == [])
        guard case .object(let names) = written else { throw Missing() }
        #expect(Set(names.keys) == Set(try Self.fields(Self.whole).keys))
        #expect(try ValueDecoder.read(Whole.self, from: written) == value)
    }

    @Test func `what is wrong is told by its place, each thing, and no more than twenty`() throws {
        let schema = Schema.record(
            Schema.Record([
                Schema.Field("title", .text(lengths: 1...3), isRequired: true),
                Schema.Field("a/b~c", .integer(1...5)),
                Schema.Field(
                    "parts", .list(.record(Schema.Record([Schema.Field("n", .number(0...1), isRequired: true)])))),
                Schema.Field("note", .nullable(.text())),
            ]))
        func places(_ json: String) throws -> [String] {
            schema.faults(in: try #require(JSONValue(Array(json.utf8)), "\(json)")).map { fault in
                guard case .pointer(let pointer) = fault.place else { return "?" }
                return pointer
            }
        }

        #expect(try places(#"{"title":"abc","a/b~c":5,"parts":[{"n":1},{"n":0.5}],"note":null}"#) == [])
        #expect(try places(#"{}"#) == ["/title"])
        #expect(try places(#"{"title":null}"#) == ["/title"])
        #expect(try places(#"{"title":"","odd":1,"<b>":2}"#) == ["", "/odd", "/title"])
        #expect(try places(#"{"title":"a","a/b~c":6}"#) == ["/a~1b~0c"])
        #expect(try places(#"{"title":"a","a/b~c":1.5}"#) == ["/a~1b~0c"])
        #expect(
            try places(#"{"title":"a","parts":[{"n":0},{"n":2},{},3]}"#) == ["/parts/1/n", "/parts/2/n", "/parts/3"])
        #expect(try places(#"{"title":"a","note":7}"#) == ["/note"])
        #expect(try places(#"{"title":"a\u0000"}"#) == ["/title"])
        #expect(try places(#"[]"#) == [""] && places("7") == [""] && places("null") == [""])
        let many = "{" + (0..<50).map { "\"x\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try places(many).count == 20)
    }

    @Test func `a NUL is refused however deep it stands in a document of any kind`() {
        for text in [
            #""\u0000""#, #"{"a\u0000":1}"#, #"{"a":{"b":["x\u0000"]}}"#, #"[{"a":[{"b\u0000":null}]}]"#,
        ] {
            let value = JSONValue(Array(text.utf8)) ?? .null
            #expect(Schema.anything.faults(in: value).count == 1, "\(text)")
            #expect(Schema.map(.anything).faults(in: ["x": value]).count == 1, "\(text)")
        }
        #expect(Schema.map(.anything).faults(in: ["a\u{0}": 1]).count == 1)
        #expect(Schema.map(.anything).faults(in: ["a": ["b": [1, .null, "x", true]]]).isEmpty)
    }

    @Test func `a parameter that takes names of its own is read name by name`() throws {
        let known = [Schema.Field("custom", .map(.text(lengths: 1...5))), Schema.Field("q", .text())]
        let values = try QueryParameters("custom[size]=L&q=x&custom%5Bcolour%5D=red", known: known).values

        #expect(values["custom"] == ["size": "L", "colour": "red"] && values["q"] == "x")
        #expect(try QueryParameters("q=x", known: known).values["custom"] == nil)
        for query in [
            "custom[size]=L&custom[size]=M", "custom[size]=123456", "custom[size]=", "custom[]=x", "custom=x",
            "custom[a=x",
            "custom[a]b=x", "q[a]=x", "other[a]=x", "custom[a b]=x", "custom[a]=%00",
        ] {
            #expect(throws: Problem.self, "\(query)") { try QueryParameters(query, known: known) }
        }
    }

    @Test func `what is no JSON is nil, and no input traps`() {
        for text in [
            "", "{", "nul", "{\"a\":}", "\u{FEFF}{}", "{}{}", "1e999", "'a'", "{\"a\":1 \"b\":2}", "\"\u{1}", "[1,]",
            "01", "1.",
            String(repeating: "[", count: 100_000),
        ] {
            #expect(JSONValue(Array(text.utf8)) == nil, "\(text.prefix(20))")
        }
        #expect(JSONValue([0x22, 0xFF, 0x22]) == nil && JSONValue([0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]) == nil)
        let text = #"{"a":[1,-2,1.5,true,null,"\u00e9\n"],"b":{"c":9007199254740993}}"#
        let value = JSONValue(Array(text.utf8))
        #expect(value?["b"]?["c"] == 9_007_199_254_740_993)
        #expect(value.map { JSONValue(Array($0.json.utf8)) } == value)
    }

    @Test(
        arguments: [
            ("1.0", .integer(1)), ("1e3", .integer(1_000)), ("-0", .integer(0)), ("1.5", .number(1.5)),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("33333333333333309.89395", .integer(33_333_333_333_333_308)), ("1e300", .number(1e300)),
        ] as [(String, JSONValue)])
    func `a number without a fraction is an integer however it is spelled`(_ text: String, _ value: JSONValue) {
        #expect(JSONValue(Array(text.utf8)) == value)
        #expect(JSONValue(Array(value.json.utf8)) == value)
    }

    @Test func `a time is read to the letter or not at all`() {
        let noon = Date(timeIntervalSince1970: 1_772_712_000)
        for text in [
            "2026-03-05T12:00:00Z", "2026-03-05t12:00:00z", "2026-03-05 12:00:00Z", "2026-03-05T12:00:00.000Z",
            "2026-03-05T13:00:00+01:00", "2026-03-05T06:30:00-05:30",
        ] {
            #expect(InternetTime(text)?.date == noon, "\(text)")
        }
        #expect(InternetTime("2026-03-05T12:00:00.25Z")?.date == noon.addingTimeInterval(0.25))
        #expect(InternetTime("1969-12-31T23:59:59Z")?.date == Date(timeIntervalSince1970: -1))
        for text in [
            "", "2026-03-05", "2026-03-05T12:00:00", "2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-03-05T24:00:00Z", "2026-03-05T12:60:00Z", "2026-03-05T12:00:60Z", "2026-03-05T12:00Z", "now",
            "2026-03-05T12:00:00.Z", "2026-03-05T12:00:00+1:00", "2026-03-05T12:00:00Zx", "+2026-03-05T12:00:00Z",
            "2026-03-05T12:00:00.0000000000Z", "0000-03-05T12:00:00Z", "２０26-03-05T12:00:00Z",
        ] {
            #expect(InternetTime(text) == nil, "\(text)")
        }
        #expect(InternetTime.isDate("2024-02-29") && !InternetTime.isDate("2100-02-29"))
    }

    @Test func `formats hold what they say`() {
        for text in ["a@b.c", "jane.doe+x@mail.example.com"] { #expect(Schema.Format.email.holds(text), "\(text)") }
        for text in ["", "a", "a@b", "@b.c", "a@b..c", "a b@c.d", "a@b@c.d", "a@b.c\n", "<a@b.c>"] {
            #expect(!Schema.Format.email.holds(text), "\(text)")
        }
        #expect(Schema.Format.uri.holds("https://a.example/x?y") && !Schema.Format.uri.holds("javascript:alert(1)"))
        #expect(!Schema.Format.uri.holds("https://") && !Schema.Format.uri.holds("https:///x"))
        #expect(Schema.Format.uuid.holds("11111111-1111-4111-8111-111111111111"))
        #expect(!Schema.Format.uuid.holds("11111111-1111-4111-8111-11111111111"))
    }
}
