import Encoding
import Testing
import TwilioProtocol

/// Vectors computed with Twilio's own Python SDK 9.13.0, all with one made-up token.
@Suite struct RequestSignatureTests {
    let token = "5f1c0de5f1c0de5f1c0de5f1c0de5f1c"
    let voiceURL = "https://voice.example.test/twilio/voice?tenant=acme&mode=live"
    let voiceBody =
        "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01"
        + "&CallSid=CA00000000000000000000000000000001&CallStatus=ringing&Called=%2B15550001111&Caller=%2B15550002222"
        + "&Direction=inbound&From=%2B15550002222&FromCity=&To=%2B15550001111"
    let callOnly = [FormField("CallSid", "CA00000000000000000000000000000004"), FormField("From", "+15550002222")]
    let mediaURL = "wss://voice.example.test/twilio/media"

    func fields(_ body: String) throws -> [FormField] { try FormURLEncoded.decode(Array(body.utf8)) }

    @Test func `the worked example Twilio publishes comes out`() throws {
        let parameters = try fields(
            "CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234&From=%2B14158675310&To=%2B18005551212")

        let signature = RequestSignature.sign(
            url: "https://example.com/myapp.php?foo=1&bar=2", parameters: parameters, token: "12345")

        #expect(signature == "L/OH5YylLD5NRKLltdqwSvS0BnU=")
    }

    @Test func `V1 a form with an empty value is signed with it`() throws {
        let parameters = try fields(voiceBody)

        #expect(
            RequestSignature.sign(url: voiceURL, parameters: parameters, token: token) == "aNoW51GMvX3yjl5dPFxuZguABJQ="
        )
        try RequestSignature.validate(
            header: "aNoW51GMvX3yjl5dPFxuZguABJQ=", url: voiceURL, parameters: parameters, tokens: ["old", token])
        #expect(throws: RequestSignature.Refusal.mismatch) {
            try RequestSignature.validate(
                header: "trgK74fKPWwqU0umHAfa0G0R+7U=", url: voiceURL, parameters: parameters, tokens: [token])
        }
    }

    @Test func `V2 a GET is signed by its URL alone, still encoded`() throws {
        let url =
            "https://voice.example.test/twilio/status?CallSid=CA00000000000000000000000000000002&CallStatus=completed"
            + "&To=%2B15550001111&Note=hello%20world"

        try RequestSignature.validate(header: "UuMsgR8HggeMVL0D/7aa4jkmU74=", url: url, tokens: [token])
    }

    @Test func `V3 a JSON body is covered by its hash in the URL`() throws {
        let body = Array(#"{"event":"com.example.test","n":1,"s":"café"}"#.utf8)
        let hash = "08d7b6c5c2443b07b4a06a0ee6d28f3db0d9e2dd2748f3276e23d9675e90fc09"
        let url = "https://voice.example.test/twilio/events"

        try RequestSignature.validateJSON(
            header: "fMyzdQy9c3VXjf9U6KtF/Un6t/4=", url: "\(url)?bodySHA256=\(hash)", body: body, tokens: [token])
        try RequestSignature.validateJSON(
            header: "dtcGXTaAxYL9KggPzRPI41j7/Os=", url: "\(url)?tenant=acme&bodySHA256=\(hash)", body: body,
            tokens: [token])
        #expect(throws: RequestSignature.Refusal.bodyHashMismatch) {
            try RequestSignature.validateJSON(
                header: "fMyzdQy9c3VXjf9U6KtF/Un6t/4=", url: "\(url)?bodySHA256=\(hash)", body: body + [0x20],
                tokens: [token])
        }
    }

    @Test func `a JSON body whose URL has no hash is refused although the signature is right`() throws {
        let url = "https://voice.example.test/twilio/events"
        let header = RequestSignature.sign(url: url, token: token)

        #expect(throws: RequestSignature.Refusal.bodyHashMissing) {
            try RequestSignature.validateJSON(header: header, url: url, body: [], tokens: [token])
        }
    }

    @Test(arguments: [
        ("https://voice.example.test/twilio/voice", "ucji7CA1+iBGEZ0nabTiUfbBFOc=", true),
        ("https://voice.example.test/twilio/voice", "SJu/ro+pF+sMgVY5hMR9BVjtxzk=", true),
        ("https://voice.example.test/twilio/voice", "szfPipMEL/4euagaOZYJZ1ic6HY=", false),
        ("https://voice.example.test:8443/twilio/voice", "ucji7CA1+iBGEZ0nabTiUfbBFOc=", true),
        ("https://voice.example.test:8443/twilio/voice", "szfPipMEL/4euagaOZYJZ1ic6HY=", true),
        ("https://voice.example.test:8443/twilio/voice", "SJu/ro+pF+sMgVY5hMR9BVjtxzk=", false),
        ("https://user:pass@voice.example.test/twilio/voice", "AHt5eUY3yiL8jyblMzPYXazzeOo=", false),
        ("https://user:pass@voice.example.test/twilio/voice", "ucji7CA1+iBGEZ0nabTiUfbBFOc=", true),
        ("https://voice.example.test/twilio/voice#rc=2", "ucji7CA1+iBGEZ0nabTiUfbBFOc=", true),
    ])
    func `V4 a configured URL accepts its own port and none`(url: String, header: String, accepted: Bool) {
        let isAccepted: Bool
        do {
            try RequestSignature.validate(header: header, url: url, parameters: callOnly, tokens: [token])
            isAccepted = true
        } catch { isAccepted = false }

        #expect(isAccepted == accepted)
    }

    @Test(arguments: [
        ("Ao2bcKFVkQ6ZrE5Auut5BZn1ju8=", true), ("z4H6h2TMvg/GqU0uH3wlAw7P9yo=", true),
        ("Vp8lAURnTHFuJN4QMmydvOPQ+Ko=", true), ("eTTThIeH3ll7GU7sPqQ1z0YAKgA=", false),
        ("GtTV5uSMT/x9EOUizZ+nEgRleTA=", false),
    ])
    func `V5 an upgrade is signed with the wss URL, its port and a trailing slash optional`(
        header: String, accepted: Bool
    ) {
        let isAccepted: Bool
        do {
            try RequestSignature.validateWebSocket(header: header, url: mediaURL, tokens: [token])
            isAccepted = true
        } catch { isAccepted = false }

        #expect(isAccepted == accepted)
    }

    @Test func `V5 an upgrade to the bare host is accepted, and an https URL never is`() throws {
        try RequestSignature.validateWebSocket(
            header: "GtTV5uSMT/x9EOUizZ+nEgRleTA=", url: "wss://voice.example.test", tokens: [token])

        #expect(throws: RequestSignature.Refusal.mismatch) {
            try RequestSignature.validateWebSocket(
                header: "eTTThIeH3ll7GU7sPqQ1z0YAKgA=", url: "https://voice.example.test/twilio/media", tokens: [token])
        }
    }

    @Test func `V6 names are sorted by bytes and values keep their spaces`() throws {
        let parameters = try fields(
            "b=2&B=1&a=&Body=+hi+%C3%BCber+&SpeechResult=yes+%26+no%3Dmaybe&Digits=%2A1%23")
        let url = "https://voice.example.test/twilio/gather"

        try RequestSignature.validate(
            header: "pNrup/1vf0XlOvcj8c9Ppf4ZDJQ=", url: url, parameters: parameters, tokens: [token])
        #expect(throws: RequestSignature.Refusal.mismatch) {
            try RequestSignature.validate(
                header: "5pe4lLtxbQC3+F5Lx5xGXKX2T/U=", url: url, parameters: parameters, tokens: [token])
        }
    }

    @Test func `V7 a repeated name counts each distinct value once`() throws {
        let parameters = try fields(
            "From=%2B15550002222&MediaUrl=https%3A%2F%2Fb.example.test%2F2&MediaUrl=https%3A%2F%2Fa.example.test%2F1"
                + "&MediaUrl=https%3A%2F%2Fa.example.test%2F1")

        try RequestSignature.validate(
            header: "6Xm4XyhG3HFa9lijVg/jmrcqgPU=", url: "https://voice.example.test/twilio/gather",
            parameters: parameters, tokens: [token])
    }

    @Test func `V8 a stream status callback is signed like any form`() throws {
        let parameters = try fields(
            "AccountSid=AC00000000000000000000000000000001&CallSid=CA00000000000000000000000000000001"
                + "&StreamEvent=stream-started&StreamName=agent&StreamSid=MZ00000000000000000000000000000001"
                + "&Timestamp=2026-01-02T03%3A04%3A05.678Z")

        try RequestSignature.validate(
            header: "3kMT4YsEzGfBnd3uNqhnMcVu710=", url: "https://voice.example.test/twilio/stream-status",
            parameters: parameters, tokens: [token])
    }

    @Test func `V9 a shared key signs only with its own algorithm, and an unknown one not at all`() throws {
        let parameters = try fields(voiceBody)
        let header = "EYw6ssMLrk1Efy1RDJqqsdBc9seZihK1Mp5aryqspzQ="
        let key = RequestSignature.SharedKey(id: "k1", secret: "shk_secret_0123456789")
        func validate(_ header: String, settings: String) throws {
            try RequestSignature.validate(
                header: header, url: voiceURL, parameters: parameters, tokens: [token], settings: settings,
                sharedKeys: [key])
        }

        try validate(header, settings: "key=k1,algorithm=HMAC_SHA256")
        let weaker = RequestSignature.sign(url: voiceURL, parameters: parameters, token: key.secret)
        for settings in ["key=k2,algorithm=HMAC_SHA256", "key=k1,algorithm=HMAC_MD5", "algorithm=HMAC_SHA256"] {
            #expect(throws: RequestSignature.Refusal.unknownSigningKey) { try validate(header, settings: settings) }
        }
        #expect(throws: RequestSignature.Refusal.unknownSigningKey) {
            try validate(weaker, settings: "key=k1,algorithm=HMAC_SHA1")
        }
        try validate("aNoW51GMvX3yjl5dPFxuZguABJQ=", settings: "key=k1")
    }

    @Test func `a missing, short or empty-token signature is refused`() {
        func refusal(_ header: String?, tokens: [String]) -> RequestSignature.Refusal? {
            do {
                try RequestSignature.validate(header: header, url: voiceURL, tokens: tokens)
                return nil
            } catch { return error }
        }

        #expect(refusal(nil, tokens: [token]) == .missing)
        #expect(refusal("", tokens: [token]) == .missing)
        #expect(refusal("abc", tokens: [token]) == .malformed)
        #expect(refusal(RequestSignature.sign(url: voiceURL, token: ""), tokens: [""]) == .mismatch)
        #expect(refusal(RequestSignature.sign(url: voiceURL, token: token), tokens: []) != nil)
    }
}
