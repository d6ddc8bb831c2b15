package import CallModel
package import FoundationEssentials

/// What a role may do grows down this list.
package enum APIRole: String, Sendable, CaseIterable, Codable {
    case agent, manager, admin
    case superAdmin = "super_admin"

    package func includes(_ needed: APIRole) -> Bool {
        let ranks = APIRole.allCases
        return (ranks.firstIndex(of: self) ?? 0) >= (ranks.firstIndex(of: needed) ?? 0)
    }
}

/// Who a verified token speaks for.
package struct APIPrincipal: Equatable, Sendable {
    package var subject: String
    package var tenant: TenantID
    package var role: APIRole

    package init(subject: String, tenant: TenantID, role: APIRole) {
        self.subject = subject
        self.tenant = tenant
        self.role = role
    }
}

/// What a token says, once its signature has been found right.
package struct VerifiedToken: Equatable, Sendable {
    package var principal: APIPrincipal
    /// From this moment on it is good for nothing, whatever it was used for before.
    package var expiresAt: Date

    package init(principal: APIPrincipal, expiresAt: Date) {
        self.principal = principal
        self.expiresAt = expiresAt
    }
}
