package import CallModel
import Encoding
package import FoundationEssentials
import TwilioProtocol
import WebSocketTransport

/// Which of our attempts a call of the carrier's is: we put it into the address that the carrier tells.
package struct DialledCall: Equatable, Sendable {
    package var tenant: TenantID
    package var attempt: UUID

    package init(tenant: TenantID, attempt: UUID) {
        self.tenant = tenant
        self.attempt = attempt
    }

    /// Nil of a call that rang here.
    init?(_ request: HTTPRequest) {
        guard let fields = try? FormURLEncoded.decode(query: request.query),
            let tenant = fields["tenant"].flatMap({ TenantID($0) }),
            let attempt = fields["attempt"].flatMap({ UUID(uuidString: $0) })
        else { return nil }
        self.init(tenant: tenant, attempt: attempt)
    }

    /// Behind an address.
    package var query: String { "?tenant=\(tenant)&attempt=\(attempt)" }
}
