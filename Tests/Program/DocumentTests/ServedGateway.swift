import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import FoundationNetworking
import TestSupport

/// A gateway in a process of its own, over a database of a test's with a row of everything, and a program's key to its API: made as an operator makes
/// one, by a user from the command line who logs in.
final class ServedGateway: Sendable {
    struct Refused: Error, CustomStringConvertible { let description: String }

    let temporary: TemporaryDatabase
    let url: String
    /// Gone with the gateway.
    let folder: String
    private let process: GatewayProcess

    /// Of a super_admin.
    let email = "ann@example.com"
    static let password = "a heron waits at noon"

    static func start() async throws -> ServedGateway {
        let gateway = try await ServedGateway()
        try await gateway.process.untilReady()
        _ = try await OutsideProgram.runBeside(
            "sh",
            [
                "-c", "echo '\(password)' | \"$0\" user add --email \(gateway.email) --name Ann --role super_admin",
                GatewayProcess.executable.path,
            ], environment: ["PARLEY_DATABASE_URL": gateway.temporary.appURL])
        return gateway
    }

    /// Tells the user of something.
    func notifyUser() async throws {
        _ = try await temporary.rows(
            """
            insert into notifications (tenant_id, user_id, kind, title, subject_table, subject_id)
            select tenant_id, id, 'lead_hot', 'Hot lead', 'leads', gen_random_uuid() from users where email = $1
            """, [.text(email)])
    }

    private init() async throws {
        temporary = try await TemporaryDatabase.make(connectionsMax: 2)
        try await Everything.insert(for: .initial, into: temporary)
        folder = FileManager.default.temporaryDirectory.appending(path: "parley-served-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let port = try HeldPort.take()
        url = "http://127.0.0.1:\(port)"
        process = try GatewayProcess([
            "PARLEY_LISTEN": "127.0.0.1:\(port)", "PARLEY_DATA_DIR": folder + "/var",
            "PARLEY_DATABASE_URL": temporary.appURL, "PARLEY_AGENT_URL": "ws://127.0.0.1:1", "PARLEY_LOG": "warning",
            "PARLEY_JWT_SECRET": UUID().uuidString, "PARLEY_MEDIA_THREADS": "1",
            "PARLEY_SPECIALISTS_DIR": Checkout.path("specialists"),
            "PARLEY_INSECURE_WEBHOOKS_TO_PRIVATE_ADDRESSES": "true",
        ])
    }

    deinit {
        process.kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What it has complained of, but for the user it runs as.
    var said: String {
        process.said.split(separator: "\n").filter { !$0.contains("running as root") }.joined(separator: "\n")
    }

    /// The document as it is served, in a file of ``folder``.
    func document() async throws -> (path: String, value: JSONValue) {
        let answer = try await ask("GET", "/api/v1/openapi.json")
        guard answer.status == 200, let value = JSONValue(Array(answer.body)) else {
            throw Refused(description: "no document: \(answer.status)")
        }
        let path = folder + "/openapi.json"
        try answer.body.write(to: URL(filePath: path))
        return (path, value)
    }

    /// Keys with the highest role, made as the user's browser makes them.
    func keys(_ count: Int) async throws -> [String] {
        let login = try await ask(
            "POST", "/api/auth/login", body: ["email": .text(email), "password": .text(Self.password)])
        guard let cookie = login.headers["Set-Cookie"]?.split(separator: ";").first else {
            throw Refused(description: "no session: \(login.status) \(String(decoding: login.body, as: UTF8.self))")
        }
        var keys: [String] = []
        for _ in 0..<count {
            let made = try await ask(
                "POST", "/api/v1/api-keys", ["Cookie": String(cookie), "Origin": url],
                body: ["name": "a stranger's program", "role": "super_admin"])
            guard let key = JSONValue(Array(made.body))?["key"]?.text else {
                throw Refused(description: "no key: \(made.status) \(String(decoding: made.body, as: UTF8.self))")
            }
            keys.append(key)
        }
        return keys
    }

    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: Data
    }

    func ask(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: JSONValue? = nil
    ) async throws -> Answer {
        guard let address = URL(string: url + path) else { throw Refused(description: "\(path) is no address") }
        var request = URLRequest(url: address)
        request.httpMethod = method
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if let body {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(body.json.utf8)
        }
        let settings = URLSessionConfiguration.ephemeral
        settings.httpShouldSetCookies = false
        let (data, response) = try await URLSession(configuration: settings).data(for: request)
        guard let response = response as? HTTPURLResponse else { throw Refused(description: "no answer of HTTP") }
        let fields = response.allHeaderFields.compactMap { name, value in
            (name as? String).flatMap { name in (value as? String).map { (name, $0) } }
        }
        return Answer(status: response.statusCode, headers: Dictionary(fields) { $1 }, body: data)
    }
}
