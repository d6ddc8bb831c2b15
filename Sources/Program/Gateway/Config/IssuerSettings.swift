import Foundation
import Settings
import WebSocketTransport

/// What names an issuer: all three or none.
enum IssuerSettings {
    static let keysURL = Setting(
        "PARLEY_JWKS_URL",
        .text(like: "a URL with https (or http, on this machine)") { text in
            guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else { return false }
            return parts.scheme == "https" || (parts.scheme == "http" && Loopback.holds(host))
        }, "https address of an OpenID issuer's keys (Supabase's too): its RS256 and ES256 tokens open the API as well")
    static let name = Setting(
        "PARLEY_JWT_ISSUER", .text, "who has to have made those tokens: their iss, to the letter")
    static let audience = Setting(
        "PARLEY_JWT_AUDIENCE", .text, "whom they have to be for: among their aud, e.g. authenticated")

    static let all: [any AnySetting] = [keysURL, name, audience]
}

extension GatewayConfig {
    /// Somebody else whose tokens open the API: `PARLEY_JWKS_URL` and what it goes with.
    package struct Issuer: Equatable, Sendable {
        package var name: String
        package var audience: String
        package var keysURL: String

        /// All three are needed: many issuers sign the tokens of all their customers' applications with the same keys.
        static func read(_ reader: inout SettingsReader) -> Issuer? {
            let all = IssuerSettings.all
            let isSet = all.map { reader.text($0) != nil }
            guard Set(isSet).count == 1 else {
                reader.note("\(all[0].name), \(all[1].name) and \(all[2].name): set all three or none")
                return nil
            }
            guard let url = reader.read(IssuerSettings.keysURL), let name = reader.read(IssuerSettings.name),
                let audience = reader.read(IssuerSettings.audience)
            else { return nil }
            return Issuer(name: name, audience: audience, keysURL: url)
        }
    }
}
