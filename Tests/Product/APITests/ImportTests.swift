import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Files that become contacts, over the API and with a real database.
@Suite struct ImportTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    static let people = """
        Name;Company;Mobile;E-Mail;Labels
        Ann Lee;Acme;(415) 555-2671;Ann@acme.test;vip,fair
        "Bob; Ray";Bolt;+44 20 7946 0018;bob@bolt.test;
        Cy;"Two
        lines";212-555-0147;;fair
        """

    @Test func `a file that is brought is answered with its columns, samples and a proposed mapping`() async throws {
        let made = try await stage.newImport(Self.people)

        #expect(made["state"] == "uploaded" && made["delimiter"] == ";" && made["encoding"] == "utf-8")
        #expect(made["has_header"] == true)
        #expect(made["mapping"] == ["contact_name", "business_name", "phone", "contact_email", "tags"])
        #expect(
            made["columns"]?.list?.first == ["name": "Name", "samples": ["Ann Lee", "Bob; Ray", "Cy"]])
        #expect(made["sha256"]?.text?.count == 64)
        #expect(made["file_bytes"] == .integer(Self.people.utf8.count))
    }

    @Test func `an import makes a contact of each row, numbers in E.164 form with the zone of their country`()
        async throws
    {
        let done = try await stage.imported(Self.people, ["default_country": "US"])

        #expect(done["state"] == "completed", "\(done.json)")
        #expect(done["created_count"] == 3 && done["failed_count"] == 0 && done["done_records"] == 3)
        #expect(done["progress"] == 1)
        #expect(
            try await stage.contacts("concat_ws('|', contact_name, business_name, phone, contact_email, timezone)") == [
                "Ann Lee|Acme|+14155552671|Ann@acme.test|America/Los_Angeles",
                "Bob; Ray|Bolt|+442079460018|bob@bolt.test|Europe/London",
                "Cy|Two\nlines|+12125550147|America/New_York",
            ])
        #expect(try await stage.contacts("tags::text") == ["{vip,fair}", "{}", "{fair}"])
        #expect(try await stage.contacts("status || opt_in_status") == ["leadunknown", "leadunknown", "leadunknown"])
    }

    @Test func `a preview says what would become of the first rows, and writes nothing`() async throws {
        _ = try await stage.json(
            "POST", "/api/v1/contacts", as: .admin, ["contact_name": "Old", "phone": "+14155552671"], is: 201)
        let made = try await stage.newImport(Self.people + "\nDee;;12;;\n;;;;\n")
        let path = "/api/v1/imports/\(made["id"]?.text ?? "")"
        _ = try await stage.json("PATCH", path, as: APIStage.importer(), ["default_country": "US"])

        let preview = try await stage.json("GET", path + "/preview", as: APIStage.importer())

        try #require(preview.texts("action") == ["skip", "create", "create", "fail", "fail"])
        #expect(preview.rows.first?["values"]?["phone"] == "+14155552671")
        #expect(preview.rows.first?["contact_id"]?.text != nil)
        #expect(preview.rows[3]["findings"]?.list?.first?["code"] == "invalid_phone")
        #expect(preview.rows[4]["findings"]?.list?.first?["code"] == "nobody")
        #expect(try await stage.contacts("contact_name") == ["Old"])
    }

    struct Case: Sendable {
        var duplicates: String
        var matchBy: String
        var contacts: [String]
    }

    @Test(
        arguments: [
            Case(duplicates: "skip", matchBy: "both", contacts: ["Old|1|old", "B|2", "C|3|c"]),
            Case(duplicates: "skip", matchBy: "phone", contacts: ["Old|1|old", "B|2", "C|3|c", "D|OLD", "E|c"]),
            Case(duplicates: "skip", matchBy: "email", contacts: ["Old|1|old", "A|1|a", "B|2", "B2|2", "C|3|c"]),
            // Who has got another address is no longer found by the old one.
            Case(duplicates: "update", matchBy: "both", contacts: ["A|1|a", "B2|2", "E|3|c", "D|OLD"]),
            Case(
                duplicates: "create", matchBy: "both",
                contacts: ["Old|1|old", "A|1|a", "B|2", "B2|2", "C|3|c", "D|OLD", "E|c"]),
        ], [1, 2, 4, 100])
    func `duplicates are skipped, updated or made anew, by number, by address or by both, however rows go in`(
        _ test: Case, _ rowsMax: Int
    ) async throws {
        _ = try await stage.json(
            "POST", "/api/v1/contacts", as: .admin,
            ["contact_name": "Old", "phone": "+14155550101", "contact_email": "old@x.test"], is: 201)
        let file = """
            name,phone,email
            A,+14155550101,a@x.test
            B,+14155550102,
            B2,+14155550102,
            C,+14155550103,c@x.test
            D,,OLD@x.test
            E,,c@x.test
            """
        let done = try await stage.imported(
            file, ["duplicates": .text(test.duplicates), "match_by": .text(test.matchBy)], rowsMax: rowsMax)

        let found = try await stage.contacts(
            "concat_ws('|', contact_name, right(phone, 1), split_part(contact_email, '@', 1))")
        #expect(found == test.contacts)
        let sum = ["created_count", "updated_count", "skipped_count"].compactMap { done[$0]?.integer }.reduce(0, +)
        #expect(sum == 6 && done["failed_count"] == 0)
    }

    @Test func `an update keeps what a blank cell says nothing of, and unites tags and own fields`() async throws {
        _ = try await stage.json(
            "POST", "/api/v1/custom-fields", as: .admin,
            ["field_name": "size", "field_label": "Size", "field_type": "select", "field_options": ["S", "L"]], is: 201)
        _ = try await stage.json(
            "POST", "/api/v1/contacts", as: .admin,
            [
                "contact_name": "Old", "phone": "+442079460018", "city": "Rome", "tags": ["a", "b"],
                "custom_fields": ["size": "S"], "timezone": "Asia/Tokyo",
            ], is: 201)

        let done = try await stage.imported(
            "phone,city,tags,size,status\n+442079460018,,\"b,c\",L,Closed Won\n+442079460018,Oslo,d,,\n",
            ["duplicates": "update"])

        #expect(done["updated_count"] == 2, "\(done.json)")
        #expect(
            try await stage.contacts(
                "concat_ws('|', contact_name, city, tags::text, custom_fields::text, timezone, status)") == [
                    "Old|Oslo|{a,b,c,d}|{\"size\": \"L\"}|Asia/Tokyo|closed_won"
                ])
    }

    @Test func `what is wrong with a row is listed by row and column, and as a file; the others go in`() async throws {
        let file = """
            name,phone,email,status
            Ann,+14155552671,ann@x.test,
            Bob,12,bob@x.test,
            Cy,,not an address,nope
            "Dee,+14155552673,,
            Eve,+14155552674,,
            Fay
            Gil,=1+1,,,surplus

            """
        let done = try await stage.imported(file)
        let path = "/api/v1/imports/\(done["id"]?.text ?? "")/errors"

        let list = try await stage.json("GET", path, as: APIStage.importer())
        let errors = try await stage.json("GET", path, query: "severity=error", as: APIStage.importer())
        let table = await APIStage.whole(await stage.send("GET", path + ".csv", as: APIStage.importer()))

        #expect(done["created_count"] == 3 && done["failed_count"] == 4, "\(done.json)")
        #expect(try await stage.contacts("contact_name") == ["Ann", "Eve", "Fay"])
        #expect(
            list.texts("code") == [
                "invalid_phone", "invalid_value", "invalid_value", "unreadable", "short_row", "long_row",
                "invalid_phone",
            ])
        #expect(list.rows.map { $0["row"] } == [2, 3, 3, 4, 6, 7, 7])
        #expect(list.rows.map { $0["line"] } == [3, 4, 4, 5, 7, 8, 8])
        #expect(errors.rows.count == 6)
        #expect(list.rows[0]["column"] == "phone" && list.rows[0]["value"] == "12")
        #expect(
            table?.hasPrefix(
                "row,line,severity,code,column,value,reason,contact_id\r\n2,3,error,invalid_phone,phone,12,") == true)
        #expect(table?.contains(",phone,'=1+1,") == true, "a formula is none")
        #expect(table?.split(separator: "\r\n").count == 8)
    }

    @Test func `an import leaves alone who asked to be, and never withdraws that`() async throws {
        let ids = try await ["+14155550101", "+14155550102"].asyncMap { phone in
            try await stage.json(
                "POST", "/api/v1/contacts", as: APIStage.importer(), ["phone": .text(phone)], is: 201)["id"]?.text ?? ""
        }
        _ = try await stage.json(
            "POST", "/api/v1/contacts/\(ids[0])/do-not-contact", as: APIStage.importer(),
            ["reason": "No more calls", "source": "letter"])
        let file =
            "name,phone,opt out\nA,+14155550101,no\nB,+14155550102,yes\nC,+14155550103,x\nD,+14155550104,\nE,+14155550105,maybe\n"

        for duplicates in ["create", "update", "skip"] {
            let done = try await stage.imported(file, ["duplicates": .text(duplicates)])
            #expect(done["failed_count"] == 1, "\(done.json)")
        }

        let rows = try await stage.temporary.rows(
            """
            select phone, bool_and(do_not_contact) as every, bool_or(do_not_contact) as some,
                bool_and(opt_in_status = 'opted_out') as told
            from contacts group by phone order by phone
            """)
        #expect(try rows.map { try $0.bool("every") } == [true, true, true, false])
        #expect(try rows.map { try $0.bool("some") } == [true, true, true, false])
        #expect(try rows.map { try $0.bool("told") } == [true, true, true, false])
        let words = try await stage.temporary.rows(
            "select phone from consents where kind = 'marketing_voice' and source = 'api: import' order by phone")
        #expect(try words.map { try $0.text("phone") } == ["+14155550102", "+14155550103"])
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ body: (Element) async throws -> T) async rethrows -> [T] {
        var out: [T] = []
        for element in self { out.append(try await body(element)) }
        return out
    }
}
