import CallModel
import Encoding
import Foundation
import JOSE
import TwilioProtocol
import WebSocketTransport

@testable import API
@testable import Endpoints

extension FuzzTarget {
    private static let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let mint = StreamTokenMint(secret: secret)
    private static let keys = TokenKeys(secret: secret)
    /// Of RFC 7515, appendix A.3, whose private half everybody has as well; the token is the one shown there.
    private static let published = try? WebKeySet(
        Array(
            """
            {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
            "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
            """.utf8))
    private static let publishedToken =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        + "cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    private static let goodToken = JWT.sign(
        APIPrincipal(subject: "ann", tenant: .initial, role: .agent), secret: secret, issuedAt: now)

    private static func verified(_ token: String) -> VerifiedToken? {
        keys.flatMap { try? JWT.verify(token, keys: $0, at: now) }
    }

    /// Text that is no token opens nothing; claims under a right signature are read or refused.
    static func checkToken(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        hold(
            text == goodToken || verified(text) == nil, "nobody guesses a signature")
        if let token = SignedToken(text), let key = published?.key(for: token) {
            hold(text == publishedToken || !token.isSigned(by: key), "nobody guesses a signature of an issuer")
        }
        _ = try? WebKeySet(input)
        let parts = input.split(separator: 0x0A, maxSplits: 1)
        if parts.count == 2 {
            let signed = Base64URL.encode(Array(parts[0])) + "." + Base64URL.encode(Array(parts[1]))
            let token = signed + "." + Base64URL.encode(Digest.hmacSHA256(key: secret, Array(signed.utf8)))
            if let verified = verified(token) {
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
            _ = try? ValueDecoder.read(LeadScoreRoutes.ScoresAsk.self, from: value)
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
        if let cursor = TimeCursor(rest) { hold(cursor.text == rest, "a cursor is ours to the letter") }
        hold(
            (try? MetricsAccess(token: "0123456789abcdef!", trustsThisMachine: true).check(
                request, keys: keys, at: now)) == nil, "nobody guesses a token")
    }
}
