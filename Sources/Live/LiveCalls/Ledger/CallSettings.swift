package import Settings
package import TwilioProtocol

/// How calls are held, as the gateway's settings have it.
package struct CallSettings: Sendable {
    package var callsMax: Int
    /// How many of them may be calls that we place.
    package var dialledMax: Int
    package var playoutLeadMs: Int
    /// Whether a busy loop puts more than one frame into a message.
    package var coalescesAudio: Bool
    /// A media stream that sends nothing for this long is dead.
    package var streamSilenceMs: Int
    package var patience: CallPatience
    /// What the tokens of media streams are signed with on every node; nil: each process makes one.
    package var streamSecret: [UInt8]?

    package init(
        callsMax: Int, inboundPercent: Int, playoutLeadMs: Int, coalescesAudio: Bool, streamSilenceMs: Int,
        patience: CallPatience, streamSecret: [UInt8]? = nil
    ) {
        self.callsMax = callsMax
        dialledMax = callsMax - callsMax * inboundPercent / 100
        self.playoutLeadMs = playoutLeadMs
        self.coalescesAudio = coalescesAudio
        self.streamSilenceMs = streamSilenceMs
        self.patience = patience
        self.streamSecret = streamSecret
    }

    package func tokenMint() -> StreamTokenMint {
        StreamTokenMint(secret: streamSecret ?? (0..<32).map { _ in UInt8.random(in: .min ... .max) })
    }
}

extension CallSettings {
    package static let callsMax = Setting(
        "PARLEY_CALLS_MAX", .whole(1...100_000), default: 1_000, "calls at once; past it new calls get the fallback")
    package static let inboundPercent = Setting(
        "PARLEY_INBOUND_CALLS_PERCENT", .whole(0...100), default: 20,
        "percent of `PARLEY_CALLS_MAX` that calls which we place never take")
    package static let playoutLeadMs = Setting(
        "PARLEY_PLAYOUT_LEAD_MS", .whole(40...1_000), default: 100,
        "how far agent audio runs ahead of the caller's ear, 40 to 1000")
    package static let coalescesAudio = Setting(
        "PARLEY_COALESCE_AUDIO", .choice("auto", "off"), default: true,
        "auto: audio in messages of 20 to 60 ms, larger under load; off: always 20 ms")
    package static let streamSecret = Setting(
        "PARLEY_STREAM_SECRET", .bytes(32, example: "openssl rand -hex 32"),
        "secret of the media streams' tokens, 32 bytes or more; absent: made anew at each start. A stream has to reach the node "
            + "its call is on",
        secret: true)
    package static let acceptsUnsignedWebhooks = Setting(
        "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS", .truth, default: false,
        "true lets anybody who reaches the listener place calls; never on a public address")

    package static let all: [any AnySetting] = [
        callsMax, inboundPercent, playoutLeadMs, coalescesAudio, streamSecret, acceptsUnsignedWebhooks,
    ]
}

/// How long a call waits for others before it goes on without them.
package struct CallPatience: Sendable {
    /// For whose number was called, when no copy is at hand.
    package var routeMs = 1_000
    /// For what is known about the caller.
    package var contextMs = 150
    /// For the agent's first word, from the media stream on.
    package var firstAudioMs = 2_500
    /// For the carrier to bring a call back whose media stream is gone; then it is asked.
    package var askCarrierAfterMs = 1_000
    /// For a carrier that cannot be asked about a call which the gateway before this one was holding.
    package var orphanMs = 60_000

    package init() {}
}
