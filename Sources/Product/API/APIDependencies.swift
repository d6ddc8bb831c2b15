package import CRM
package import Database
import Encoding
package import Foundation
package import PublicHTTP
package import Telemetry
import WebSocketTransport

/// What the process says of itself at `/readyz`: each check by name, true when it is well.
package struct ReadinessReport: Equatable, Sendable {
    package struct Check: Equatable, Sendable {
        package var name: String
        package var isReady: Bool
        /// One sentence for an operator; never a secret.
        package var detail: String
        package init(_ name: String, isReady: Bool, detail: String = "") {
            self.name = name
            self.isReady = isReady
            self.detail = detail
        }
    }

    package var checks: [Check]
    package init(checks: [Check]) { self.checks = checks }

    package var isReady: Bool { checks.allSatisfy(\.isReady) }

    var json: String {
        let fields = checks.map { check in
            let detail = check.detail.isEmpty ? "" : ",\"detail\":" + JSONText.quoted(check.detail)
            return "\(JSONText.quoted(check.name)):{\"ready\":\(check.isReady)\(detail)}"
        }
        return "{\"ready\":\(isReady),\"checks\":{\(fields.joined(separator: ","))}}"
    }
}

/// What the routes need from the rest of the process.
package struct APIDependencies: Sendable {
    package var database: Database
    package var customers: CustomerDirectory
    /// Nil closes the API.
    package var keys: TokenKeys?
    package var readiness: @Sendable () async -> ReadinessReport
    package var metrics: Metrics
    /// Nil: they have an address of their own.
    package var metricsAccess: MetricsAccess?
    package var logins: Logins
    package var now: @Sendable () -> Date
    /// Where webhooks may go.
    package var webhookAddresses = AddressRules(allowsPrivate: false)
    /// Where the files of imports are kept.
    package var importFiles = ImportFiles(
        directory: FileManager.default.temporaryDirectory.appending(path: "parley-imports").path)
    /// Where those of do-not-call lists are.
    package var doNotCallFiles = ImportFiles(
        directory: FileManager.default.temporaryDirectory.appending(path: "parley-do-not-call").path)
    /// Of a tenant's campaigns at once.
    package var campaignCallsMax = 50
    /// Nil: browsers are no phones here.
    package var phone: BrowserPhone?
    /// Read anew each time.
    package var specialists: @Sendable () -> SpecialistsReport = { SpecialistsReport() }

    package init(
        database: Database, customers: CustomerDirectory, keys: TokenKeys?,
        readiness: @escaping @Sendable () async -> ReadinessReport, metrics: Metrics = .shared,
        metricsAccess: MetricsAccess? = MetricsAccess(token: nil, trustsThisMachine: true), logins: Logins? = nil,
        now: @escaping @Sendable () -> Date = { Date.now }
    ) {
        self.database = database
        self.customers = customers
        self.keys = keys
        self.readiness = readiness
        self.metrics = metrics
        self.metricsAccess = metricsAccess
        self.logins = logins ?? Logins(database: database)
        self.now = now
    }

    /// Users log in where the tokens come from, and not here.
    var hasIssuer: Bool { keys?.issuer != nil }
}
