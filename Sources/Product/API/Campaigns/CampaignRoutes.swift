import CallModel
import Campaigns
import Compliance
import Database
import Dialing
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Campaigns, who is in them, and what happened. docs/campaigns.md.
enum CampaignRoutes {
    static func routes(_ dependencies: APIDependencies) -> [Endpoint] {
        resource.endpoints + contacts.endpoints + activities.endpoints + CampaignActions.routes
            + CampaignEnrolment.routes + CampaignReports.routes
            + [CampaignForecast.route(callsMax: dependencies.campaignCallsMax)]
    }

    static let address = "/api/v1/campaigns"

    static let resource = Resource(
        "campaigns", of: "Campaign", role: .admin,
        lists: [
            PresetList(
                address + "/active", id: "listActiveCampaigns", "Lists the campaigns that dial now.",
                only: "t.status = 'active'"),
            PresetList(
                address + "/by-type/{type}", id: "listCampaignsByType", "Lists the campaigns of one type.",
                [.init("type", for: "type")]),
        ],
        completedBy: { try CampaignShape.complete($2, before: $3, in: $0, $1) },
        heldBy: { _, _, row in
            guard ["scheduled", "active", "paused"].contains(row["status"]?.text) else { return }
            throw Problem.conflict("This campaign is \(row["status"]?.text ?? ""); stop it first.")
        },
        [
            .text(CampaignColumn.name, [.required, .search], max: 200),
            .text(CampaignColumn.description, .search, max: 2_000),
            .choice(CampaignColumn.type, CampaignShape.types, [.filter, .once], standard: "voice"),
            .choice(
                CampaignColumn.status, CampaignStatus.allCases.map(\.rawValue), [.filter, .readOnly],
                standard: "draft"),
            .text(CampaignColumn.reason, .readOnly, max: 1_000),
            .choice(CampaignColumn.goalType, ["meetings", "qualified_leads", "replies", "revenue"]),
            .integer(CampaignColumn.goalTarget, 1...1_000_000_000),
            .choice(
                CampaignColumn.purpose, CallingRule.Purpose.allCases.map(\.rawValue), .filter, standard: "marketing"),
            .texts(CampaignColumn.callerIds, countMax: 100, max: 16),
            .json(CampaignColumn.schedule, CampaignShape.schedule, standard: .object([:])),
            .time(CampaignColumn.startsAt), .time(CampaignColumn.endsAt),
            .json(CampaignColumn.pace, CampaignShape.pace, standard: .object([:])),
            .json(CampaignColumn.rules, CampaignShape.rules, standard: .object([:])),
            .json(CampaignColumn.targetCriteria, TargetCriteria.schema, standard: .object([:])),
            .json(CampaignColumn.budget, CampaignShape.budget, standard: .object([:])),
            .time(CampaignColumn.startedAt, .readOnly), .time(CampaignColumn.endedAt, .readOnly),
            .reference(CampaignColumn.createdByUserID, to: "users", .readOnly),
        ])

    /// Throws 404 where there is no such campaign.
    static func check(_ id: String?, in transaction: borrowing Transaction) throws {
        if try transaction.query("select from campaigns where id = $1::uuid", [.text(id)]).isEmpty {
            throw Problem.notFound
        }
    }

    private static let contacts = Resource(
        "campaign_contacts", of: "Enrolment", verbs: [], role: .admin,
        lists: [
            PresetList(
                address + "/{id}/contacts", id: "listCampaignContacts",
                "Lists who is in a campaign, how far it is with each, and why.", [.init("id", for: "campaign_id")],
                behind: { try check($2["id"]?.text, in: $0) })
        ],
        [
            .reference(CampaignContactColumn.campaignID, to: "campaigns", [.required, .filter]),
            .reference(CampaignContactColumn.contactID, to: "contacts", [.required, .filter]),
            .choice(
                CampaignContactColumn.status, EnrolmentStatus.allCases.map(\.rawValue), [.required, .filter]),
            .text(CampaignContactColumn.reason, [.filter, .readOnly], max: 200),
            .integer(CampaignContactColumn.attempts, 0...Int(Int32.max), [.required, .filter]),
            .time(CampaignContactColumn.nextAt, [.readOnly, .filter], filteredAs: "next"),
            .choice(CampaignContactColumn.lastOutcome, DialOutcome.allCases.map(\.rawValue), [.readOnly, .filter]),
            .uuid(CampaignContactColumn.attemptID, .readOnly),
        ])

    private static let activities = Resource(
        "campaign_activities", of: "CampaignActivity", verbs: [], role: .admin, isAppendOnly: true,
        lists: [
            PresetList(
                address + "/{id}/activities", id: "listCampaignActivities",
                "Lists what happened in a campaign, the latest first.", [.init("id", for: "campaign_id")],
                behind: { try check($2["id"]?.text, in: $0) })
        ],
        [
            .reference(CampaignActivityColumn.campaignID, to: "campaigns", [.required, .filter]),
            .uuid(CampaignActivityColumn.campaignContactID, [.readOnly, .filter]),
            .reference(CampaignActivityColumn.contactID, to: "contacts", [.readOnly, .filter]),
            .uuid(CampaignActivityColumn.attemptID, [.readOnly, .filter]),
            .text(CampaignActivityColumn.activityType, [.required, .filter], max: 60),
            .time(CampaignActivityColumn.at, .required),
            .json(CampaignActivityColumn.metadata, .map(.anything), .readOnly, standard: .object([:])),
        ])
}
