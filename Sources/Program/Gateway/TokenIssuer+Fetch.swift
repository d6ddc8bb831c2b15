import API
import HTTPClient
import JOSE
import Jobs

extension TokenIssuer {
    private struct Refusal: Error, CustomStringConvertible {
        let status: Int
        var description: String { "PARLEY_JWKS_URL is answered with \(status), not with keys" }
    }

    /// One whose keys are fetched over HTTP.
    convenience init(_ issuer: GatewayConfig.Issuer) {
        let client = HTTPClient(answerBytesMax: WebKeySet.bytesMax, connectionsPerHostMax: 1)
        self.init(name: issuer.name, audience: issuer.audience) {
            let answer = try await client.send(
                OutgoingRequest("GET", issuer.keysURL, headers: [("accept", "application/json")]), within: .seconds(5))
            guard answer.status == 200 else { throw Refusal(status: answer.status) }
            return answer.body
        }
    }

    var chores: [Chore] {
        [Chore("token issuer's keys", every: .seconds(Self.everySeconds)) { try await self.refresh() }]
    }
}
