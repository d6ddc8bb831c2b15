package import Settings

/// How many calls campaigns may place, as the gateway's settings have it.
package enum CampaignSettings {
    package static let callsMax = Setting(
        "PARLEY_CAMPAIGN_CALLS_MAX", .whole(1...10_000), default: 50,
        "calls of a tenant's campaigns at once, on all nodes together; each campaign has its own limit besides")

    package static let all: [any AnySetting] = [callsMax]
}
