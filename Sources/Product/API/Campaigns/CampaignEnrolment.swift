import Campaigns
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Who is to be called by a campaign.
enum CampaignEnrolment {
    static let routes: [Endpoint] = [preview, enroll, enrollFromCriteria, unenroll]

    /// Who was meant and is not taken.
    struct CampaignExclusions: Codable, Sendable {
        var alreadyEnrolled: Int
        var doNotContact: Int
        var noNumber: Int

        init(_ excluded: [Enrolment.Exclusion: Int]) {
            alreadyEnrolled = excluded[.alreadyEnrolled] ?? 0
            doNotContact = excluded[.doNotContact] ?? 0
            noNumber = excluded[.noNumber] ?? 0
        }
    }

    // MARK: Before

    struct TargetingPreview: EndpointInput {
        var campaignID: UUID?
        var criteria: TargetCriteria?
        static let rules: [String: FieldRule] = [
            "campaign_id": .help("Who is in it already is left out; its own criteria hold where none are given."),
            "criteria": .help("Whom to look for."),
        ]
    }

    struct TargetingFound: Codable, Sendable {
        /// Who would be enrolled.
        var count: Int
        var excluded: CampaignExclusions
        /// Some of them.
        var sample: [CampaignTarget]
    }

    struct CampaignTarget: Codable, Sendable {
        var id: RowID
        var contactName: String?
        var businessName: String?
        var phone: String?
    }

    private static let preview = Endpoint.write(
        .post, CampaignRoutes.address + "/targeting/preview", id: "previewTargeting", .role(.admin),
        "How many contacts fit, some of them, and how many are left out for which reason.", TargetingPreview.self,
        TargetingFound.self, problems: [404]
    ) { transaction, _, input in
        let criteria = try criteria(input.criteria, of: input.campaignID, in: transaction)
        let found = try Enrolment(input.campaignID, by: criteria).preview(in: transaction)
        let sample = try transaction.query(
            "select id, contact_name, business_name, phone from contacts where id = any($1::uuid[]) order by created_at desc, id",
            [.array(found.sample.map { .uuid($0) })]
        ).map { row in
            CampaignTarget(
                id: RowID(try row.uuid("id")), contactName: try row.textOrNil("contact_name"),
                businessName: try row.textOrNil("business_name"), phone: try row.textOrNil("phone"))
        }
        return try .value(
            TargetingFound(count: found.count, excluded: CampaignExclusions(found.excluded), sample: sample))
    }

    /// Those given, or those of the campaign.
    private static func criteria(
        _ given: TargetCriteria?, of campaign: UUID?, in transaction: borrowing Transaction
    ) throws -> TargetCriteria {
        guard let campaign else { return given ?? TargetCriteria() }
        let rows = try transaction.query(
            "select target_criteria::text as criteria from campaigns where id = $1::uuid", [.uuid(campaign)])
        guard let row = rows.first else { throw Problem.notFound }
        if let given { return given }
        return try JSONDecoder().decode(TargetCriteria.self, from: Data(try row.text("criteria").utf8))
    }

    // MARK: In

    struct ContactsOfCampaign: EndpointInput {
        var id: UUID
        var contactIds: [UUID]
        static let rules: [String: FieldRule] = [
            "id": .help("The campaign's id."), "contact_ids": .ids(atMost: 1_000),
        ]
    }

    struct Enrolled: Codable, Sendable {
        var enrolled: Int
        /// Those whom the rules of calling had refused, and who are asked about again.
        var askedAgain: Int
        var excluded: CampaignExclusions
        /// Who fits and is still to be enrolled: ask again.
        var remaining: Int
    }

    private static let enroll = Endpoint.write(
        .post, CampaignRoutes.address + "/{id}/enroll", id: "enrollContacts", .role(.admin),
        "Enrols contacts in a campaign: nobody twice, and nobody who asked to be left alone.", ContactsOfCampaign.self,
        Enrolled.self, problems: [404, 409]
    ) { transaction, context, input in
        try checkOpen(input.id, in: transaction)
        let wanted = Set(input.contactIds)
        let known = try transaction.query(
            "select count(*)::integer as n from contacts where id = any($1::uuid[])",
            [.array(wanted.map { .uuid($0) })]
        ).first?.int("n")
        guard known == wanted.count else {
            throw Problem.unprocessable([
                .of("contact_ids", "`contact_ids` names \(wanted.count - (known ?? 0)) who are no contacts.")
            ])
        }
        return try enrol(Enrolment(input.id, contacts: input.contactIds), input.id, in: transaction, context)
    }

    struct EnrolmentByCriteria: EndpointInput {
        var id: UUID
        var criteria: TargetCriteria?
        static let rules: [String: FieldRule] = [
            "id": .help("The campaign's id."), "criteria": .help("Without them those of the campaign."),
        ]
    }

    private static let enrollFromCriteria = Endpoint.write(
        .post, CampaignRoutes.address + "/{id}/enroll-from-criteria", id: "enrollFromCriteria", .role(.admin),
        "Enrols whoever fits, at most \(Enrolment.atOnceMax) at a time.", EnrolmentByCriteria.self, Enrolled.self,
        problems: [404, 409]
    ) { transaction, context, input in
        try checkOpen(input.id, in: transaction)
        let criteria = try criteria(input.criteria, of: input.id, in: transaction)
        return try enrol(Enrolment(input.id, by: criteria), input.id, in: transaction, context)
    }

    private static func enrol(
        _ enrolment: Enrolment, _ campaign: UUID, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws -> Reply<Enrolled> {
        let before = try enrolment.preview(in: transaction)
        let again = try enrolment.askAgain(in: transaction)
        let enrolled = try enrolment.enrol(in: transaction)
        try note(campaign, ["enrolled": .integer(enrolled), "asked_again": .integer(again)], in: transaction, context)
        return try .value(
            Enrolled(
                enrolled: enrolled, askedAgain: again, excluded: CampaignExclusions(before.excluded),
                remaining: max(before.count - enrolled, 0)))
    }

    private static func checkOpen(_ campaign: UUID, in transaction: borrowing Transaction) throws {
        let rows = try transaction.query(
            "select status from campaigns where id = $1::uuid for share", [.uuid(campaign)])
        guard let row = rows.first, let status = CampaignStatus(rawValue: try row.text("status")) else {
            throw Problem.notFound
        }
        if status.isOver { throw Problem.conflict("This campaign is \(status.rawValue).") }
    }

    private static func note(
        _ campaign: UUID, _ what: [String: JSONValue], in transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        let after = JSONValue.object(what.merging(["id": .text(campaign.uuidString.lowercased())]) { $1 })
        try Audit(context).note("campaign_contacts", before: nil, after: after.json, in: transaction)
    }

    // MARK: Out

    struct Unenrolled: Codable, Sendable {
        var unenrolled: Int
        /// Whose call is under way: they stay.
        var underWay: Int
    }

    private static let unenroll = Endpoint.write(
        .post, CampaignRoutes.address + "/{id}/unenroll", id: "unenrollContacts", .role(.admin),
        "Takes contacts out of a campaign; one whose call is under way stays.", ContactsOfCampaign.self,
        Unenrolled.self, problems: [404]
    ) { transaction, context, input in
        try CampaignRoutes.check(input.id.uuidString, in: transaction)
        let (removed, underWay) = try Enrolment.remove(input.contactIds, from: input.id, in: transaction)
        try note(input.id, ["unenrolled": .integer(removed)], in: transaction, context)
        return try .value(Unenrolled(unenrolled: removed, underWay: underWay))
    }
}
