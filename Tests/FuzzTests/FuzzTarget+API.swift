import CallModel
import Encoding
import Foundation
import TwilioProtocol
import WebSocketTransport

@testable import API
@testable import Endpoints

extension FuzzTarget {
    private static let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let mint = StreamTokenMint(secret: secret)
    private static let goodToken = JWT.sign(
        APIPrincipal(subject: "ann", tenant: .initial, role: .agent), secret: secret, issuedAt: now)

    /// Text that is no token opens nothing; claims under a right signature are read or refused.
    static func checkToken(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        hold(
            text == goodToken || (try? JWT.verify(text, secret: secret, at: now)) == nil, "nobody guesses a signature")
        let parts = input.split(separator: 0x0A, maxSplits: 1)
        if parts.count == 2 {
            let signed = Base64URL.encode(Array(parts[0])) + "." + Base64URL.encode(Array(parts[1]))
            let token = signed + "." + Base64URL.encode(Digest.hmacSHA256(key: secret, Array(signed.utf8)))
            if let verified = try? JWT.verify(token, secret: secret, at: now) {
                hold(verified.expiresAt > now, "a token that is good has not expired")
                hold(!verified.principal.subject.isEmpty, "a token that is good has a subject")
            }
        }
        if let bytes = Base64URL.decode(text) {
            hold(Base64URL.decode(Base64URL.encode(bytes)) == bytes, "\(bytes.count) bytes come back from Base64")
        }
        guard let callSid = CallSid("CA00000000000000000000000000000001") else { return }
        hold(
            (try? mint.verify(text, for: callSid, now: 1_800_000_000)) == nil, "nobody guesses a stream token")
    }

    /// The first line is a path, the second a query, the others headers of the same bytes.
    static func checkAPIRequest(_ input: [UInt8]) {
        let lines = input.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let rest = lines.count > 2 ? lines[2] : ""
        let request = HTTPRequest(
            method: "GET", path: lines[0], query: lines.count > 1 ? lines[1] : "",
            headers: ["authorization", "sec-websocket-protocol", "if-none-match", "host"].map { ($0, rest) })
        if let segments = PathTemplate.segments(of: request.target) {
            hold(!segments.isEmpty, "a path has a segment at least")
            hold(!segments.contains { $0.utf8.contains(0) }, "no segment hides a NUL")
        }
        for endpoint in CallRoutes.routes + LeadRoutes.routes {
            guard let value = try? endpoint.shape.read(request, [rest]) else { continue }
            _ = try? ValueDecoder.read(CallListQuery.self, from: value)
        }
        if let value = JSONValue(input) {
            hold(JSONValue(Array(value.json.utf8)) == value, "what is written of a value is read as the same")
            _ = CallRoutes.routes.flatMap(\.answers).compactMap(\.schema).map { $0.faults(in: value) }
        }
        _ = BearerToken.handshake(of: request)
        let tags = EntityTags([rest, rest])
        hold(tags == .any || !tags.includes("\""), "a quotation mark alone is no tag")
        if let cursor = RowCursor(rest) {
            hold(cursor.text == rest, "a cursor of a list is ours to the letter")
        }
        _ = InternetTime(rest)
        if case .part(let part) = ByteRange(rest, of: 1_000) {
            hold(!part.isEmpty && part.upperBound <= 1_000, "a part is one of the whole")
        }
        if let cursor = CallCursor(rest) { hold(cursor.text == rest, "a cursor is ours to the letter") }
        hold(
            (try? MetricsAccess(token: "0123456789abcdef!", trustsThisMachine: true).check(
                request, jwtSecret: secret, at: now)) == nil, "nobody guesses a token")
    }
}
