import CRM
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// The meetings that the caller sees, for a calendar.
enum MeetingCalendar {
    private static let meetingsMax = 2_000

    static let route = Endpoint(
        .get, "/api/v1/meetings/calendar.ics", id: "meetingCalendar", .role(.agent),
        "Meetings of the last month and to come, as a calendar reads them (RFC 5545).",
        answers: [Endpoint.Answer(200, "iCalendar.", type: "text/calendar")], isTagged: true,
        .answer { context, _ in
            let principal = try context.principal
            let events = try await context.read { try read(in: $0, principal) }
            var response = HTTPResponse.text(CalendarFeed(events).text)
            response.headers.removeAll { $0.name == "content-type" }
            response.headers.append((name: "content-type", value: "text/calendar; charset=utf-8"))
            return response
        })

    private static func read(
        in transaction: borrowing Transaction, _ principal: APIPrincipal
    ) throws -> [CalendarFeed.Event] {
        let sight = Seen.ofLead(principal).map { " and (\($0))" } ?? ""
        let rows = try transaction.query(
            """
            select t.id, t.title, t.starts_at, t.ends_at, t.status, t.sequence, t.updated_at, t.location, t.meeting_link,
                t.notes
            from meetings t where $1::text is not null and t.starts_at > now() - interval '31 days'\(sight)
            order by t.starts_at, t.id limit $2
            """, [.text(principal.subject), .int(meetingsMax)])
        return try rows.map { row in
            var event = CalendarFeed.Event(
                id: try row.uuid("id"), title: try row.text("title"), startsAt: try row.timestamp("starts_at"),
                endsAt: try row.timestamp("ends_at"), changedAt: try row.timestamp("updated_at"))
            event.isCancelled = try row.text("status") == "cancelled"
            event.sequence = try row.int("sequence")
            event.location = try row.textOrNil("location")
            event.link = try row.textOrNil("meeting_link")
            event.notes = try row.textOrNil("notes")
            return event
        }
    }
}
