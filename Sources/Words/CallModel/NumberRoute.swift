/// Which tenant and which profile a called number reaches.
package struct NumberRoute: Equatable, Sendable {
    package var tenant: TenantID
    package var profile: AgentProfile
    package init(tenant: TenantID, profile: AgentProfile) {
        self.tenant = tenant
        self.profile = profile
    }
}
