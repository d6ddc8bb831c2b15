package import Settings

/// How calls are held, as the gateway's settings have it.
package struct CallSettings: Sendable {
    package var callsMax: Int
    package var playoutLeadMs: Int
    /// Whether a busy loop puts more than one frame into a message.
    package var coalescesAudio: Bool
    /// A media stream that sends nothing for this long is dead.
    package var streamSilenceMs: Int
    package var patience: CallPatience

    package init(
        callsMax: Int, playoutLeadMs: Int, coalescesAudio: Bool, streamSilenceMs: Int, patience: CallPatience
    ) {
        self.callsMax = callsMax
        self.playoutLeadMs = playoutLeadMs
        self.coalescesAudio = coalescesAudio
        self.streamSilenceMs = streamSilenceMs
        self.patience = patience
    }
}

extension CallSettings {
    package static let callsMax = Setting(
        "PARLEY_CALLS_MAX", .whole(1...100_000), default: 1_000, "calls at once; past it new calls get the fallback")
    package static let playoutLeadMs = Setting(
        "PARLEY_PLAYOUT_LEAD_MS", .whole(40...1_000), default: 100,
        "how far agent audio runs ahead of the caller's ear, 40 to 1000")
    package static let coalescesAudio = Setting(
        "PARLEY_COALESCE_AUDIO", .choice("auto", "off"), default: true,
        "auto: audio in messages of 20 to 60 ms, larger under load; off: always 20 ms")
    package static let acceptsUnsignedWebhooks = Setting(
        "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS", .truth, default: false,
        "true lets anybody who reaches the listener place calls; never on a public address")

    package static let all: [any AnySetting] = [callsMax, playoutLeadMs, coalescesAudio, acceptsUnsignedWebhooks]
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
