import CallModel
import Campaigns
import Compliance
import Database
import Dialing
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What a campaign is told to do. It holds for all nodes as soon as it is written: a call is asked for only after one more look.
enum CampaignActions {
    static let routes: [Endpoint] = [start, pause, resume, stop, emergencyStop, clone, testSend]

    private static let resource = CampaignRoutes.resource

    struct CampaignOrder: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The campaign's id.")]
    }

    struct CampaignPause: EndpointInput {
        var id: UUID
        var reason: String?
        static let rules: [String: FieldRule] = [
            "id": .help("The campaign's id."), "reason": .lengths(0...500, "Shown with it."),
        ]
    }

    private static func status(of row: JSONValue) -> CampaignStatus {
        row["status"]?.text.flatMap { CampaignStatus(rawValue: $0) } ?? .draft
    }

    private static func expect(
        _ row: JSONValue, _ wanted: [CampaignStatus], to what: String
    ) throws(Problem) {
        let status = status(of: row)
        guard !wanted.contains(status) else { return }
        throw .conflict(
            "This campaign is \(status.rawValue); only one that is "
                + "\(wanted.map(\.rawValue).joined(separator: " or ")) can be \(what).")
    }

    // MARK: Beginning

    private static let start = resource.action(
        "start", id: "startCampaign", "Begins to dial, at once or at its time.", CampaignOrder.self
    ) { transaction, context, _, row in
        try expect(row, [.draft], to: "started")
        return try beginning(row, in: transaction, context)
    }

    private static let resume = resource.action(
        "resume", id: "resumeCampaign", "Goes on where it was paused.", CampaignOrder.self
    ) { transaction, context, _, row in
        try expect(row, [.paused], to: "resumed")
        return try beginning(row, in: transaction, context)
    }

    private static func beginning(
        _ row: JSONValue, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws -> JSONValue {
        let id = row["id"]?.text
        let found = try transaction.query(
            """
            select exists (select from campaign_contacts e where e.campaign_id = $1::uuid
                    and e.status in \(EnrolmentStatus.waitingSQL)) as has_contacts,
                exists (select from tenants t where t.calls_stopped_at is not null) as is_stopped,
                exists (select from phone_numbers n, campaigns c where c.id = $1::uuid and n.is_active
                    and (cardinality(c.caller_ids) = 0 or n.number = any(c.caller_ids))) as has_number
            """, [.text(id)]
        ).first
        guard let found else { throw Problem.broken }
        guard try !found.bool("is_stopped") else {
            throw Problem.conflict("All calls are stopped; allow them again at `calling-rules/stop` first.")
        }
        guard try found.bool("has_number") else {
            throw Problem.conflict("There is no active number to call from.")
        }
        guard try found.bool("has_contacts") else { throw Problem.conflict("Nobody is enrolled who is to be called.") }
        func time(_ name: String) -> Date? { row[name]?.text.flatMap { InternetTime($0)?.date } }
        if let end = time("ends_at"), end <= context.now {
            throw Problem.conflict("The time of this campaign is over.")
        }
        if let begin = time("starts_at"), begin > context.now { return ["status": "scheduled", "reason": .null] }
        let started = row["started_at"].flatMap { $0 == .null ? nil : $0 } ?? .text(context.now.formatted(.iso8601))
        try transaction.send("update campaigns set next_dial_at = now() where id = $1::uuid", [.text(id)])
        return ["status": "active", "started_at": started, "reason": .null]
    }

    // MARK: Stopping

    private static let pause = resource.action(
        "pause", id: "pauseCampaign", "Places no further call; calls under way go on.", CampaignPause.self
    ) { transaction, _, input, row in
        try expect(row, [.scheduled, .active], to: "paused")
        try CampaignStop.takeBack(input.id, in: transaction)
        return ["status": "paused", "reason": input.reason.map { .text($0) } ?? .null]
    }

    private static let stop = resource.action(
        "stop", id: "stopCampaign", "Ends a campaign for good, before its next call.", CampaignPause.self
    ) { transaction, context, input, row in
        try expect(row, [.draft, .scheduled, .active, .paused], to: "stopped")
        try CampaignStop.takeBack(input.id, in: transaction)
        return [
            "status": "stopped", "reason": input.reason.map { .text($0) } ?? .null,
            "ended_at": .text(context.now.formatted(.iso8601)),
        ]
    }

    struct EmergencyStop: EndpointInput {
        var reason: String?
        var hangUp: Bool?
        static let rules: [String: FieldRule] = [
            "reason": .lengths(1...500, "Shown with each campaign."),
            "hang_up": .help("Whether calls under way are ended too; they go on unless it says so."),
        ]
    }

    struct EmergencyStopped: Codable, Sendable {
        /// Paused by it.
        var campaigns: Int
        /// Calls that were to be placed, and are not.
        var cancelled: Int
        /// Calls under way that are being ended.
        var hungUp: Int
    }

    private static let emergencyStop = Endpoint.write(
        .post, CampaignRoutes.address + "/emergency-stop", id: "stopAllCampaigns", .role(.admin),
        "Stops all calls of the tenant at once, on all nodes, and pauses its campaigns.", EmergencyStop.self,
        EmergencyStopped.self
    ) { transaction, context, input in
        let stopped = try CampaignStop.everything(
            reason: input.reason ?? "emergency stop", endsTalks: input.hangUp ?? false, in: transaction)
        let after: JSONValue = [
            "campaigns": .integer(stopped.campaigns), "cancelled": .integer(stopped.cancelled),
            "hung_up": .integer(stopped.hungUp),
        ]
        try Audit(context).note("tenants", before: nil, after: after.json, in: transaction)
        return try .value(
            EmergencyStopped(campaigns: stopped.campaigns, cancelled: stopped.cancelled, hungUp: stopped.hungUp))
    }

    // MARK: Another one

    struct CampaignClone: EndpointInput {
        var id: UUID
        var name: String?
        static let rules: [String: FieldRule] = [
            "id": .help("The campaign's id."), "name": .lengths(1...200, "Of the new one."),
        ]
    }

    private static let copied = [
        "description", "type", "goal_type", "goal_target", "purpose", "caller_ids", "schedule", "pace", "rules",
        "target_criteria", "budget",
    ]

    private static let clone = resource.addition(
        at: CampaignRoutes.address + "/{id}/clone", id: "cloneCampaign",
        "A new draft of the same kind, with nobody in it.", CampaignClone.self
    ) { transaction, context, input in
        let row = try resource.row(input.id, in: transaction, context)
        let name = input.name ?? String("Copy of \(row["name"]?.text ?? "")".prefix(200))
        var fields: [String: JSONValue] = ["name": .text(name)]
        for field in copied { if let value = row[field], value != .null { fields[field] = value } }
        return .object(fields)
    }

    // MARK: A try

    struct CampaignTest: EndpointInput {
        var id: UUID
        var to: String
        static let rules: [String: FieldRule] = [
            "id": .help("The campaign's id."), "to": .lengths(1...64, "Your own number, in E.164 form."),
        ]
    }

    private static let testSend = Endpoint.write(
        .post, CampaignRoutes.address + "/{id}/test-send", id: "testCampaign", .role(.admin),
        "Calls one's own number as the campaign would, through the same gate.", CampaignTest.self,
        DialRoutes.PlacedCall.self, status: 201, problems: [404, 409]
    ) { transaction, context, input in
        let row = try resource.row(input.id, in: transaction, context)
        let wish = DialDesk.Wish(
            number: try DialRoutes.number(input.to, "to"), contactID: nil,
            callerID: row["caller_ids"]?.list?.first?.text.flatMap { E164($0) },
            purpose: row["purpose"]?.text.flatMap { CallingRule.Purpose(rawValue: $0) } ?? .marketing,
            userID: try context.userID(in: transaction))
        return try DialRoutes.answer(to: wish, in: transaction, context)
    }
}
