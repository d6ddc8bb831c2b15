import CRM
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Leads that a caller may see and change, by ``Seen/own``.
enum LeadSight {
    /// Throws 404 for a lead that is not there, or not the caller's to see.
    static func check(_ lead: UUID, for principal: APIPrincipal, in transaction: borrowing Transaction) throws {
        guard try !standing([lead], for: principal, in: transaction).isEmpty else { throw Problem.notFound }
    }

    /// Where a lead stands, and whose it is.
    struct Standing: Decodable {
        var id: UUID
        var stage: LeadStage
        var agentID: UUID?
        /// Nobody's, or the voice assistant's.
        var isFree: Bool
    }

    /// Those of the leads that the caller may see.
    ///
    /// - Parameter toChange: nobody else changes them until the transaction ends; locked in the order of their ids.
    static func standing(
        _ leads: [UUID], for principal: APIPrincipal, toChange: Bool = false, in transaction: borrowing Transaction
    ) throws -> [UUID: Standing] {
        let sight = Seen.own(principal).map { " and (\($0))" } ?? ""
        let rows = try transaction.query(
            """
            select t.id, t.stage, t.agent_id, t.agent_id is null or exists (
                select from users u where u.id = t.agent_id and u.is_ai_agent) as is_free
            from leads t where $1::text is not null and t.id = any($2::uuid[])\(sight)
            order by t.id\(toChange ? " for no key update of t" : "")
            """, [.text(principal.subject), .array(leads.map { .uuid($0) })])
        return try Dictionary(rows.map { try $0.decode(Standing.self) }.map { ($0.id, $0) }) { $1 }
    }
}
