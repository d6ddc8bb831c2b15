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

    private static func header(_ name: String, of response: HTTPResponse?) -> String? {
        response?.headers.first { $0.name == name }?.value
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
            let type = name.hasSuffix(".js") ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8"

            #expect(Self.header("content-type", of: response) == type)
            #expect(Self.header("cache-control", of: response)?.contains("immutable") == true)
            #expect(Self.header("x-content-type-options", of: response) == "nosniff")
            #expect(response.body == Array(try Data(contentsOf: Self.folder.appending(path: name))))
        }
        #expect(Self.names.count > 8)
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

        #expect(page.status == 200 && addresses.count == 2)
        for address in addresses { #expect(await get(address).status == 200, "\(address)") }
        #expect(await get("/assets/0/main.js").status == 404)
        #expect(await get("/assets/\(ConsolePage.version)/none.js").status == 404)
    }

    @Test func `a module imports only modules that are there`() throws {
        for name in Self.names where name.hasSuffix(".js") {
            for match in try #require(ConsolePage.text(name)).matches(of: #/from "\.\/([^"]+)"/#) {
                #expect(Self.names.contains(String(match.1)), "\(name) imports \(match.1)")
            }
        }
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

    @Test func `the token is in no address, and all of the content is in one main landmark`() throws {
        let page = ConsolePage.page
        let main = try #require(page.range(of: "<main>"))
        let end = try #require(page.range(of: "</main>"))

        for part in ["<form id=\"ask\"", "<div id=\"room\"", "<nav ", "<article "] {
            let found = try #require(page.range(of: part), "\(part)")
            #expect(main.upperBound < found.lowerBound && found.lowerBound < end.lowerBound, "\(part)")
        }
        #expect(page.components(separatedBy: "<main").count == 2)
        let scripts = Self.names.filter { $0.hasSuffix(".js") }.compactMap(ConsolePage.text).joined()
        #expect(scripts.contains(#"new WebSocket(url, ["bearer", current()])"#))
        #expect(!scripts.contains("searchParams.set") && !scripts.contains("?token="))
        // Where a line cannot break, a narrow screen scrolls sideways.
        let style = try #require(ConsolePage.text("style.css"))
        #expect(style.contains("overflow-wrap: anywhere") && !style.contains("minmax(16rem,22rem) 1fr"))
    }
}
