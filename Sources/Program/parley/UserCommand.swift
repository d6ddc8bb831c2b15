import API
import CallModel
import Endpoints
import Foundation
import Gateway

enum UserCommand: Command {
    static let name = "user"
    static let summary = "adds a user who logs in with a password, or lists a tenant's users"
    static let verbs = ["add", "list"]
    static let options = [
        Option("--tenant", "SLUG", "slug or UUID; default: the tenant a new installation starts with"),
        Option("--email", "ADDRESS", "add: what the user logs in with"),
        Option("--name", "NAME", "add: default the address"),
        Option("--role", "ROLE", "add: agent, manager, admin or super_admin; default agent"),
        Option("--no-password", nil, "add: sets none; an admin invites, or tokens come from PARLEY_JWKS_URL"),
        Option("--json", nil, "list: print JSON"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let config = try GatewayConfig()
        return arguments.verb == "list" ? try await list(arguments, config) : try await add(arguments, config)
    }

    private static func list(_ arguments: Arguments, _ config: GatewayConfig) async throws -> ExitCode {
        let users = try await CommandDatabase.use(config) { database in
            let tenant = try await TenantAccounts.find(
                arguments.text("--tenant") ?? TenantID.initial.description, in: database)
            return try await UserAccounts.list(of: tenant, in: database)
        }
        if arguments.has("--json") { return try JSONPage.print(users) }
        for user in users {
            let notes = [user.isActive ? nil : "deactivated", user.hasPassword ? nil : "no password"].compactMap(\.self)
            let note = notes.isEmpty ? "" : "  (\(notes.joined(separator: ", ")))"
            print("\(user.id.uuidString.lowercased())  \(user.role)  \(user.email)  \(user.fullName)\(note)")
        }
        return .done
    }

    private static func add(_ arguments: Arguments, _ config: GatewayConfig) async throws -> ExitCode {
        let email = try arguments.needed("--email")
        guard let role = APIRole(rawValue: arguments.text("--role") ?? "agent") else {
            throw Arguments.Mistake(text: "--role must be agent, manager, admin or super_admin")
        }
        let isWithout = arguments.has("--no-password") || config.issuer != nil
        let password = isWithout ? nil : try PasswordPrompt.read(for: email)
        let user = try await CommandDatabase.use(config) { database in
            let tenant = try await TenantAccounts.find(
                arguments.text("--tenant") ?? TenantID.initial.description, in: database)
            return try await UserAccounts.add(
                email: email, name: arguments.text("--name") ?? email, role: role, password: password, to: tenant,
                in: database)
        }
        print("User \(email.lowercased()) is \(user.uuidString.lowercased()), role \(role.rawValue).")
        if config.issuer != nil { print("Users log in at the issuer of PARLEY_JWKS_URL: no password was set.") }
        return .done
    }
}

/// A list for other programs.
enum JSONPage {
    static func print(_ rows: [some Encodable]) throws -> ExitCode {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Swift.print(String(decoding: try encoder.encode(rows), as: UTF8.self))
        return .done
    }
}
