import Console
package import Endpoints

/// All addresses of a gateway: each feature's list, joined.
package enum APIRoutes {
    /// - Parameters:
    ///   - live: what becomes of a handshake at `/api/v1/live`.
    ///   - more: addresses that are not the API's: the carrier's.
    ///   - carrier: the gate before those.
    package static func router(
        _ dependencies: APIDependencies, live: Endpoint.Upgrade, more: [Endpoint] = [], carrier: Gate? = nil
    ) -> Router {
        let described =
            SystemRoutes.routes(dependencies) + CallRoutes.routes + DialRoutes.routes
            + CampaignRoutes.routes(dependencies)
            + LeadRoutes.routes
            + ScoringRoutes.routes + SiteEventRoutes.routes
            + TaskRoutes.resource.endpoints + DealRoutes.resource.endpoints
            + LoginRoutes.routes(dependencies) + UserRoutes.routes(dependencies) + APIKeyRoutes.routes(dependencies)
            + TenantRoutes.routes(dependencies)
            + ContactRoutes.routes + FollowUpRoutes.routes + MeetingRoutes.routes + TodoRoutes.resource.endpoints
            + NotificationRoutes.routes + ClientRoutes.resource.endpoints + ProfileRoutes.routes
            + ConsentRoutes.resource.endpoints + ReportRoutes.resource.endpoints + AuditRoutes.resource.endpoints
            + WebhookRoutes(rules: dependencies.webhookAddresses).routes + [Dashboard.route]
            + ImportRoutes(files: dependencies.importFiles).routes
            + DoNotCallRoutes(files: dependencies.doNotCallFiles).routes
            + SpecialistRoutes.routes(dependencies.specialists)
            + [CustomerRoutes.context(dependencies.customers), LiveRoutes.watch(live)]
            + PhoneRoutes.routes(dependencies.phone)
            + ConsoleRoutes.routes(reaching: dependencies.phone?.source)
        let endpoints = described + DocumentRoutes.routes(describing: described) + more
        return Router(
            endpoints, gates: Gates(dependencies, carrier: carrier), database: dependencies.database,
            metrics: dependencies.metrics, now: dependencies.now)
    }
}
