import Encoding
import Foundation
import WebSocketTransport

extension GatewayConfig {
    /// Somebody else whose tokens open the API: `PARLEY_JWKS_URL` and what it goes with.
    package struct Issuer: Equatable, Sendable {
        package enum Mistake: Error, Equatable, CustomStringConvertible {
            case incomplete
            case address(String)

            package var description: String {
                switch self {
                case .incomplete: "PARLEY_JWKS_URL, PARLEY_JWT_ISSUER and PARLEY_JWT_AUDIENCE: set all three or none"
                case .address(let written):
                    "PARLEY_JWKS_URL: \"\(written)\" is not a URL with https (or http, on this machine)"
                }
            }
        }

        package var name: String
        package var audience: String
        package var keysURL: String

        /// All three are needed: many issuers sign the tokens of all their customers' applications with the same keys.
        static func read(url: String?, name: String?, audience: String?) throws(Mistake) -> Issuer? {
            guard let url, let name, let audience else {
                guard url == nil, name == nil, audience == nil else { throw .incomplete }
                return nil
            }
            guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
                parts.scheme == "https" || (parts.scheme == "http" && Loopback.holds(host))
            else { throw .address(url) }
            return Issuer(name: name, audience: audience, keysURL: url)
        }
    }
}
