import Foundation
import Testing
import WebSocketTransport

@testable import Endpoints

@Suite struct PathTemplateTests {
    @Test(arguments: [
        ("/", [""]), ("/a/b", ["a", "b"]), ("/a//b", ["a", "", "b"]), ("/a/", ["a", ""]), ("/a%2Fb/c", ["a/b", "c"]),
        ("/%C3%A9", ["é"]), ("/a+b", ["a+b"]), ("/a%2Bb?c=/d", ["a+b"]), ("/a?b?c", ["a"]),
        ("/.././a", ["..", ".", "a"]),
        ("/%25%32%46", ["%2F"]),
    ])
    func `a path is its segments, each decoded once`(_ target: String, _ segments: [String]) {
        #expect(PathTemplate.segments(of: target) == segments)
    }

    @Test(arguments: [
        "", "a", "?", "a/b", "*", "/%", "/%2", "/%zz", "/%00", "/a%00b", "/%ff", "/%C3", "/%C3%28", "/%-1", "/% 1",
        "/" + String(repeating: "a/", count: 40),
    ])
    func `a path that is broken, or longer than any, is none`(_ target: String) {
        #expect(PathTemplate.segments(of: target) == nil)
    }

    @Test func `every byte in a segment comes back through its escape, but for NUL`() {
        for byte in UInt8.min...UInt8.max {
            let hex = String(byte, radix: 16)
            let target = "/a%" + (hex.count < 2 ? "0" : "") + hex
            #expect((PathTemplate.segments(of: target) != nil) == (1...127).contains(byte), "\(byte)")
            if (1...127).contains(byte) {
                #expect(PathTemplate.segments(of: target) == ["a" + String(Unicode.Scalar(byte))], "\(byte)")
            }
        }
    }

    static func endpoint(_ method: Endpoint.Method, _ template: String) -> Endpoint {
        let names = PathTemplate(template).names
        return Endpoint(
            method, template, id: "\(method) \(template)", .anybody, "x",
            shape: InputShape(path: names.map { Schema.Field($0, .text(), isRequired: true) }), answers: [],
            .answer { _, _ in .empty(204) })
    }

    static let table = RouteTable([
        endpoint(.get, "/"), endpoint(.get, "/leads"), endpoint(.post, "/leads"), endpoint(.get, "/leads/{id}"),
        endpoint(.patch, "/leads/{id}"), endpoint(.get, "/leads/stats"), endpoint(.get, "/leads/by-stage/{stage}"),
        endpoint(.get, "/leads/{id}/calls"), endpoint(.delete, "/leads/{id}/calls/{call}"),
        endpoint(.get, "/f/{path…}"),
    ])

    static func found(_ method: String, _ target: String) -> String {
        switch table.match(method, target) {
        case .found(let endpoint, let values): "\(endpoint.template) \(values)"
        case .wrongMethod(let allowed): allowed
        case .nothing: "nothing"
        }
    }

    @Test(arguments: [
        ("GET", "/", "/ []"), ("HEAD", "/leads", "/leads []"), ("POST", "/leads?x", "/leads []"),
        ("GET", "/leads/7", "/leads/{id} [\"7\"]"), ("GET", "/leads/stats", "/leads/stats []"),
        ("GET", "/leads/by-stage/LOST", "/leads/by-stage/{stage} [\"LOST\"]"),
        ("GET", "/leads/by-stage", "/leads/{id} [\"by-stage\"]"),
        ("GET", "/leads/stats/calls", "/leads/{id}/calls [\"stats\"]"),
        ("DELETE", "/leads/7/calls/8", "/leads/{id}/calls/{call} [\"7\", \"8\"]"),
        ("GET", "/leads/", "/leads/{id} [\"\"]"), ("GET", "/leads/a%2Fb", "/leads/{id} [\"a/b\"]"),
        ("GET", "/f/a/b%20c", "/f/{path…} [\"a/b c\"]"), ("GET", "/f/", "/f/{path…} [\"\"]"),
        ("PUT", "/leads", "GET, HEAD, POST, OPTIONS"), ("OPTIONS", "/leads/7", "GET, HEAD, PATCH, OPTIONS"),
        ("get", "/leads", "GET, HEAD, POST, OPTIONS"), ("GET", "/leads/7/calls/8", "DELETE, OPTIONS"),
        ("GET", "/nothing", "nothing"), ("GET", "/f", "nothing"), ("GET", "/leads//calls/", "DELETE, OPTIONS"),
        ("GET", "/Leads", "nothing"), ("GET", "//leads", "nothing"),
    ])
    func `an address finds its endpoint, what is fixed before what takes a value`(
        _ method: String, _ target: String, _ expected: String
    ) {
        #expect(Self.found(method, target) == expected)
    }
}
