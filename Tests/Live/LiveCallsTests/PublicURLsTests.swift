import Testing

@testable import LiveCalls

@Suite struct PublicURLsTests {
    @Test func `media streams go to the call's loop over the scheme that fits`() {
        let open = PublicURLs(base: "http://127.0.0.1:8080")
        let closed = PublicURLs(base: "https://voice.example.com/base")

        #expect(open.media(loop: 0) == "ws://127.0.0.1:8080/twilio/media/0")
        #expect(closed.media(loop: 12) == "wss://voice.example.com/base/twilio/media/12")
        #expect(closed.resume == "https://voice.example.com/base/twilio/resume")
        #expect(closed.dialDone == "https://voice.example.com/base/twilio/dial-done")
        #expect(closed.amd == "https://voice.example.com/base/twilio/amd")
        #expect(closed.streamStatus == "https://voice.example.com/base/twilio/stream-status")
    }

    @Test func `the address that was signed is the one the carrier knows, with its query`() {
        let urls = PublicURLs(base: "https://voice.example.com")

        #expect(urls.signed(target: "/twilio/voice") == ["https://voice.example.com/twilio/voice"])
        #expect(urls.signed(target: "/twilio/voice?a[]=%2f") == ["https://voice.example.com/twilio/voice?a[]=%2f"])
        #expect(urls.signedSocket(target: "/twilio/media/3") == "wss://voice.example.com/twilio/media/3")
    }
}
