import API
import CallModel
import Encoding
import Endpoints
import Foundation
import Gateway
import HTTPClient

/// The API of a running gateway, asked as an admin of the tenant.
struct GatewayAPI: Sendable {
    struct Refused: Error, CustomStringConvertible {
        var text: String
        var description: String { text }
    }

    private static let timeLimit = Duration.seconds(30)
    private static let answerBytesMax = 1 << 20
    /// So often it is asked again when it asks for patience.
    private static let waitsMax = 60

    private let url: String
    private let token: String
    private let http = HTTPClient(answerBytesMax: answerBytesMax)

    init(_ arguments: Arguments) throws {
        var config = try GatewayConfig()
        _ = try config.takeLocalAccount(isMade: false)
        guard let secret = config.jwtSecret else {
            throw Arguments.Mistake(
                text: "PARLEY_JWT_SECRET is not set: set it to the gateway's, which it is asked with")
        }
        guard let tenant = arguments.text("--tenant").map({ TenantID($0) }) ?? .some(TenantID.initial) else {
            throw Arguments.Mistake(text: "--tenant is not a UUID")
        }
        url = arguments.text("--gateway") ?? config.listenerURL
        token = JWT.sign(
            APIPrincipal(subject: "parley campaign", tenant: tenant, role: .admin), secret: secret,
            validSeconds: 12 * 3_600)
    }

    /// - Throws: ``Refused`` with what the gateway says.
    func ask(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let answer = try await bytes(method, path, body)
        guard let value = JSONValue(answer) else { throw Refused(text: "the gateway answers what is no JSON") }
        return value
    }

    /// - Throws: ``Refused`` with what the gateway says.
    func bytes(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> [UInt8] {
        var headers = [("Authorization", "Bearer \(token)")]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        let request = OutgoingRequest(
            method, url + "/api/v1" + path, headers: headers, body: body.map { Array($0.json.utf8) })
        for _ in 0..<Self.waitsMax {
            let answer = try await http.send(request, within: Self.timeLimit)
            if answer.status == 429 {
                try await Task.sleep(for: .seconds(1))
                continue
            }
            guard (200..<300).contains(answer.status) else {
                throw Refused(text: JSONValue(answer.body)?["detail"]?.text ?? "the gateway answers \(answer.status)")
            }
            return answer.body
        }
        throw Refused(text: "the gateway asks for patience for too long")
    }
}
