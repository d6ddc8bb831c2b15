import Database
import Endpoints
import FoundationEssentials

extension APIPrincipal {
    /// The active user of the tenant that this credential speaks for; nil for one that speaks for none.
    func userID(in transaction: borrowing Transaction) throws -> UUID? {
        guard let id = UUID(uuidString: subject) else { return nil }
        return try transaction.query("select id from users where id = $1 and is_active", [.uuid(id)]).first?.uuid("id")
    }
}

extension RequestContext {
    func userID(in transaction: borrowing Transaction) throws -> UUID? { try principal.userID(in: transaction) }
}
