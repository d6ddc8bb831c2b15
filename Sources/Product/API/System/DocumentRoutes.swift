import Console
import Encoding
import Endpoints
import Synchronization
import WebSocketTransport

/// The API's description of itself: for programs, and for people.
enum DocumentRoutes {
    /// - Parameter endpoints: all but these two.
    static func routes(describing endpoints: [Endpoint]) -> [Endpoint] {
        let description = Description(endpoints)
        return description.routes
    }

    /// Made when it is first asked for, and once.
    private final class Description: Sendable {
        private let endpoints: [Endpoint]
        private let made = Mutex<(json: String, page: String)?>(nil)

        init(_ endpoints: [Endpoint]) { self.endpoints = endpoints }

        private var texts: (json: String, page: String) {
            made.withLock { made in
                if let made { return made }
                let document = OpenAPIDocument(
                    title: "Parley", version: "1", description: DocumentRoutes.introduction, words: DocumentWords.all,
                    endpoints + routes
                ).value
                let texts = (document.json, DocumentPage(document).text)
                made = texts
                return texts
            }
        }

        var routes: [Endpoint] {
            [
                Endpoint(
                    .get, "/api/v1/openapi.json", id: "description", .anybody, "This document.",
                    answers: [Endpoint.Answer(200, "OpenAPI 3.1", .map(.anything))], isTagged: true,
                    .answer { _, _ in .json(self.texts.json) }),
                Endpoint(
                    .get, "/api/v1/docs", id: "descriptionPage", .anybody, "This document as a page.",
                    answers: [Endpoint.Answer(200, "The page.", type: "text/html")], isTagged: true,
                    .answer { _, _ in ConsolePage.served(self.texts.page) }),
            ]
        }
    }

    private static let introduction = """
        Calls, what they yielded, and the work that follows from them. The tenant is the credential's: `Authorization: Bearer` \
        with a JWT, `X-API-Key` with a key made at /api/v1/api-keys, or the cookie of a login. Roles: agent, manager, admin, \
        super_admin; each may do what those before it may.

        Lists take `limit`, `cursor`, `sort` (`-` from the largest) and filters by the names of fields; the answer is `data` and \
        `next_cursor`. Parameters and fields that an address does not know are refused by name.

        A write under an `Idempotency-Key` gets the same answer again for 24 hours. PATCH is a merge patch (RFC 7396): what is \
        absent stays, null takes away. `If-Match` with an ETag answers 412 when somebody was faster.

        Errors are `application/problem+json`; `errors` names each mistake by a pointer into the body or by the parameter. Any \
        request may also be answered 408, 411 or 501 before its address is looked at.
        """
}
