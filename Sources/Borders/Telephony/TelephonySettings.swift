package import Settings
package import TwilioProtocol

/// The carrier account.
package enum TelephonySettings {
    package static let accountSid = Setting(
        "PARLEY_TWILIO_ACCOUNT_SID",
        .text(like: "AC and 32 hex digits") { $0.hasPrefix("AC") && $0.utf8.count == 34 },
        "the carrier account (AC…); absent on loopback: one for this machine alone, made in the data directory")
    package static let authToken = Setting(
        "PARLEY_TWILIO_AUTH_TOKEN", .text, "its auth token; checks webhook signatures", secret: true)
    package static let sharedKeys = Setting(
        "PARLEY_TWILIO_SHARED_KEYS", .sharedKeys,
        "webhook shared keys that sign instead of the token where the account uses them: id=secret, id=secret",
        secret: true)
    package static let apiURL = Setting(
        "PARLEY_TWILIO_API_URL", .baseURL("http", "https"), default: TwilioREST.standardBaseURL,
        "base of the carrier's REST API")

    package static let asksWhoAnswers = Setting(
        "PARLEY_TWILIO_ASYNC_AMD", .truth, default: false,
        "true has the carrier find out as well who answers calls that we place; it is charged for by the call")

    package static let all: [any AnySetting] = [accountSid, authToken, sharedKeys, apiURL, asksWhoAnswers]
}
