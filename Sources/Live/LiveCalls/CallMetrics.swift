package import Telemetry

package enum CallMetrics {
    static let active = Metric<Gauge>("parley_calls_active", "calls between ring and end")
    static let ended = Metric<Counter>("parley_calls_ended_total", "calls that ended, with their journal on disk")
    static let refused = Metric<Counter>("parley_calls_refused_total", "calls given the fallback for want of room")
    static let agentLegsLost = Metric<Counter>("parley_agent_legs_lost_total", "agent connections lost or refused")
    static let messagesRefused = Metric<Counter>(
        "parley_media_messages_refused_total", "media stream messages that do not parse")
    static let streamsRefused = Metric<Counter>("parley_media_streams_refused_total", "media streams closed for cause")
    static let streamsSilent = Metric<Counter>(
        "parley_media_streams_silent_total", "media streams closed because nothing came any more")
    static let webhooksRefused = MetricFamily<Counter>(
        "parley_webhooks_refused_total", by: "status", among: ["400", "403", "413"], "webhook requests refused")

    package static let all: [any DeclaredMetric] = [
        active, ended, refused, agentLegsLost, messagesRefused, streamsRefused, streamsSilent, webhooksRefused,
    ]
}
