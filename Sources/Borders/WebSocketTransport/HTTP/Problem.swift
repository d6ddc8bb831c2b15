import Encoding

/// An error as `application/problem+json` (RFC 9457). Of what the client sent, `detail` repeats the name of a field or a
/// query parameter at most.
package struct Problem: Error, Equatable, Sendable {
    /// One thing wrong with a request.
    package struct Fault: Equatable, Sendable {
        package enum Place: Equatable, Sendable {
            /// Into the body (RFC 6901); empty for all of it.
            case pointer(String)
            /// Of the query.
            case parameter(String)
        }

        package var place: Place
        package var detail: String

        package init(_ place: Place, _ detail: String) {
            self.place = place
            self.detail = detail
        }

        var json: String {
            let (name, value) =
                switch place {
                case .pointer(let pointer): ("pointer", pointer)
                case .parameter(let parameter): ("parameter", parameter)
                }
            return "{\"\(name)\":\(JSONText.quoted(value)),\"detail\":\(JSONText.quoted(detail))}"
        }
    }

    package var status: Int
    package var title: String
    package var detail: String
    package var headers: [String: String]
    package var faults: [Fault]

    package init(
        status: Int, title: String? = nil, detail: String, headers: [String: String] = [:], faults: [Fault] = []
    ) {
        self.status = status
        self.title = title ?? HTTPStatus.reason(status)
        self.detail = detail
        self.headers = headers
        self.faults = faults
    }

    package var response: HTTPResponse {
        let errors = faults.isEmpty ? "" : ",\"errors\":[\(faults.map(\.json).joined(separator: ","))]"
        let body = """
            {"type":"about:blank","title":\(JSONText.quoted(title)),"status":\(status),\
            "detail":\(JSONText.quoted(detail))\(errors)}
            """
        var fields: [(name: String, value: String)] = [
            ("content-type", "application/problem+json"), ("cache-control", "no-store"),
        ]
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { fields.append((name, value)) }
        return HTTPResponse(status: status, headers: fields, body: Array(body.utf8))
    }

    /// No address of ours.
    package static let nothingHere = Problem(
        status: 404, title: "Not found", detail: "There is nothing at this address.")

    /// - Parameter allowed: the methods of the address, as the `allow` header has them: `GET, HEAD`.
    package static func methodNotAllowed(allowed: String) -> Problem {
        Problem(
            status: 405, title: "Method not allowed", detail: "This address can be used with \(allowed) only.",
            headers: ["allow": allowed])
    }
}

extension HTTPResponse {
    package static func problem(_ status: Int, detail: String) -> HTTPResponse {
        Problem(status: status, detail: detail).response
    }
}
