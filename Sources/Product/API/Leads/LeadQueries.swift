import CRM
import Database
import Endpoints
import FoundationEssentials

/// What answers show of leads, as PostgreSQL builds it.
enum LeadQueries {
    /// What keeps the views from being filled.
    static var problems: [String] {
        [lead.problem, followUp.problem, meeting.problem, score.problem].compactMap(\.self)
    }

    /// As a call shows it.
    static let lead = RowView<LeadColumn>(
        View.LeadOfCall.self, of: "l",
        [
            "qualification": "l.\(.qualificationData)", "source": "l.\(.leadSource)",
            "summary": "l.\(.conversationSummary)", "scores": scores(of: "l"), "follow_ups": followUps(of: "l"),
            "meetings": meetings(of: "l"),
        ])

    /// The newest of each type.
    ///
    /// - Parameter lead: alias of `leads`.
    static func scores(of lead: StaticString) -> SQL<LeadColumn> {
        """
        coalesce((select jsonb_agg(\(score.sql) order by s.\(LeadScoreColumn.scoreType))
            from (select distinct on (\(LeadScoreColumn.scoreType)) * from lead_scores
                where \(LeadScoreColumn.leadID) = \(lead).\(.id)
                order by \(LeadScoreColumn.scoreType), \(LeadScoreColumn.scoredAt) desc, id) s), '[]')
        """
    }

    static func followUps(of lead: StaticString) -> SQL<LeadColumn> {
        "\(followUps("f.\(.leadID) = \(lead).\(LeadColumn.id)"))"
    }

    static func meetings(of lead: StaticString) -> SQL<LeadColumn> {
        "\(meetings("m.\(.leadID) = \(lead).\(LeadColumn.id)"))"
    }

    private static let score = RowView<LeadScoreColumn>(
        View.Score.self, of: "s", ["type": "s.\(.scoreType)", "factors": "s.\(.scoreFactors)"])

    private static let followUp = RowView<FollowUpColumn>(
        View.FollowUp.self, of: "f", ["recommendation": "f.\(.aiRecommendation)"])

    static func followUps(_ rule: SQL<FollowUpColumn>) -> SQL<FollowUpColumn> {
        """
        coalesce((select jsonb_agg(\(followUp.sql) order by \([.dueAt, .id], of: "f"))
            from (select * from follow_ups f where \(rule) order by f.\(.dueAt) limit 100) f), '[]')
        """
    }

    private static let meeting = RowView<MeetingColumn>(View.Meeting.self, of: "m")

    static func meetings(_ rule: SQL<MeetingColumn>) -> SQL<MeetingColumn> {
        """
        coalesce((select jsonb_agg(\(meeting.sql) order by \([.startsAt, .id], of: "m"))
            from (select * from meetings m where \(rule) order by m.\(.startsAt) limit 100) m), '[]')
        """
    }
}
