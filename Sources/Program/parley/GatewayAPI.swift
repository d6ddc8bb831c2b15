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

    init(url: String, token: String) {
        self.url = url
        self.token = token
    }

    init(_ arguments: Arguments) async throws {
        var config = try GatewayConfig()
        _ = try config.takeLocalAccount(isMade: false)
        guard let secret = config.jwtSecret else {
            throw Arguments.Mistake(
                text: "PARLEY_JWT_SECRET is not set: set it to the gateway's, which it is asked with")
        }
        let url = arguments.text("--gateway") ?? config.listenerURL
        func sign(_ role: APIRole, _ tenant: TenantID) -> String {
            JWT.sign(
                APIPrincipal(subject: "parley campaign", tenant: tenant, role: role), secret: secret,
                validSeconds: 12 * 3_600)
        }
        var tenant = TenantID.initial
        if let name = arguments.text("--tenant") {
            // Tenants are the platform's: whoever has the secret may ask for them.
            let platform = GatewayAPI(url: url, token: sign(.superAdmin, .initial))
            tenant = try await platform.tenant(name)
        }
        self.init(url: url, token: sign(.admin, tenant))
    }

    /// - Parameter name: an id or a slug.
    private func tenant(_ name: String) async throws -> TenantID {
        if let id = TenantID(name) { return id }
        var cursor = ""
        while true {
            let page = try await ask("GET", "/tenants?limit=200\(cursor)")
            let found = page["data"]?.list?.first { $0["slug"]?.text == name }
            if let id = found?["id"]?.text.flatMap({ TenantID($0) }) { return id }
            guard let next = page["next_cursor"]?.text else { throw Refused(text: "there is no tenant \(name)") }
            cursor = "&cursor=\(next.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
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
