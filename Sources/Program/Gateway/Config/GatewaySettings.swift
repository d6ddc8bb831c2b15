import API
import Campaigns
import Database
import LanguageModel
import LiveCalls
import Mail
package import Settings
import Specialists
import SpeechAgent
import Telemetry
import Telephony
import WebSocketTransport
import WebhooksOut

/// Those of the program as a whole, and the list of all.
package enum GatewaySettings {
    static let dataDirectory = Setting(
        "PARLEY_DATA_DIR", .text, default: "./var", "journals and the private database")
    static let drainSeconds = Setting(
        "PARLEY_DRAIN_SECONDS", .whole(0...3_600), default: 30, "how long a stopping gateway waits for calls under way")

    /// Every setting there is, in the order of docs/settings.md.
    package static let all: [any AnySetting] =
        TransportSettings.all + [dataDirectory, drainSeconds] + DatabaseSettings.all + TelephonySettings.all
        + SpeechAgentSettings.all + LanguageModelSettings.all + SpecialistsSettings.all + CallSettings.all
        + CampaignSettings.all + APISettings.all + IssuerSettings.all + WebhookSettings.all + MailSettings.all
        + [LogSettings.level, SettingsSource.file]
}
