package import Database
package import FoundationEssentials
package import Jobs
package import PublicHTTP
package import Telemetry

/// Tells one endpoint of one event. The migration enqueues it beside the delivery, in the transaction of the event.
struct DeliverWebhook: JobKind {
    static let kind = "webhook.deliver"
    /// What fails at the endpoint is a new job at its time; only what fails here is tried again as usual.
    static let policy = {
        var policy = JobPolicy()
        policy.attemptsMax = 20
        policy.runMax = .seconds(40)
        policy.placesMax = 8
        return policy
    }()

    var delivery: UUID
}

/// Sends what tenants have asked to be told of: signed, at least once, in no order, for a day.
package struct WebhookDelivery: Sendable {
    /// Standard Webhooks asks receivers to answer within 15 seconds.
    private static let patience = Duration.seconds(15)

    private let database: Database
    private let post: PublicPost
    private let metrics: Metrics
    private let now: @Sendable () -> Date

    package init(
        database: Database, rules: AddressRules, metrics: Metrics = .shared,
        now: @escaping @Sendable () -> Date = { Date.now }
    ) {
        self.database = database
        self.metrics = metrics
        self.now = now
        post = PublicPost(rules)
    }

    package var handler: JobHandler {
        JobHandler(DeliverWebhook.self) { job, run in
            let parcel = try await database.transaction(tenant: run.tenant, urgency: .afterwards) {
                try WebhookParcel.read(job.delivery, in: $0)
            }
            guard let parcel else { return { _ in } }
            guard parcel.isActive else {
                return { try parcel.failed(nil, "The endpoint is not active.", wasAsked: false, in: $0) }
            }
            let seconds = Int(now().timeIntervalSince1970)
            let answer = await post.send(
                parcel.body, to: parcel.url, headers: parcel.headers(at: seconds), within: Self.patience)
            try Task.checkCancellation()
            return effect(of: answer, on: parcel)
        }
    }

    private func effect(of answer: PublicPost.Answer, on parcel: WebhookParcel) -> JobEffect {
        switch answer {
        case .status(let status, _) where (200..<300).contains(status):
            metrics.add(WebhookMetrics.attempts[WebhookOutcome.delivered.rawValue])
            return { try parcel.delivered(status, in: $0) }
        case .status(410, _):
            metrics.add(WebhookMetrics.attempts[WebhookOutcome.refused.rawValue])
            return ending(parcel, 410, "The endpoint is gone: it answered 410.", isGone: true)
        case .status(let status, let wanted):
            metrics.add(WebhookMetrics.attempts[WebhookOutcome.refused.rawValue])
            return failure(parcel, status, "It answered \(status).", wanted)
        case .refused:
            metrics.add(WebhookMetrics.attempts[WebhookOutcome.failed.rawValue])
            return failure(parcel, nil, "Its name stands for an address that is not of the public internet.", nil)
        case .failed(let reason):
            metrics.add(WebhookMetrics.attempts[WebhookOutcome.failed.rawValue])
            return failure(parcel, nil, reason, nil)
        }
    }

    private func failure(_ parcel: WebhookParcel, _ status: Int?, _ reason: String, _ wanted: Int?) -> JobEffect {
        let pause = WebhookSchedule.pause(
            after: parcel.attempts + 1, wanted: wanted, chance: Double.random(in: 0...1))
        guard let pause else { return ending(parcel, status, reason, isGone: false) }
        let due = now().addingTimeInterval(pause / .seconds(1))
        return { tx in
            try parcel.retried(after: pause, status, reason, in: tx)
            try tx.enqueue(DeliverWebhook(delivery: parcel.delivery), at: due)
        }
    }

    private func ending(_ parcel: WebhookParcel, _ status: Int?, _ reason: String, isGone: Bool) -> JobEffect {
        { [metrics] tx in
            try parcel.failed(status, reason, wasAsked: true, in: tx)
            let words = isGone ? reason : "It took nothing for a day. \(reason)"
            guard try parcel.disable(words, isGone: isGone, in: tx) else { return }
            metrics.add(WebhookMetrics.disabled)
        }
    }
}
