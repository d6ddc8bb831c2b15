import Database
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import Console

@Suite struct ConsoleTests {
    private static let folder = Checkout.url("Sources/Product/Console/Assets")
    private static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    private static let types = [
        "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
    ]

    private static func header(_ name: String, of response: HTTPResponse?) -> String? {
        response?.headers.first { $0.name == name }?.value
    }

    /// What a module takes from others as soon as it is there, and what it takes later.
    private static func imports(of name: String) throws -> (now: Set<String>, later: Set<String>) {
        let text = try #require(ConsolePage.text(name))
        return (
            Set(text.matches(of: #/(?:from|^import) "\.\/([^"]+)"/#.anchorsMatchLineEndings()).map { String($0.1) }),
            Set(text.matches(of: #/import\("\.\/([^"]+)"\)/#).map { String($0.1) })
        )
    }

    /// What comes with a module before it runs.
    private static func closure(of name: String, _ known: Set<String> = []) throws -> Set<String> {
        try imports(of: name).now.subtracting(known).reduce(known.union([name])) { try closure(of: $1, $0) }
    }

    @Test func `the page runs nothing but its own modules`() throws {
        let policy = try #require(Self.header("content-security-policy", of: ConsolePage.response()))

        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("*"))
        #expect(ConsolePage.page.contains("<script type=\"module\" src=\"\(ConsolePage.folder)/main.js\"></script>"))
        #expect(
            !ConsolePage.page.contains("{{") && !ConsolePage.page.contains("<style")
                && !ConsolePage.page.contains("<script>"))
        for name in Self.names {
            let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
            for word in ["http://", "https://", "innerHTML", "insertAdjacent", "eval(", " style=", "onclick=\""] {
                // Not an address that anything is read from.
                let rest = text.replacing("http://www.w3.org/2000/svg", with: "")
                #expect(!rest.contains(word), "\(name): \(word)")
            }
        }
    }

    @Test func `the page may open the phone's socket where there is one, and no other`() throws {
        let policy = try #require(
            Self.header("content-security-policy", of: ConsolePage.response(reaching: "ws://127.0.0.1:9")))

        #expect(policy.contains("; connect-src 'self' ws://127.0.0.1:9; "))
        #expect(policy.replacing(" ws://127.0.0.1:9", with: "") == ConsolePage.policy())
    }

    @Test func `every file of the page is served as what it is, to be kept for good`() throws {
        for name in Self.names where name != "index.html" {
            let response = try #require(ConsolePage.asset(name), "\(name)")
            let type = try #require(Self.types[String(name.split(separator: ".").last ?? "")])

            #expect(Self.header("content-type", of: response) == type)
            #expect(Self.header("cache-control", of: response)?.contains("immutable") == true)
            #expect(Self.header("x-content-type-options", of: response) == "nosniff")
            #expect(response.body == Array(try Data(contentsOf: Self.folder.appending(path: name))))
        }
        #expect(Self.names.count > 40)
    }

    @Test(arguments: ["index.html", "none.js", "", "..", "../Console.swift", "main.js/", "Assets/main.js", ".js"])
    func `what is no file of the page is not served`(name: String) { #expect(ConsolePage.asset(name) == nil) }

    @Test func `what the page names is found at its address, another version's is not`() async throws {
        let router = Router(
            ConsoleRoutes.routes(), gates: Gates(), database: Database(url: "postgresql://nobody@127.0.0.1:1/none"))
        func get(_ path: String) async -> HTTPResponse {
            await router.respond(
                to: HTTPRequest(method: "GET", path: path))
        }
        let page = await get("/")
        let addresses = String(decoding: page.body, as: UTF8.self)
            .matches(of: #/(?:href|src)="(\/assets\/[^"]+)"/#).map { String($0.1) }

        #expect(page.status == 200 && addresses.count > 20)
        for address in addresses { #expect(await get(address).status == 200, "\(address)") }
        #expect(await get("/assets/0/main.js").status == 404)
        #expect(await get("/assets/\(ConsolePage.version)/none.js").status == 404)
    }

    @Test func `a module imports only modules that are there, and each is some page's`() throws {
        var reached = try Self.closure(of: "main.js")
        var waiting = reached
        while let name = waiting.popFirst() {
            for later in try Self.imports(of: name).later {
                #expect(Self.names.contains(later), "\(name) imports \(later)")
                let more = try Self.closure(of: later).subtracting(reached)
                reached.formUnion(more)
                waiting.formUnion(more)
            }
        }
        // The sound of the browser's phone runs beside the page.
        let scripts = Set(Self.names.filter { $0.hasSuffix(".js") && !$0.hasSuffix("worklet.js") })
        #expect(scripts == reached, "\(scripts.symmetricDifference(reached))")
    }

    @Test func `what the first page needs is asked for at once, and is little`() throws {
        let first = try Self.closure(of: "main.js")
        for name in first where name != "main.js" {
            #expect(
                ConsolePage.page.contains("<link rel=\"modulepreload\" href=\"\(ConsolePage.folder)/\(name)\">"),
                "\(name)")
        }
        let files = try first.union(Self.closure(of: "today.js")).union(Self.names.filter { $0.hasSuffix(".css") })
        let bytes = files.reduce(ConsolePage.page.utf8.count) { $0 + (ConsolePage.text($1)?.utf8.count ?? 0) }
        #expect(bytes < 250_000, "\(bytes) bytes a first visit")
    }

    @Test func `the modules pass the TypeScript compiler's checks`() throws {
        let scripts = Self.names.filter { $0.hasSuffix(".js") }.map { Self.folder.appending(path: $0).path }

        let said = try OutsideProgram.run(
            "tsc",
            [
                "--noEmit", "--allowJs", "--checkJs", "--target", "es2022", "--module", "es2022", "--lib",
                "es2022,dom,dom.iterable", "--noUnusedLocals", "--noUnusedParameters", "--noImplicitReturns",
            ] + scripts)

        #expect(said.isEmpty, "\(said)")
    }

    @Test func `the token is in no address`() throws {
        let scripts = Self.names.filter { $0.hasSuffix(".js") }.compactMap(ConsolePage.text).joined()

        #expect(scripts.contains(#"new WebSocket(url, pass ? ["bearer", pass] : [])"#))
        #expect(!scripts.contains("searchParams.set") && !scripts.contains("?token="))
        // Where a line cannot break, a narrow screen scrolls sideways.
        #expect(try #require(ConsolePage.text("style.css")).contains("overflow-wrap: anywhere"))
    }
}
