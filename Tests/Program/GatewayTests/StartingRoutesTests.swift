import Encoding
import Foundation
import LiveCalls
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import Gateway

/// What a gateway answers while it starts.
@Suite struct StartingRoutesTests {
    private static let token = "0123456789abcdef"

    private static func ring(signedWith token: String) -> HTTPRequest {
        let url = "https://voice.example.com/twilio/voice"
        let signature = RequestSignature.sign(url: url, parameters: [FormField("CallSid", "CA1")], token: token)
        return HTTPRequest(
            method: "POST", path: "/twilio/voice", headers: [(name: "x-twilio-signature", value: signature)],
            body: Array("CallSid=CA1".utf8))
    }

    @Test(.timeLimit(.minutes(1))) func `a stranger takes no place of those who wait, and is refused at once`() async {
        let routes = DeferredRoutes()
        let before = await routes.respond(Self.ring(signedWith: Self.token))
        routes.expect(
            WebhookGuard(
                authTokens: [Self.token], sharedKeys: [], acceptUnsigned: false,
                urls: PublicURLs(base: "https://voice.example.com")))

        // More than there are places: with one place each, the last ones would be told to come back.
        for _ in 0..<2_100 {
            #expect(await routes.respond(Self.ring(signedWith: "somebody else's")).status == 403)
        }

        #expect(before.status == 503)
        #expect(await routes.respond(HTTPRequest(method: "GET", path: "/api/v1/calls")).status == 503)
    }
}
