package import WebSocketTransport

/// The console: one page, its ES modules and its style sheet, which are the files of `Assets`. It needs nothing but those and
/// `/api/v1`, and nothing a caller says can run in it.
package enum ConsolePage {
    static let version = EmbeddedFiles.contentHash
    /// Where the files of the page are. What they hold is in the address, so that a browser may keep them for good.
    static let folder = "/assets/\(version)"

    static func policy(reaching socket: String? = nil) -> String {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'\(socket.map { " " + $0 } ?? ""); base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    static let page = text("index.html")?.replacing("{{assets}}", with: folder) ?? ""

    /// - Parameter socket: what the page may connect to besides where it comes from; nil: nothing.
    static func response(reaching socket: String? = nil) -> HTTPResponse {
        var response = served(page, reaching: socket)
        response.headers.append((name: "cache-control", value: "no-cache"))
        return response
    }

    /// A page of ours, under the console's policy.
    package static func served(_ page: String, reaching socket: String? = nil) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                ("content-type", "text/html; charset=utf-8"), ("content-security-policy", policy(reaching: socket)),
                ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"), ("x-content-type-options", "nosniff"),
            ], body: Array(page.utf8))
    }

    /// A page that runs nothing, in the console's look.
    ///
    /// - Parameters:
    ///   - styles: files of ``folder``.
    ///   - body: markup.
    package static func page(titled title: StaticString, styles: [String], _ body: String) -> String {
        let links = styles.map { "<link rel=\"stylesheet\" href=\"\(folder)/\($0)\">\n" }.joined()
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            \(links)</head>
            <body>
            \(body)
            </body>
            </html>

            """
    }

    /// A file of ``folder`` by its name; nil where there is none.
    static func asset(_ name: String) -> HTTPResponse? {
        guard let type = types[String(name.split(separator: ".").last ?? "")], let text = text(name) else { return nil }
        return HTTPResponse(
            status: 200,
            headers: [
                ("content-type", type), ("cache-control", "public, max-age=31536000, immutable"),
                ("x-content-type-options", "nosniff"),
            ], body: Array(text.utf8))
    }

    private static let types = [
        "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
    ]

    static func text(_ name: String) -> String? { EmbeddedFiles.texts["Assets/\(name)"] }
}
