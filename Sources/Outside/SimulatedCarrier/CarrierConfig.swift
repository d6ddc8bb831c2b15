package import WebSocketTransport

/// Where the simulated carrier finds the gateway and who it says it is.
package struct CarrierConfig: Sendable {
    /// Longer and more calls than these are refused: the carrier is a test double, not a service.
    package static let callSecondsMax = 7_200

    package var accountSid: String
    /// Signs webhooks and stream handshakes; with ``accountSid`` it opens the REST interface.
    package var authToken: String
    /// Signs in place of ``authToken`` (HMAC-SHA256), as for accounts that have set up a webhook shared key.
    package var sharedKey: (id: String, secret: String)?
    /// Further credentials of the REST interface; they never sign.
    package var apiKeys: [(sid: String, secret: String)] = []
    /// `POST /twilio/voice` of the gateway, as it is configured at the carrier: this very text is signed.
    package var voiceURL: String
    /// Asked with `ErrorCode` and `ErrorUrl` when the voice webhook fails.
    package var fallbackURL: String?
    /// Told the end of every inbound call.
    package var statusURL: String?
    /// Which events of inbound calls it is told: `ringing`, `answered`, `completed`. A number's callback has only the
    /// last.
    package var inboundStatusEvents: Set<String> = ["completed"]
    /// Number that is rung when nobody names another: the one a new installation comes with.
    package var number = numberStandard
    package static let numberStandard = "+15550100100"
    /// Where the REST interface listens; nil: there is none. Port 0 takes a free one.
    package var listen: ListenAddress?
    /// Outbound calls leave the queue at this rate.
    package var callsPerSecond = 1.0
    /// More open calls than this are answered 429/20429.
    package var openCallsMax = 1_000
    /// How media streams check the gateway's certificate.
    package var tls: ClientTLS = .systemTrust
    /// Tries of one status callback, the first included.
    package var callbackTriesMax = 3
    /// Tries of one TwiML request while nobody listens, the first included, 250 ms apart: a proxy before the gateway that
    /// waits for it to come back.
    package var connectTriesMax = 1
    /// How long detection takes to say who answered, where it runs beside the call.
    package var detectionMs = 3_210
    /// Who answers a number the gateway calls or dials.
    package var callee: @Sendable (_ number: String) -> Callee = { _ in .answers(afterMs: 500, script: nil) }

    /// Phones for browsers, where ``listen`` is; nil: there are none.
    package var phones: PhoneDesk?

    package init(
        accountSid: String, authToken: String, voiceURL: String, statusURL: String? = nil, listen: ListenAddress? = nil
    ) {
        self.accountSid = accountSid
        self.authToken = authToken
        self.voiceURL = voiceURL
        self.statusURL = statusURL
        self.listen = listen
    }
}

/// The far end of an outbound call or of a `<Dial>`.
package enum Callee: Sendable {
    /// Picks up after so long and follows the script; without one, listens. In a `<Dial>`, talks for three seconds.
    case answers(afterMs: Int, script: CallerScript?)
    case busy
    /// Rings, and is declined (SIP 603).
    case declines(afterMs: Int)
    /// Rings until the time limit of the call is over.
    case noAnswer
    /// A machine picks up: `AnsweredBy` says so where detection was asked for, as `machine_start` unless it is a `fax`.
    case machine(afterMs: Int, script: CallerScript?, isFax: Bool = false)
    /// Picks up and hangs up at once.
    case hangsUp(afterMs: Int)
}

/// How one call departs from the ordinary: each is something real carriers and networks do.
package struct CallOptions: Sendable {
    package enum Signature: Sendable, Equatable { case correct, trailingSlash, wrong, missing }
    package enum Breakdown: Sendable, Equatable {
        /// The stream's TCP connection is cut; the call goes on with what follows `</Connect>`.
        case streamCut(afterMs: Int)
        /// No more media, no `stop`, no close: the gateway has to notice.
        case streamStalled(afterMs: Int)
        /// Everything stops at once, callbacks included: the carrier itself is gone.
        case carrierVanished(afterMs: Int)
    }
    package enum Delivery: Sendable, Equatable {
        case ordered
        /// Every callback arrives twice.
        case duplicated
        /// The terminal callback overtakes the one before it.
        case overtaken
        case delayed(ms: Int)
    }

    package var webhookSignature = Signature.correct
    package var streamSignature = Signature.correct
    package var breakdown: Breakdown?
    package var callbacks = Delivery.ordered
    /// Hangs up so long after the call was placed, whatever its state: also while it rings or a webhook is open.
    package var hangUpAfterMs: Int?
    /// Ends the call from outside when it has lasted so long.
    package var callSecondsMax = 300
    /// Time between the first ring and the voice webhook's request.
    package var ringMs = 0

    // Media: see twilio.md §8, item 3.
    /// 20, 40, 60 … 1000: longer messages than usual.
    package var frameMs = 20
    /// Holds frames back at random for at most this long and sends them together.
    package var jitterMs = 0
    /// Every n-th frame is lost: `timestamp` and `chunk` show a gap.
    package var loseEvery: Int?
    /// Adds unknown fields, an unknown event and an empty payload once a second.
    package var oddities = false
    package var seed: UInt64 = 1
    /// Further form fields of the voice webhook, such as `StirVerstat`.
    package var voiceFields: [(String, String)] = []

    package init() {}
}
