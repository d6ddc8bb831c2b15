import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// The document as people read it.
@Suite struct DocumentPageTests {
    private static func page() async -> HTTPResponse {
        await RouteTests.routes().respond(to: RouteTests.get("/api/v1/docs"))
    }

    @Test func `the page runs nothing, and reads nothing from elsewhere`() async throws {
        let response = await Self.page()
        let text = String(decoding: response.body, as: UTF8.self)

        #expect(response.status == 200)
        #expect(response.headers.contains { $0 == ("content-type", "text/html; charset=utf-8") })
        let policy = try #require(response.headers.first { $0.name == "content-security-policy" }?.value)
        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("*"))
        for word in ["<script", "<style", " style=", " onclick", "javascript:", "<img", "<iframe"] {
            #expect(!text.contains(word), "\(word)")
        }
        for match in text.matches(of: #/(?:href|src)="([^"]*)"/#) {
            #expect(match.1.hasPrefix("#") || match.1.hasPrefix("/"), "\(match.1)")
        }
    }

    @Test func `every address and every record has its place, and what leads there finds it`() async throws {
        let text = String(decoding: await Self.page().body, as: UTF8.self)
        let places = text.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
        #expect(Set(places).count == places.count, "a place is there twice")
        for match in text.matches(of: #/href="#([^"]*)"/#) {
            #expect(places.contains(String(match.1)), "#\(match.1) leads nowhere")
        }

        for endpoint in RouteTests.routes().endpoints {
            #expect(places.contains(endpoint.id), "\(endpoint.route)")
            #expect(text.contains("<code>\(endpoint.template.text)</code>"), "\(endpoint.route)")
        }
        #expect(places.contains("record-NewTask") && places.contains("tag-follow-ups"))
    }

    @Test func `the page's styles are served`() async throws {
        let text = String(decoding: await Self.page().body, as: UTF8.self)
        let styles = text.matches(of: #/<link rel="stylesheet" href="([^"]*)">/#).map { String($0.1) }

        #expect(styles.count == 2)
        for style in styles {
            #expect(await RouteTests.routes().respond(to: RouteTests.get(style)).status == 200, "\(style)")
        }
    }

    @Test func `what stands in the document is text on the page`() {
        var markup = Markup()
        markup.add("p", [("title", #"a"b<c>"#)]) { $0.prose("1 < 2 & `a<b>` \"q\"") }

        #expect(
            markup.text
                == #"<p title="a&quot;b&lt;c&gt;">1 &lt; 2 &amp; <code>a&lt;b&gt;</code> &quot;q&quot;</p>"#)
    }

    @Test func `a word of the examples is a field's`() async throws {
        let response = await RouteTests.routes().respond(to: RouteTests.get("/api/v1/openapi.json"))
        let document = String(decoding: response.body, as: UTF8.self)

        for name in DocumentWords.all.keys { #expect(document.contains("\"\(name)\":"), "\(name)") }
    }
}
