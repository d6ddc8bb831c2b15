package import Settings

/// Where webhooks may go.
package enum WebhookSettings {
    package static let reachesPrivateAddresses = Setting(
        "PARLEY_INSECURE_WEBHOOKS_TO_PRIVATE_ADDRESSES", .truth, default: false,
        "true lets webhooks go to this machine, to private networks and over plain http: whoever may name an endpoint can then "
            + "make the gateway ask whatever it reaches")

    package static let all: [any AnySetting] = [reachesPrivateAddresses]
}
