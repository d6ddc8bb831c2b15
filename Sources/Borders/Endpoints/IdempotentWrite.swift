import Database
import Encoding
import FoundationEssentials
import WebSocketTransport

/// One write in one transaction of the caller's tenant, together with the memory that its `Idempotency-Key` has been used: both
/// are there, or neither is.
///
/// Under the same key within 24 hours the same user gets the same answer again, marked `idempotent-replayed: true`; 409 while
/// the first one runs, 422 when the request is another. What was refused has used no key.
struct IdempotentWrite {
    let endpoint: Endpoint
    let context: RequestContext

    typealias Work = @Sendable (borrowing Transaction, RequestContext, JSONValue) throws -> HTTPResponse

    private static let keyBytesMax = 255
    private static let kept = "interval '24 hours'"
    private static let sweptAtOnce = 20

    func run(_ input: JSONValue, _ work: @escaping Work) async throws -> HTTPResponse {
        let principal = try context.principal
        let key = try self.key
        let (context, route) = (context, endpoint.route)
        return try await context.database.transaction(tenant: principal.tenant) { transaction in
            guard let key else { return try work(transaction, context, input) }
            let place = Place(subject: principal.subject, key: key, request: Self.digest(context.request, route))
            if let replay = try place.answer(in: transaction) { return replay }
            let response = try work(transaction, context, input)
            // A refusal uses no key, even one that leaves something on record, like a receipt: what stood in the way may be gone.
            if (200..<300).contains(response.status) { try place.keep(response, in: transaction) }
            return response
        }
    }

    /// Nil when there is none; 400 for one that is none.
    private var key: String? {
        get throws(Problem) {
            let keys = context.request.headers.filter { $0.name == "idempotency-key" }.map(\.value)
            guard let key = keys.first else { return nil }
            guard keys.count == 1, (1...Self.keyBytesMax).contains(key.utf8.count),
                key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else {
                throw .badRequest("`Idempotency-Key` is 1 to \(Self.keyBytesMax) visible ASCII characters, given once.")
            }
            return key
        }
    }

    /// What makes two requests the same: address and body.
    private static func digest(_ request: HTTPRequest, _ route: String) -> String {
        let digest = Digest.sha256(Array("\(route) \(request.target)\n".utf8) + request.body)
        return Base64URL.encode(digest)
    }

    private struct Place {
        let subject: String
        let key: String
        let request: String

        /// The answer of the first time; nil when there is none, and the key is ours until the transaction ends.
        func answer(in transaction: borrowing Transaction) throws -> HTTPResponse? {
            let isOurs = try transaction.query(
                """
                select pg_try_advisory_xact_lock(hashtextextended(
                    'idempotency ' || app.tenant_id()::text || ' ' || $1 || ' ' || $2, 0)) as ours
                """, [.text(subject), .text(key)])
            guard try isOurs.first?.bool("ours") == true else {
                throw Problem.conflict("The first request with this `Idempotency-Key` is still running.")
            }
            let rows = try transaction.query(
                """
                select request, status, headers, body from idempotency_keys
                where subject = $1 and key = $2 and created_at > now() - \(kept)
                """, [.text(subject), .text(key)])
            guard let row = rows.first else { return nil }
            guard try row.text("request") == request else {
                throw Problem(
                    status: 422, title: "Unprocessable content",
                    detail: "This `Idempotency-Key` belongs to another request.")
            }
            var response = HTTPResponse(status: try row.int("status"), body: Array(try row.text("body").utf8))
            if case .object(let fields)? = JSONValue(Array(try row.text("headers").utf8)) {
                response.headers = fields.sorted { $0.key < $1.key }.compactMap { name, value in
                    value.text.map { (name: name, value: $0) }
                }
            }
            response.headers.append((name: "idempotent-replayed", value: "true"))
            return response
        }

        func keep(_ response: HTTPResponse, in transaction: borrowing Transaction) throws {
            let headers = Dictionary(response.headers.map { ($0.name, JSONValue.text($0.value)) }) { $1 }
            try transaction.send(
                """
                delete from idempotency_keys where (subject, key) in (
                    select subject, key from idempotency_keys where created_at <= now() - \(kept) limit \(sweptAtOnce))
                    or subject = $1 and key = $2
                """, [.text(subject), .text(key)])
            try transaction.send(
                """
                insert into idempotency_keys (tenant_id, subject, key, request, status, headers, body)
                values ((select app.tenant_id()), $1, $2, $3, $4::integer, $5::jsonb, $6)
                """,
                [
                    .text(subject), .text(key), .text(request), .int(response.status),
                    .json(JSONValue.object(headers).json), .text(String(decoding: response.body, as: UTF8.self)),
                ])
        }
    }
}
