import API
import CallModel
import Endpoints
import Foundation
import Gateway

enum TokenCommand: Command {
    static let name = "token"
    static let summary = "prints an API token for the console or a script, signed with PARLEY_JWT_SECRET"
    static let options = [
        Option("--tenant", "UUID", "default: the tenant a new installation starts with"),
        Option("--role", "ROLE", "agent, manager, admin or super_admin; default manager"),
        Option("--hours", "N", "how long it is good for; default 12, at most 720"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        var config = try GatewayConfig()
        _ = try config.takeLocalAccount(isMade: false)
        guard let secret = config.jwtSecret else {
            throw Arguments.Mistake(text: "PARLEY_JWT_SECRET is not set; make one with: openssl rand -hex 32")
        }
        guard let tenant = arguments.text("--tenant").map({ TenantID($0) }) ?? .some(TenantID.initial) else {
            throw Arguments.Mistake(text: "--tenant is not a UUID")
        }
        guard let role = APIRole(rawValue: arguments.text("--role") ?? "manager") else {
            throw Arguments.Mistake(text: "--role must be agent, manager, admin or super_admin")
        }
        guard let hours = Int(arguments.text("--hours") ?? "12"), (1...720).contains(hours) else {
            throw Arguments.Mistake(text: "--hours must be 1 to 720")
        }
        let principal = APIPrincipal(subject: "parley token", tenant: tenant, role: role)
        print(JWT.sign(principal, secret: secret, validSeconds: hours * 3_600))
        return .done
    }
}
