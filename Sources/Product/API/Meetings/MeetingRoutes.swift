import CRM
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// When somebody meets a lead.
enum MeetingRoutes {
    static var routes: [Endpoint] {
        resource.endpoints + [reschedule, cancel, MeetingCalendar.route, DemoSuggestion.route]
    }

    static let resource = Resource(
        "meetings", of: "Meeting", seenBy: Seen.ofLead,
        completedBy: { transaction, context, given, before in
            var given = given
            if before == nil, given["agent_id"] == nil {
                given["agent_id"] = try context.userID(in: transaction).map { .text($0.uuidString.lowercased()) }
            }
            try check(given, before)
            // Calendars are told that it is another than they know.
            let shown = ["title", "starts_at", "ends_at", "status", "location", "meeting_link", "notes"]
            if let before, shown.contains(where: { name in given[name].map { $0 != before[name] } ?? false }) {
                given["sequence"] = .integer((before["sequence"]?.integer ?? 0) &+ 1)
            }
            return given
        },
        followedBy: { try note(from: $2, to: $3, in: $0, $1) },
        [
            .reference(MeetingColumn.leadID, to: "leads", [.required, .filter, .once], seenBy: Seen.own),
            .reference(MeetingColumn.callID, to: "calls", .readOnly),
            .reference(MeetingColumn.agentID, to: "users", .filter),
            .text(MeetingColumn.title, [.required, .search], max: 200),
            .time(MeetingColumn.startsAt, [.required, .filter, .sort], filteredAs: "starts"),
            .time(MeetingColumn.endsAt, .required, filteredAs: "ends"),
            .choice(
                MeetingColumn.status, ["scheduled", "completed", "cancelled", "no_show", "rescheduled"], .filter,
                standard: "scheduled"),
            .text(MeetingColumn.meetingLink, format: .uri), .text(MeetingColumn.location, .search, max: 500),
            .text(MeetingColumn.notes, .search, max: 10_000),
            .integer(MeetingColumn.sequence, 0...Int(Int32.max), .readOnly, standard: 0),
        ])

    private static let hoursMax = 24.0

    private static func check(_ given: [String: JSONValue], _ before: JSONValue?) throws(Problem) {
        func time(_ name: String) -> Date? { (given[name] ?? before?[name])?.text.flatMap { InternetTime($0)?.date } }
        guard given["starts_at"] != nil || given["ends_at"] != nil, let start = time("starts_at"),
            let end = time("ends_at")
        else { return }
        guard end > start, end.timeIntervalSince(start) <= hoursMax * 3_600 else {
            throw .unprocessable([.of("ends_at", "A meeting ends after it starts, within \(Int(hoursMax)) hours.")])
        }
    }

    private static func note(
        from before: JSONValue?, to after: JSONValue, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        let status = after["status"]?.text ?? ""
        let wasMoved = before.map { $0["starts_at"] != after["starts_at"] } ?? false
        guard before?["status"]?.text != status || wasMoved else { return }
        let subject =
            before == nil
            ? "Meeting booked"
            : before?["status"]?.text != status
                ? "Meeting \(status.replacing("_", with: " "))" : "Meeting moved"
        try LeadNote.write(
            of: after["lead_id"], "meeting", subject, after["title"]?.text,
            details: ["meeting_id": after["id"] ?? .null, "starts_at": after["starts_at"] ?? .null], in: transaction,
            context)
    }

    // MARK: What becomes of one

    struct MeetingReschedule: EndpointInput {
        var id: UUID
        var startsAt: Date
        var endsAt: Date?
        static let rules: [String: FieldRule] = ["ends_at": .help("As long as before, where nothing is said.")]
    }

    /// The same meeting at another time: calendars know it by its id.
    private static let reschedule = resource.action(
        "reschedule", id: "rescheduleMeeting", "Moves a meeting to another time.", MeetingReschedule.self
    ) { _, _, input, row in
        try checkOpen(row)
        func time(_ name: String) -> Date? { row[name]?.text.flatMap { InternetTime($0)?.date } }
        let length = time("ends_at").flatMap { end in time("starts_at").map { end.timeIntervalSince($0) } } ?? 1_800
        return [
            "status": "scheduled", "starts_at": .text(input.startsAt.formatted(.iso8601)),
            "ends_at": .text((input.endsAt ?? input.startsAt.addingTimeInterval(length)).formatted(.iso8601)),
        ]
    }

    struct MeetingCancellation: EndpointInput {
        var id: UUID
        var reason: String?
        static let rules: [String: FieldRule] = ["reason": .lengths(0...1_000, "Goes to the notes.")]
    }

    private static let cancel = resource.action(
        "cancel", id: "cancelMeeting", "Calls a meeting off.", MeetingCancellation.self
    ) { _, _, input, row in
        try checkOpen(row)
        guard let reason = input.reason, !reason.isEmpty else { return ["status": "cancelled"] }
        let notes = [row["notes"]?.text, "Cancelled: \(reason)"].compactMap(\.self).joined(separator: "\n")
        guard notes.unicodeScalars.count <= 10_000 else {
            throw Problem.unprocessable([.of("reason", "There is no room for it in the notes.")])
        }
        return ["status": "cancelled", "notes": .text(notes)]
    }

    private static func checkOpen(_ row: JSONValue) throws(Problem) {
        guard let status = row["status"]?.text, !["scheduled", "rescheduled"].contains(status) else { return }
        throw .conflict(
            "This meeting is \(status.replacing("_", with: " ")); only one that is to come can be moved or cancelled.")
    }
}
