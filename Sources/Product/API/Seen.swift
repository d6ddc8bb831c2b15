import Endpoints

/// What an agent sees of rows that belong to somebody: their own, and nobody's. What is nobody's is the voice
/// assistant's as well: it hands over whom it talks to. Managers see all.
enum Seen {
    /// Of rows with an `agent_id`.
    static let own: Resource.Sight = { isAll($0) ? nil : unassignedOrOwn("t") }

    /// Of rows of a lead, whether they have an agent of their own or not: one's own, and of others than colleagues'
    /// those of leads that one sees.
    static let ofLead: Resource.Sight = { principal in
        isAll(principal)
            ? nil
            : """
            t.agent_id::text = lower($1) or (\(unassignedOrOwn("t"))) and exists (
                select from leads l where l.id = t.lead_id and (\(unassignedOrOwn("l"))))
            """
    }

    /// Of rows with a `user_id`, to everybody: one's own.
    static let ofUser: Resource.Sight = { _ in "t.user_id::text = lower($1)" }

    /// ``own`` in parts: nobody's, the voice assistant's, one's own.
    static let ownInParts: @Sendable (APIPrincipal) -> [String] = { principal in
        isAll(principal)
            ? []
            : [
                "t.agent_id is null", "t.agent_id = (select u.id from users u where u.is_ai_agent)",
                "t.agent_id = (select u.id from users u where u.id::text = lower($1) and not u.is_ai_agent)",
            ]
    }

    static func isAll(_ principal: APIPrincipal) -> Bool { principal.role.includes(.manager) }

    /// The opposite of ``unassignedOrOwn(_:)``.
    static func ofColleagues(_ alias: String) -> String {
        """
        \(alias).agent_id is not null and \(alias).agent_id <> all(array(
            select u.id from users u where u.is_ai_agent or u.id::text = lower($1)))
        """
    }

    /// SQL over a table with an `agent_id`; `$1` is who asks.
    static func unassignedOrOwn(_ alias: String) -> String {
        """
        \(alias).agent_id is null or \(alias).agent_id = any(array(
            select u.id from users u where u.is_ai_agent or u.id::text = lower($1)))
        """
    }
}
