import Encoding
import Endpoints
import WebSocketTransport

/// Who may make what of a user.
enum UserRules {
    /// What matters of one here.
    struct User: Equatable {
        var role: APIRole
        var isActive: Bool
        var isAIAgent = false

        var isAdmin: Bool { isActive && role.includes(.admin) }
    }

    /// Why a change is not made; nil when it may be, as far as one user tells.
    ///
    /// - Parameters:
    ///   - before: nil for a new one.
    ///   - changes: whether more than the name.
    static func problem(
        by role: APIRole, from before: User?, to after: User, changes: Bool = true
    ) -> Problem? {
        if before?.isAIAgent == true, changes {
            return .conflict("This user is the AI agent: it is no login, and only its name can be changed.")
        }
        for needed in [before?.role, after.role].compactMap({ $0 }) where !role.includes(needed) {
            return .forbidden(needed)
        }
        return nil
    }

    /// Whether somebody else has to be an admin, or nobody is left who could make one.
    static func needsAnotherAdmin(from before: User?, to after: User) -> Bool {
        before?.isAdmin == true && !after.isAdmin
    }
}
