package import CallModel
package import Database
package import FoundationEssentials
package import WebSocketTransport

/// One address with one method: who may use it, what it takes, what it answers, and the work itself. The router, the document,
/// the metrics and the access log read it; nothing of it is said anywhere else.
package struct Endpoint: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// What is done with a request that has passed.
    package enum Work: Sendable {
        /// Reads, or does what no transaction of ours could undo.
        case answer(@Sendable (RequestContext, JSONValue) async throws -> HTTPResponse)
        /// Writes, in one transaction of the caller's tenant. It runs again when it meets another one, and not at all when its
        /// `Idempotency-Key` says that it has run.
        case write(@Sendable (borrowing Transaction, RequestContext, JSONValue) throws -> HTTPResponse)
        /// Becomes a WebSocket.
        case upgrade(Upgrade)
    }

    package struct Upgrade: Sendable {
        /// Why a handshake is not taken, as far as its head says; on the door's thread.
        package var refusal: @Sendable (HTTPRequest) -> Problem?
        /// What has to be asked of somebody else before it is taken, a database above all; nil where its head says all.
        package var inquiry: @Sendable (HTTPRequest) -> (@Sendable () async -> Problem?)?
        /// On the loop that will own the socket.
        package var accept: @Sendable (HTTPRequest, MediaLoop) throws(Problem) -> any WebSocketHandler

        package init(
            refusal: @escaping @Sendable (HTTPRequest) -> Problem?,
            inquiry: @escaping @Sendable (HTTPRequest) -> (@Sendable () async -> Problem?)? = { _ in nil },
            accept: @escaping @Sendable (HTTPRequest, MediaLoop) throws(Problem) -> any WebSocketHandler
        ) {
            self.refusal = refusal
            self.inquiry = inquiry
            self.accept = accept
        }
    }

    /// One of the things it answers with, besides problems.
    package struct Answer: Equatable, Sendable {
        package var status: Int
        package var description: String
        /// Nil: no body.
        package var type: String?
        package var schema: Schema?

        package init(_ status: Int, _ description: String, type: String? = "application/json", _ schema: Schema? = nil)
        {
            self.status = status
            self.description = description
            self.type = schema == nil && type == "application/json" ? nil : type
            self.schema = schema
        }
    }

    package let method: Method
    package let template: PathTemplate
    /// The document's `operationId`.
    package let id: String
    package let access: Access
    package let summary: String
    package var shape: InputShape
    package var answers: [Answer]
    /// Problems besides those that follow from the rest: 404, 409, …
    package var problems: Set<Int> = []
    /// How large its body may be, how long it may take, whether it goes to disk.
    package var terms: RequestTerms
    /// The answer has an ETag and is not sent again to who has it.
    package var isTagged = false
    /// The rows that it answers with, page by page.
    package var lists: Resource?
    package let work: Work
    /// Of a write, once it is in the database: what this process remembers of before is to be forgotten.
    package var afterwards: (@Sendable (APIPrincipal) -> Void)?

    package static let bodyBytesStandard = 256 << 10

    package init(
        _ method: Method, _ template: String, id: String, _ access: Access, _ summary: String,
        shape: InputShape = InputShape(), answers: [Answer], problems: Set<Int> = [], terms: RequestTerms? = nil,
        isTagged: Bool = false, _ work: Work
    ) {
        self.method = method
        self.template = PathTemplate(template)
        self.id = id
        self.access = access
        self.summary = summary
        self.shape = shape
        self.answers = answers
        self.problems = problems
        // Nothing is read from the body of one that takes none.
        self.terms = terms ?? RequestTerms(bodyBytesMax: shape.body == .none ? 4 << 10 : Self.bodyBytesStandard)
        self.isTagged = isTagged
        self.work = work
        precondition(
            shape.path.map(\.name) == self.template.names, "\(template) and its values: \(shape.path.map(\.name))")
    }

    /// Whether it writes in a transaction of ours, so that a key makes it safe to repeat.
    var isWrite: Bool { if case .write(_) = work { true } else { false } }

    /// As metrics and the log name it.
    package var route: String { "\(method.rawValue) \(template)" }
}

/// What the work of an endpoint may look at besides its input.
package struct RequestContext: Sendable {
    package let request: HTTPRequest
    package let caller: Caller
    package let now: Date
    /// `PATCH /api/v1/tasks/{id}`
    package let route: String
    /// Names this request in the log, in the audit and in the answer.
    package let requestID: String
    let database: Database

    private static let readMs = 3_000

    /// Who asks, at an address for users.
    package var principal: APIPrincipal {
        get throws(Problem) {
            guard case .user(let token) = caller else { throw .nothingHere }
            return token.principal
        }
    }

    /// Reads what belongs to the caller's tenant, in one transaction.
    ///
    /// - Parameter ms: nil: what a person waits for.
    package func read<T: Sendable>(
        withinMs ms: Int? = nil, _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await database.transaction(tenant: try principal.tenant, timeoutMs: ms ?? Self.readMs, body)
    }

    /// Writes in one transaction of a tenant's, for an endpoint whose work is more than that.
    ///
    /// - Parameter tenant: nil: the caller's.
    package func write<T: Sendable>(
        tenant: TenantID? = nil, _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await database.transaction(tenant: try tenant ?? principal.tenant, body)
    }

    /// Asks what is not yet, or not at all, of one tenant: functions of the database that look across.
    package func unscoped<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await database.unscoped(timeoutMs: Self.readMs, body)
    }

    /// Makes sure that nobody was faster: `If-Match` names what the caller has read, if it names anything.
    ///
    /// - Parameter tag: of what there is now.
    package func checkUnchanged(since tag: String) throws(Problem) {
        let lines = request.headers.filter { $0.name == "if-match" }.map(\.value)
        guard lines.isEmpty || EntityTags(lines).includes(tag) else { throw .changedMeanwhile }
    }
}

/// What an endpoint answers: a value, or the JSON of one as PostgreSQL has built it.
package struct Reply<Output: Encodable>: Sendable {
    package let response: HTTPResponse

    package static func value(_ value: Output, status: Int = 200) throws -> Reply {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes = Array(try encoder.encode(value))
        bytes.writeIDsSmall()
        return Reply(response: .json(bytes, status: status))
    }

    package static func json(_ text: String, status: Int = 200) -> Reply {
        Reply(response: .json(text, status: status))
    }

    /// - Parameter location: where it is to be found from now on.
    package static func created(_ json: String, at location: String) -> Reply {
        var response = HTTPResponse.json(json, status: 201)
        response.headers.append((name: "location", value: location))
        return Reply(response: response)
    }

    /// The same as a drawing, for whoever wants it so.
    package static func svg(_ text: String) -> Reply {
        Reply(
            response: HTTPResponse(
                status: 200, headers: [("content-type", "image/svg+xml"), ("vary", "accept")], body: Array(text.utf8)))
    }

    /// What is wrong, where what was done is to stay: a thrown ``Problem`` undoes it.
    package static func problem(_ problem: Problem) -> Reply { Reply(response: problem.response) }

    package static var done: Reply { Reply(response: .empty(204)) }

    package func with(_ headers: [(name: String, value: String)]) -> Reply {
        var response = response
        response.headers += headers
        return Reply(response: response)
    }
}

/// An answer without a body.
package struct Nothing: Codable, Sendable {}

extension [UInt8] {
    /// An id has one spelling, PostgreSQL's small letters; Foundation writes capitals. What is changed is a string of JSON that
    /// is a UUID and nothing else.
    fileprivate mutating func writeIDsSmall() {
        let length = 36
        var at = 0
        while at + length + 1 < count {
            let inside = (at + 1)...(at + length)
            guard self[at] == UInt8(ascii: "\""), self[at + length + 1] == UInt8(ascii: "\""),
                UUID(uuidString: String(decoding: self[inside], as: UTF8.self)) != nil
            else {
                at += 1
                continue
            }
            for place in inside where (0x41...0x46).contains(self[place]) { self[place] |= 0x20 }
            at += length + 2
        }
    }
}
