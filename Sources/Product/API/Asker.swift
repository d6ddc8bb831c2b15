import Database
import Endpoints
import FoundationEssentials

extension RequestContext {
    /// The user that the caller is; nil for who has a token and no row in `users`.
    func userID(in transaction: borrowing Transaction) throws -> UUID? {
        try transaction.query("select id from users where id::text = lower($1)", [.text(try principal.subject)]).first?
            .uuid("id")
    }
}
