import CRM
import CallModel
import Endpoints
import WebSocketTransport

/// What is known of whom a number belongs to.
enum CustomerRoutes {
    struct Ask: EndpointInput {
        var phone: String
        static let rules: [String: FieldRule] = ["phone": .help("E.164, tolerant of formatting.")]
    }

    static func context(_ customers: CustomerDirectory) -> Endpoint {
        .get(
            "/api/customer-context/{phone}", id: "customerContext", .role(.agent), "What is known of a phone number.",
            Ask.self, CustomerContext.self
        ) { context, ask in
            guard let number = E164(ask.phone) else {
                throw Problem.badRequest("The path must end in a phone number, best in E.164 form: +14155550100.")
            }
            let known = try await customers.context(
                tenant: try context.principal.tenant, phone: number, timeoutMs: 1_000)
            return try .value(known)
        }
    }
}
