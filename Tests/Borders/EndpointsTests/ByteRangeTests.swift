import Foundation
import Testing
import WebSocketTransport

@testable import Endpoints

@Suite struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", ByteRange.part(0..<1)), ("bytes=0-99", .part(0..<10)), ("bytes=5-", .part(5..<10)),
        ("bytes=-3", .part(7..<10)), ("bytes=-99", .part(0..<10)), ("bytes=9-9", .part(9..<10)), ("bytes=10-", .beyond),
        ("bytes=99-100", .beyond), ("bytes=-0", .beyond), ("bytes=3-2", .all), ("bytes=-", .all), ("bytes=", .all),
        ("bytes=a-b", .all), ("bytes=0-1,3-4", .all), ("items=0-1", .all), ("bytes=+1-2", .all), ("bytes=1-2-3", .all),
        ("bytes= 1-2", .all), ("bytes=0-999999999999999999", .part(0..<10)), ("bytes=0-9999999999999999999", .all),
    ])
    func `a range is a part of what there is, or not understood`(_ field: String, _ expected: ByteRange) {
        #expect(ByteRange(field, of: 10) == expected)
    }

    @Test func `of nothing there is no part`() {
        #expect(ByteRange("bytes=0-", of: 0) == .beyond && ByteRange("bytes=-1", of: 0) == .beyond)
        #expect(ByteRange(nil, of: 0) == .all)
    }

    @Test func `a file is sent whole, in part, or not at all`() throws {
        let file = try BodyFile(temporaryIn: NSTemporaryDirectory())
        #expect(file.append(Array("0123456789".utf8)))
        func answer(_ headers: [(name: String, value: String)]) -> HTTPResponse {
            .file(
                file, type: "audio/ogg", tag: "\"a\"",
                for: HTTPRequest(method: "GET", path: "/", headers: headers))
        }
        func range(_ response: HTTPResponse) -> String? { response.headers.first { $0.name == "content-range" }?.value }

        #expect(answer([]).status == 200 && answer([]).slice?.count == 10)
        let part = answer([("range", "bytes=2-4")])
        #expect(part.status == 206 && part.slice?.offset == 2 && part.slice?.count == 3)
        #expect(range(part) == "bytes 2-4/10")
        let beyond = answer([("range", "bytes=10-")])
        #expect(beyond.status == 416 && range(beyond) == "bytes */10" && beyond.slice == nil)
        #expect(answer([("range", "bytes=2-4"), ("if-range", "\"b\"")]).status == 200)
        #expect(answer([("range", "bytes=2-4"), ("if-range", "\"a\"")]).status == 206)
        #expect(answer([("if-none-match", "\"a\"")]).status == 304)
    }
}
