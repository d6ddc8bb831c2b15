import CRM
package import CallModel
package import Endpoints
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

/// Not the deal that has an address of its own.
extension CustomerContext.Deal: SchemaDescribed {
    package static var schema: Schema {
        .record(
            Schema.Record(
                name: "OpenDeal",
                [
                    Schema.Field("title", .text(), isRequired: true), Schema.Field("value", .nullable(.number())),
                    Schema.Field("currency", .text(), isRequired: true),
                    Schema.Field("stage", .text(), isRequired: true),
                ]))
    }

    package static var sample: CustomerContext.Deal {
        CustomerContext.Deal(title: "", value: nil, currency: "", stage: "")
    }
}
