import Testing

@testable import WebhooksOut

@Suite struct WebhookRuleTests {
    @Test func `a signature is the one that others compute`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        // As PyPI's standardwebhooks 1.0.1 signs it.
        #expect(
            secret.signature(
                id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: 1_614_265_330, Array(#"{"test": 2432232314}"#.utf8))
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(arguments: ["", "whsec_", "whsec_=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8", "whsec_????"])
    func `what is no secret is none`(_ text: String) {
        #expect(WebhookSecret(text) == nil)
    }

    @Test func `a new secret is another each time, and can be read again`() throws {
        let secrets = (0..<100).map { _ in WebhookSecret().text }
        #expect(Set(secrets).count == 100)
        #expect(secrets.allSatisfy { WebhookSecret($0)?.text == $0 })
    }

    @Test func `an endpoint is asked for a day, ever less often`() {
        let pauses = WebhookSchedule.pauses
        #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 < $1 })
        let whole = pauses.reduce(Duration.zero, +)
        #expect(whole > .seconds(20 * 3_600) && whole <= .seconds(24 * 3_600))
        #expect(WebhookSchedule.pause(after: pauses.count + 1, wanted: nil, chance: 0) == nil)
        #expect(WebhookSchedule.pause(after: 0, wanted: nil, chance: 0) == nil)
        for (index, usual) in pauses.enumerated() {
            for chance in [-1, 0, 0.5, 1, 2] {
                let pause = WebhookSchedule.pause(after: index + 1, wanted: nil, chance: chance) ?? .zero
                #expect(pause >= usual * 0.89 && pause <= usual * 1.11)
            }
        }
    }

    @Test func `a server that asks to be left alone is, for a day at most`() {
        #expect(WebhookSchedule.pause(after: 1, wanted: 3_600, chance: 0.5) == .seconds(3_600))
        #expect(WebhookSchedule.pause(after: 1, wanted: 1, chance: 0.5) == .seconds(5))
        #expect(WebhookSchedule.pause(after: 1, wanted: .max, chance: 0.5) == .seconds(86_400))
        #expect(WebhookSchedule.pause(after: 1, wanted: .min, chance: 0.5) == .seconds(5))
    }
}
