import CRM
import Endpoints

/// Companies that are customers.
enum ClientRoutes {
    static let resource = Resource(
        "clients", of: "Client", seenBy: Seen.own,
        [
            .text(ClientColumn.clientName, [.required, .search], max: 200),
            .text(ClientColumn.industry, [.filter, .search], max: 100), .text(ClientColumn.companySize, max: 60),
            .text(ClientColumn.website, .search, max: 2_048), .reference(ClientColumn.agentID, to: "users", .filter),
        ])
}
