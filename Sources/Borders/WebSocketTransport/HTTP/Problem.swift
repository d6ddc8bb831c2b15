package import WebSocketTransport

/// An error as `application/problem+json` (RFC 9457). Of what the client sent, `detail` repeats the name of a query
/// parameter at most.
package struct Problem: Error, Equatable {
    var status: Int
    var title: String
    var detail: String
    var headers: [String: String] = [:]

    package var response: HTTPResponse {
        let body = """
            {"type":"about:blank","title":\(JSONText.quoted(title)),"status":\(status),\
            "detail":\(JSONText.quoted(detail))}
            """
        var fields: [(name: String, value: String)] = [
            ("content-type", "application/problem+json"), ("cache-control", "no-store"),
        ]
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { fields.append((name, value)) }
        return HTTPResponse(status: status, headers: fields, body: Array(body.utf8))
    }

    static func badRequest(_ detail: String) -> Problem { Problem(status: 400, title: "Bad request", detail: detail) }

    static func unauthorized(_ detail: String) -> Problem {
        Problem(
            status: 401, title: "Unauthorized", detail: detail,
            headers: ["www-authenticate": #"Bearer realm="parley", error="invalid_token""#])
    }

    static let noToken = Problem(
        status: 401, title: "Unauthorized", detail: "Send a token: `Authorization: Bearer …`.",
        headers: ["www-authenticate": #"Bearer realm="parley""#])

    static let noSecret = Problem(
        status: 503, title: "Tokens are not configured", detail: "Set PARLEY_JWT_SECRET to use the API.")

    /// No address of ours.
    package static let nothingHere = Problem(
        status: 404, title: "Not found", detail: "There is nothing at this address.")

    /// - Parameter allowed: the methods of the address, as the `allow` header has them: `GET, HEAD`.
    package static func methodNotAllowed(allowed: String) -> Problem {
        Problem(
            status: 405, title: "Method not allowed", detail: "This address can be used with \(allowed) only.",
            headers: ["allow": allowed])
    }

    static func tooMany(_ detail: String, retryAfterSeconds: Int) -> Problem {
        Problem(
            status: 429, title: "Too many requests", detail: detail, headers: ["retry-after": "\(retryAfterSeconds)"])
    }

    static let notFound = Problem(status: 404, title: "Not found", detail: "There is no such thing for this token.")

    static let unavailable = Problem(
        status: 503, title: "Database unavailable", detail: "The database does not answer. Try again shortly.",
        headers: ["retry-after": "2"])

    static let broken = Problem(status: 500, title: "Internal error", detail: "The request failed; see the log.")
}

enum JSONText {
    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
