package import Endpoints
import WebSocketTransport

/// The console's page and the files it is made of.
package enum ConsoleRoutes {
    /// - Parameter socket: scheme, host and port of a WebSocket besides the gateway's own that the page may open.
    package static func routes(reaching socket: String? = nil) -> [Endpoint] { [page(socket), asset] }

    private static func page(_ socket: String?) -> Endpoint {
        let response = ConsolePage.response(reaching: socket)
        return Endpoint(
            .get, "/", id: "console", .anybody, "The console's page.", shape: InputShape(query: nil),
            answers: [Endpoint.Answer(200, "The page.", type: "text/html")],
            .answer { _, _ in response })
    }

    private static let asset = Endpoint(
        .get, "/assets/{version}/{name}", id: "consoleAsset", .anybody, "A file of the console's page.",
        shape: InputShape(
            path: [
                Schema.Field("version", .text(), isRequired: true, help: "Of the page that names it."),
                Schema.Field("name", .text(), isRequired: true),
            ], query: nil),
        answers: [Endpoint.Answer(200, "The file.", type: "text/javascript")], problems: [404],
        .answer { _, input in
            guard input["version"]?.text == ConsolePage.version,
                let file = input["name"]?.text.flatMap(ConsolePage.asset)
            else { throw Problem.nothingHere }
            return file
        })
}
