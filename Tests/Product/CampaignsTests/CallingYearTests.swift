import Foundation
import TestSupport
import Testing

/// A year of campaigns in short, and the checker that says whether somebody was called who should not have been.
@Suite struct CallingYearTests {
    private static let checker = Checkout.path("bench/dialer/check-year.py")

    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-year-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Six weeks with the end of daylight saving time, three holidays, and new hours in Pennsylvania.
    @Test func `weeks of campaigns among hostile data have no call that should not have been made`() async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = folder.appending(path: "year.ndjson").path

        let said = try await OutsideProgram.runBeside(
            Checkout.products.appending(path: "dialer-proof").path,
            ["year", "--from", "2026-10-10", "--days", "42", "--contacts", "150", "--log", log])

        #expect(said.contains("receipts in whole chains"))
        let verdict = try await OutsideProgram.runBeside("/usr/bin/python3", [Self.checker, log])
        #expect(verdict.contains(" 0 violations"), "\(verdict)")
        let calls = try #require(verdict.firstMatch(of: /(\d+) calls to/).flatMap { Int($0.1) })
        #expect(calls > 50, "so few calls prove nothing")
    }

    /// What is true of everybody in the logs below, but for what a log says otherwise. 1 700 000 000 is 22:13:20 on 14 November 2023 in UTC.
    private static func log(_ person: String, _ lines: [String]) -> String {
        ([
            #"{"at": 0, "type": "rules", "tenant": "t", "sets": ["us", "eu"]}"#,
            #"{"at": 0, "type": "campaign", "tenant": "t", "campaign": "c", "purpose": "marketing"}"#,
            #"{"at": 0, "type": "person", "tenant": "t", \#(person)}"#,
        ] + lines).joined(separator: "\n") + "\n"
    }

    private static func dial(_ at: Int, _ number: String, from: String = "+15550100100") -> String {
        #"{"at": \#(at), "type": "dial", "tenant": "t", "campaign": "c", "number": "\#(number)", "from": "\#(from)"}"#
    }

    private static func agrees(_ number: String, _ level: String = "express_written", at: Int = 0) -> String {
        #"{"at": \#(at), "type": "consent", "tenant": "t", "number": "\#(number)", "level": "\#(level)"}"#
    }

    private static let boise = "+12085550100"
    private static let newark = "+19735550100"
    private static let day = 86_400
    /// 14:00 on a Tuesday on the East Coast, 11:00 on the Pacific's.
    private static let noonish = 1_699_988_400

    private static let doctored: [(fault: String, log: String)] = [
        (
            // 08:30 on one of Idaho's clocks, 07:30 on the other.
            "hours",
            log(#""number": "\#(boise)""#, [agrees(boise), dial(noonish - 3 * 3_600 - 1_800, boise)])
        ),
        ("hours", log(#""number": "\#(newark)", "zone": "Asia/Kolkata""#, [agrees(newark), dial(noonish, newark)])),
        (
            // Florida ends at 20:00, wherever the number is from.
            "hours",
            log(#""number": "\#(newark)", "state": "Florida""#, [agrees(newark), dial(noonish + 6 * 3_600, newark)])
        ),
        (
            "hours", log(#""number": "\#(newark)""#, [agrees(newark), dial(noonish + 7 * 3_600, newark)])
        ),
        (
            // 28 November 2024 in Louisiana.
            "holiday",
            log(#""number": "+15045550100""#, [agrees("+15045550100"), dial(1_732_816_800, "+15045550100")])
        ),
        (
            "attempts_day",
            log(#""number": "\#(newark)""#, [agrees(newark), dial(noonish, newark), dial(noonish + 9, newark)])
        ),
        (
            "attempts_week",
            log(
                #""number": "\#(newark)""#,
                [agrees(newark)] + (0..<4).map { dial(noonish + $0 * day, newark) })
        ),
        (
            "attempts_life",
            log(
                #""number": "\#(newark)""#,
                [agrees(newark)] + (0..<7).map { dial(noonish + $0 * 7 * day, newark) })
        ),
        (
            "left_alone",
            log(
                #""number": "\#(newark)""#,
                [
                    agrees(newark), #"{"at": 1, "type": "opt_out", "tenant": "t", "number": "\#(newark)"}"#,
                    dial(noonish, newark),
                ])
        ),
        ("consent", log(#""number": "\#(newark)""#, [agrees(newark, "express"), dial(noonish, newark)])),
        (
            "consent",
            log(
                #""number": "\#(newark)""#,
                [agrees(newark), agrees(newark, "express", at: noonish - 200), dial(noonish, newark)])
        ),
        ("consent", log(#""number": "\#(newark)""#, [dial(noonish, newark)])),
        (
            "stopped",
            log(
                #""number": "\#(newark)""#,
                [agrees(newark), #"{"at": 1, "type": "stop", "tenant": "t"}"#, dial(noonish, newark)])
        ),
        (
            "paused",
            log(
                #""number": "\#(newark)""#,
                [
                    agrees(newark), #"{"at": 1, "type": "pause", "tenant": "t", "campaign": "c"}"#,
                    dial(noonish, newark),
                ])
        ),
        (
            "caller_id_minute",
            log(
                #""number": "\#(newark)""#,
                (0..<4).flatMap { index in
                    let number = "+1973555010\(index)"
                    return [
                        #"{"at": 0, "type": "person", "tenant": "t", "number": "\#(number)"}"#, agrees(number),
                        dial(noonish + index, number),
                    ]
                })
        ),
        (
            "caller_id_retired",
            log(
                #""number": "\#(newark)""#,
                [
                    agrees(newark), #"{"at": 1, "type": "retire", "tenant": "t", "number": "+15550100100"}"#,
                    dial(noonish, newark),
                ])
        ),
        (
            "number_kind",
            log(#""number": "+18005550100""#, [agrees("+18005550100"), dial(noonish, "+18005550100")])
        ),
        (
            "place_unknown",
            log(#""number": "+18816555010""#, [agrees("+18816555010"), dial(noonish, "+18816555010")])
        ),
        (
            "country_not_covered",
            log(#""number": "+447911123456""#, [agrees("+447911123456"), dial(noonish, "+447911123456")])
        ),
        ("unknown_person", log(#""number": "\#(boise)""#, [dial(noonish, newark)])),
    ]

    @Test func `the checker finds what is wrong in logs that were doctored, and nothing in one that was not`()
        async throws
    {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let sound = Self.log(
            #""number": "\#(Self.newark)""#,
            [Self.agrees(Self.newark)] + (0..<3).map { Self.dial(Self.noonish + $0 * 3 * Self.day, Self.newark) })
        for (index, (fault, text)) in (Self.doctored + [("", sound)]).enumerated() {
            let path = folder.appending(path: "\(index).ndjson").path
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            // It ends with 1 where it found something.
            let said = try await OutsideProgram.runBeside(
                "/bin/sh", ["-c", "/usr/bin/python3 '\(Self.checker)' '\(path)'; echo ends with $?"])
            if fault.isEmpty {
                #expect(said.contains("0 violations") && said.contains("ends with 0"), "\(said)")
            } else {
                #expect(said.contains(": \(fault)") && said.contains("ends with 1"), "log \(index), \(fault): \(said)")
            }
        }
    }
}
