import CRM
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// People and companies, and what is known of them.
enum ContactRoutes {
    static var routes: [Endpoint] {
        resource.endpoints + interactions.endpoints + CustomFieldRoutes.resource.endpoints
            + [
                DoNotContact.ask, DoNotContact.withdrawal, ContactTimeline.route, ContactMerge.route, ContactTags.route,
                ContactBilling.route, ContactExport.route, addInteraction,
            ]
    }

    static let resource = Resource(
        "contacts", of: "Contact", role: .admin,
        findingBy: TextFinder(
            "app.contacts_found",
            words: "app.search_words(t.tenant_id, t.contact_name, t.business_name, t.contact_email, t.phone)"),
        filters: [CustomFields.filter],
        completedBy: { try ContactRules.complete($2, before: $3, in: $0, $1) },
        heldBy: { try ContactRules.hold($2, in: $0) },
        [
            .text(ContactColumn.businessName, .search, max: 200), .text(ContactColumn.contactName, .search, max: 200),
            .text(ContactColumn.contactEmail, [.search, .filter], format: .email, foldedIn: "email_key"),
            .text(ContactColumn.contactRole, max: 200),
            .text(ContactColumn.phone, [.search, .filter], format: .phone),
            .text(ContactColumn.website, max: 2_048), .text(ContactColumn.address, max: 500),
            .text(ContactColumn.city, max: 100), .text(ContactColumn.state, max: 100),
            .text(ContactColumn.notes, max: 10_000),
            .choice(
                ContactColumn.status,
                ["lead", "prospect", "customer", "qualified", "closed_won", "closed_lost", "inactive"], .filter,
                standard: "lead"),
            .json(ContactColumn.customFields, .map(.anything), standard: .object([:])),
            .texts(ContactColumn.tags, .filter, countMax: 50, max: 64, listedIn: "contact_tags"),
            .text(ContactColumn.lifecycleStage, .filter, max: 60), .text(ContactColumn.leadSource, .filter, max: 100),
            .choice(
                ContactColumn.optInStatus, ["unknown", "opted_in", "opted_out"], .filter, standard: "unknown"),
            .flag(ContactColumn.doNotContact, [.filter, .readOnly], standard: false),
            .text(ContactColumn.timezone, max: 64), .text(ContactColumn.industry, .filter, max: 100),
            .text(ContactColumn.companySize, max: 60), .text(ContactColumn.stripeCustomerID, .readOnly, max: 100),
            .reference(ContactColumn.createdByUserID, to: "users", .readOnly),
        ])

    // MARK: What passed between us

    private static let address = "/api/v1/contacts/{contact_id}/interactions"

    private static let interactions = Resource(
        "contact_interactions", of: "Interaction", verbs: [], role: .admin, isAppendOnly: true,
        lists: [
            PresetList(
                address, id: "listInteractions", "Lists what passed between us and a contact.",
                [PresetList.Stand("contact_id", for: "contact_id")], sortedBy: "-interaction_date",
                behind: { transaction, principal, input in
                    try ContactRules.check(input["contact_id"], in: transaction)
                })
        ],
        completedBy: { transaction, context, given, _ in
            var given = given
            given["user_id"] = try context.userID(in: transaction).map { .text($0.uuidString.lowercased()) }
            return given
        },
        [
            .reference(InteractionColumn.contactID, to: "contacts", [.required, .filter]),
            .reference(InteractionColumn.userID, to: "users", [.readOnly, .filter]),
            .choice(
                InteractionColumn.interactionType,
                ["phone_call", "email", "sms", "whatsapp", "meeting", "note", "task", "follow_up"],
                [.required, .filter]),
            .text(InteractionColumn.subject, max: 200), .text(InteractionColumn.content, max: 20_000),
            .time(InteractionColumn.interactionDate, [.required, .filter, .sort], filteredAs: "interaction"),
            .json(InteractionColumn.metadata, .map(.anything), .readOnly, standard: .object([:])),
        ])

    struct NewInteraction: EndpointInput {
        enum Kind: String, Codable, CaseIterable {
            case email, sms, whatsapp, meeting, note, task, phoneCall = "phone_call", followUp = "follow_up"
        }
        var contactID: UUID
        var interactionType: Kind
        var subject: String?
        var content: String?
        var interactionDate: Date?
        static let rules: [String: FieldRule] = [
            "subject": .lengths(0...200), "content": .lengths(0...20_000),
            "interaction_date": .help("When it was; now, where nothing is said."),
        ]
    }

    private static let addInteraction = interactions.addition(
        at: address, id: "createInteraction", "Keeps a note of what passed between us and a contact.",
        NewInteraction.self
    ) { transaction, context, input in
        try ContactRules.check(.text(input.contactID.uuidString), in: transaction)
        let date = input.interactionDate ?? context.now
        // Cursors count from there.
        guard date.timeIntervalSince1970 >= 0 else {
            throw Problem.unprocessable([.of("interaction_date", "`interaction_date` lies before 1970.")])
        }
        return [
            "contact_id": .text(input.contactID.uuidString.lowercased()),
            "interaction_type": .text(input.interactionType.rawValue),
            "subject": input.subject.map { .text($0) } ?? .null, "content": input.content.map { .text($0) } ?? .null,
            "interaction_date": .text(date.formatted(.iso8601)),
        ]
    }
}
