import API
import CallModel
import Foundation
import Gateway

enum TenantCommand: Command {
    static let name = "tenant"
    static let summary = "adds a tenant with all it needs to take calls, or lists them"
    static let verbs = ["add", "list"]
    static let options = [
        Option("--name", "NAME", "add: as the agent says it"),
        Option("--slug", "SLUG", "add: for logins: small letters and digits, hyphens between"),
        Option("--number", "+E164", "add: its first phone number"),
        Option("--json", nil, "list: print JSON"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let config = try GatewayConfig()
        if arguments.verb == "list" {
            let tenants = try await CommandDatabase.use(config) { try await TenantAccounts.list(in: $0) }
            if arguments.has("--json") { return try JSONPage.print(tenants) }
            for tenant in tenants {
                let note = tenant.isActive ? "" : "  (inactive)"
                print("\(tenant.id.uuidString.lowercased())  \(tenant.slug)  \(tenant.name)\(note)")
            }
            return .done
        }
        let name = try arguments.needed("--name")
        guard let slug = Slug(try arguments.needed("--slug")) else {
            throw Arguments.Mistake(text: "--slug is small letters and digits, with single hyphens between")
        }
        var number: E164?
        if let written = arguments.text("--number") {
            guard let read = E164(written) else { throw Arguments.Mistake(text: "--number is no phone number") }
            number = read
        }
        let called = number
        let tenant = try await CommandDatabase.use(config) {
            try await TenantAccounts.add(name: name, slug: slug, number: called, in: $0)
        }
        print("Tenant \(slug.text) is \(tenant). Its first admin: parley user add --tenant \(slug.text) --role admin …")
        return .done
    }
}
