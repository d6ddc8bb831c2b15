import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Files that are not as they should be, and what becomes of them.
@Suite struct OddImportTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    private static func utf16(_ text: String, isBig: Bool, mark: Bool) -> [UInt8] {
        let units = (mark ? [0xFEFF] : []) + Array(text.utf16)
        return units.flatMap { unit in
            let bytes = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
            return isBig ? bytes.reversed() : bytes
        }
    }

    private static let western = "name,phone\nZo\u{EB} \u{2013} \u{20AC}5,+14155550101\n"
    private static let windows: [UInt8] =
        Array("name,phone\nZo".utf8) + [0xEB, 0x20, 0x96, 0x20, 0x80] + Array("5,+14155550101\n".utf8)

    private static let spellings: [(encoding: String, bytes: [UInt8])] = [
        ("utf-8", Array(western.utf8)), ("utf-8", Array("\u{FEFF}\(western)".utf8)),
        ("utf-16le", utf16(western, isBig: false, mark: true)), ("utf-16be", utf16(western, isBig: true, mark: true)),
        ("utf-16le", utf16(western, isBig: false, mark: false)),
        ("utf-16be", utf16(western, isBig: true, mark: false)), ("windows-1252", windows),
    ]

    @Test(arguments: spellings)
    func `a file is read in the encoding it is in, with its mark and without`(
        _ encoding: String, _ bytes: [UInt8]
    ) async throws {
        let done = try await stage.imported(bytes)

        #expect(done["encoding"] == .text(encoding) && done["created_count"] == 1, "\(done.json)")
        #expect(try await stage.contacts("contact_name || phone") == ["Zo\u{EB} \u{2013} \u{20AC}5+14155550101"])
    }

    @Test func `an encoding and a delimiter that are chosen by hand are those the file is read with`() async throws {
        // Also UTF-8, and a comma is in most rows.
        let made = try await stage.newImport("Name|Phone|Notes\nZo\u{EB}|+14155550101|a, b\nAl|+14155550102|c, d\n")
        let path = "/api/v1/imports/\(made["id"]?.text ?? "")"
        func change(_ body: JSONValue) async throws -> JSONValue {
            try await stage.json("PATCH", path, as: APIStage.importer(), body)
        }
        func preview() async throws -> [String?] {
            let preview = try await stage.json("GET", path + "/preview", as: APIStage.importer())
            return preview.rows.map { $0["values"]?["contact_name"]?.text }
        }
        #expect(made["encoding"] == "utf-8" && made["delimiter"] == "|")
        #expect(try await preview() == ["Zo\u{EB}", "Al"])

        let other = try await change(["encoding": "windows-1252"])
        #expect(other["encoding"] == "windows-1252" && other["delimiter"] == "|", "\(other.json)")
        #expect(other["columns"]?.list?.first?["samples"] == ["Zo\u{C3}\u{AB}", "Al"])
        #expect(try await preview() == ["Zo\u{C3}\u{AB}", "Al"])
        let commas = try await change(["delimiter": ","])
        #expect(commas["columns"]?.list?.count == 1 && commas["encoding"] == "windows-1252", "\(commas.json)")
        let wrong = await stage.status("PATCH", path, as: APIStage.importer(), ["encoding": "ebcdic"])
        #expect(wrong == 422)
        _ = try await change(["delimiter": "|"])
        _ = try await stage.json("POST", path + "/start", as: APIStage.importer())
        try await stage.work()

        let done = try await stage.json("GET", path, as: APIStage.importer())
        #expect(done["state"] == "completed" && done["created_count"] == 2 && done["progress"] == 1, "\(done.json)")
        #expect(try await stage.contacts("contact_name") == ["Zo\u{C3}\u{AB}", "Al"])
    }

    @Test(arguments: [
        ("", "empty"), ("\n\r\n\n", "no rows"), ("\u{FEFF}", "no rows"), ("na\u{0}me,phone\nAnn,\n", "NUL"),
        ("\"name,phone\nAnn,+14155550101\n", "not closed"),
        (String(repeating: "c,", count: 9_999) + "c\nAnn\n", "cells"),
        (String(repeating: "c,", count: 300) + "c\nAnn\n", "301 columns"),
        (String(repeating: "x", count: 10 << 20), "longer than"), ("PK\u{3}\u{4}and more", "workbook"),
    ])
    func `a file that is no table is refused by what is wrong with it, and leaves nothing`(
        _ text: String, _ reason: String
    ) async throws {
        let response = await stage.upload(Array(text.utf8))

        let body = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 422 && body.contains(reason), "\(body)")
        #expect(try await stage.temporary.rows("select from imports").isEmpty)
        let folder = stage.importFiles.directory
        let left = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        #expect(left.filter { $0.contains(".") }.isEmpty, "\(left)")
    }

    @Test func `a file of a header alone is done with no row`() async throws {
        let done = try await stage.imported("name,phone\r\n")

        #expect(done["state"] == "completed" && done["done_records"] == 0 && done["created_count"] == 0, "\(done.json)")
    }

    @Test func `lines that end in different ways, a row of ten megabytes and a NUL cost nobody else their row`()
        async throws
    {
        let long = String(repeating: "x", count: 10 << 20)
        let file =
            "name,phone\nAnn,+14155550101\r\nBob,+14155550102\rCy,+14155550103\n\r\n\(long),1\nD\u{0}e,+14155550104\n"
            + "\"Eve,+14155550105\nFay,+14155550106"

        let done = try await stage.imported(file)

        #expect(done["created_count"] == 4 && done["failed_count"] == 3, "\(done.json)")
        #expect(try await stage.contacts("contact_name") == ["Ann", "Bob", "Cy", "Fay"])
        let path = "/api/v1/imports/\(done["id"]?.text ?? "")/errors"
        let list = try await stage.json("GET", path, as: APIStage.importer())
        #expect(list.rows.map { $0["row"] } == [4, 5, 6], "\(list.json)")
        #expect(list.rows.map { $0["line"] } == [6, 7, 8])
        #expect(list.texts("code") == ["unreadable", "unreadable", "unreadable"])
    }
}
