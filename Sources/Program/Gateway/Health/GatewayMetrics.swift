import API
import CRM
import Campaigns
import Database
import Endpoints
import Jobs
import Journal
import LiveCalls
import Mail
import PostCall
import Specialists
import Telemetry
import WebSocketTransport
import WebhooksOut

/// The gateway's own, and the list of all.
enum GatewayMetrics {
    static let fenceGaps = Metric<Gauge>(
        "parley_database_fence_gaps_active", "places where row-level security does not keep tenants apart")

    /// Every metric there is, in the order of docs/metrics.md.
    static let all: [any DeclaredMetric] =
        CallMetrics.all + AnswerMetrics.all + ConsultMetrics.all + SpecialistMetrics.all + NumberMetrics.all
        + JournalMetrics.all
        + PostCallMetrics.all + JobMetrics.all + EndpointMetrics.all + APIMetrics.all + TransportMetrics.all
        + DatabaseMetrics.all + WebhookMetrics.all + MailMetrics.all + CampaignMetrics.all + [fenceGaps]
        + TelemetryMetrics.all
}
