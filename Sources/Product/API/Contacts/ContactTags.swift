import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// The tags there are.
enum ContactTags {
    struct TagPage: Codable, Sendable {
        struct Tag: Codable, Sendable {
            var tag: String
            var contacts: Int
        }
        var data: [Tag]
    }

    private static let tagsMax = 1_000

    static let route = Endpoint.get(
        "/api/v1/contacts/tags", id: "listTags", .role(.admin), "The tags of contacts, the most used first.",
        NoInput.self, TagPage.self
    ) { context, _ in
        let tags = try await context.read { transaction in
            try transaction.query(
                """
                select tag, count(*) as contacts from contact_tags
                group by tag order by contacts desc, tag limit $1
                """, [.int(tagsMax)]
            ).map { TagPage.Tag(tag: try $0.text("tag"), contacts: try $0.int("contacts")) }
        }
        return try .value(TagPage(data: tags))
    }
}

/// How a contact pays.
enum ContactBilling {
    struct One: EndpointInput {
        var id: UUID
    }

    struct BillingStatus: Codable, Sendable {
        enum Standing: String, Codable, CaseIterable, Sendable {
            /// No customer of the payment provider.
            case none
            /// One, whose standing nobody has told us.
            case unknown
        }
        var contactID: RowID
        var stripeCustomerID: String?
        var status: Standing
    }

    static let route = Endpoint.get(
        "/api/v1/contacts/{id}/billing-status", id: "contactBillingStatus", .role(.admin),
        "Whether a contact is a customer of the payment provider.", One.self, BillingStatus.self
    ) { context, one in
        let rows = try await context.read {
            try $0.query("select stripe_customer_id from contacts where id = $1", [.uuid(one.id)])
        }
        guard let row = rows.first else { throw Problem.notFound }
        let customer = try row.textOrNil("stripe_customer_id")
        return try .value(
            BillingStatus(
                contactID: RowID(one.id), stripeCustomerID: customer, status: customer == nil ? .none : .unknown))
    }
}
