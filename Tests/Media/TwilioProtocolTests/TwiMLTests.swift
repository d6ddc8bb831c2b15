import Encoding
import Testing
import TwilioProtocol

@Suite struct TwiMLTests {
    static let documents: [TwiML] = [
        TwiML(),
        TwiML([
            .connectStream(
                url: "wss://voice.example.test/twilio/media/v1", name: "agent",
                parameters: [FormField("attempt", "at_7f3k"), FormField("token", "a<b>&\"c'\n\té😀")],
                statusCallback: "https://voice.example.test/twilio/stream-status"),
            .redirect(url: "https://voice.example.test/twilio/resume?a=1&b=2"),
        ]),
        TwiML([
            .say("Tom & Jerry say \"<hello>\""), .play(url: "https://voice.example.test/a.wav"), .pause(seconds: 2),
            .dial(number: "+15550003333", callerID: "+15550001111", action: "https://x.test/?a&b", timeoutSeconds: 20),
        ]),
        TwiML([.dial(number: "+15550003333"), .hangup]),
        TwiML([.record(maxLengthSeconds: 120, action: "https://voice.example.test/recorded"), .hangup]),
        TwiML([.record(maxLengthSeconds: 120, action: nil)]),
        TwiML([.reject(.busy)]),
    ]

    @Test(arguments: documents) func `a document written is the document read`(document: TwiML) throws {
        #expect(try TwiML(xml: document.xml) == document)
    }

    @Test func `the usual answer is written as the reference shows it`() {
        let document = TwiML([
            .connectStream(url: "wss://voice.example.test/twilio/media/v1", parameters: [FormField("a", "b")]), .hangup,
        ])

        #expect(
            document.xml
                == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Connect>"
                + "<Stream url=\"wss://voice.example.test/twilio/media/v1\"><Parameter name=\"a\" value=\"b\"/></Stream>"
                + "</Connect><Hangup/></Response>")
    }

    @Test func `the reference's own documents are read`() throws {
        let answer = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response>
              <!-- the agent -->
              <Connect>
                <Stream url="wss://voice.example.test/twilio/media/v1"
                        name="agent"
                        statusCallback='https://voice.example.test/twilio/stream-status'
                        statusCallbackMethod="POST">
                  <Parameter name="attempt" value="at_7f3k"/>
                  <Parameter name="token" value="q2J9vN0x"/>
                </Stream>
              </Connect>
              <Redirect method="POST">https://voice.example.test/twilio/after-stream</Redirect>
            </Response>
            """
        let transfer = """
            <Response><Say>Connecting you now.</Say>
            <Dial action="https://voice.example.test/twilio/dial-done" timeout="20" answerOnBridge="true">
              <Number statusCallbackEvent="initiated ringing">+15550003333</Number>
            </Dial></Response>
            """

        #expect(
            try TwiML(xml: answer).verbs == [
                .connectStream(
                    url: "wss://voice.example.test/twilio/media/v1", name: "agent",
                    parameters: [FormField("attempt", "at_7f3k"), FormField("token", "q2J9vN0x")],
                    statusCallback: "https://voice.example.test/twilio/stream-status"),
                .redirect(url: "https://voice.example.test/twilio/after-stream"),
            ])
        #expect(
            try TwiML(xml: transfer).verbs == [
                .say("Connecting you now."),
                .dial(
                    number: "+15550003333", action: "https://voice.example.test/twilio/dial-done", timeoutSeconds: 20),
            ])
    }

    @Test(arguments: [
        ("", 12_100), ("hello", 12_100), ("\n<?xml version=\"1.0\"?><Response/>", 12_100), ("<Response>", 12_100),
        ("<Response></response>", 12_100), ("<Response/><Response/>", 12_100), ("<Response a=b/>", 12_100),
        ("<Response a=\"1\" a=\"2\"/>", 12_100), ("<Response a=\"<\"/>", 12_100),
        ("<Response>&nbsp;</Response>", 12_100),
        ("<Response>&#0;</Response>", 12_100), ("<!DOCTYPE x [<!ENTITY a \"b\">]><Response>&a;</Response>", 12_100),
        ("<Response><![CDATA[x]]></Response>", 12_100), ("<response/>", 12_200),
        ("<Response><say>x</say></Response>", 12_200),
        ("<Response><Connect/></Response>", 12_200), ("<Response><Connect><Stream/></Connect></Response>", 12_200),
        ("<Response><Connect><Stream url=\"a\" track=\"both_tracks\"/></Connect></Response>", 12_200),
        ("<Response><Pause length=\"-1\"/></Response>", 12_200),
        ("<Response><Reject reason=\"no\"/></Response>", 12_200),
        ("<Response><Redirect> </Redirect></Response>", 12_200), ("<Response><Dial/></Response>", 12_200),
    ])
    func `what the carrier would not run is refused with its code`(xml: String, code: Int) {
        let error = #expect(throws: TwiMLError.self) { try TwiML(xml: xml) }
        #expect(error?.code == code)
    }

    @Test func `depth, number and size of elements are bounded`() {
        let deep = String(repeating: "<a>", count: 10_000)
        let wide = "<Response>" + String(repeating: "<Hangup/>", count: 1_000) + "</Response>"

        #expect(throws: TwiMLError.self) { try TwiML(xml: deep) }
        #expect(throws: TwiMLError.self) { try TwiML(xml: wide) }
        #expect(throws: TwiMLError.tooLarge(bytes: 70_000)) { try TwiML(xml: String(repeating: " ", count: 70_000)) }
    }

    @Test(arguments: documents) func `a document cut at any byte is refused`(document: TwiML) {
        let bytes = Array(document.xml.utf8)
        for length in 0..<bytes.count {
            #expect(throws: TwiMLError.self) { try TwiML(xml: String(decoding: bytes[..<length], as: UTF8.self)) }
        }
    }

    @Test(arguments: ["\0", "\u{1}", "\u{1F}", "\u{FFFE}", "&#0;", "&#x1F;", "&#65535;"])
    func `a character that XML does not have is refused, by its number too`(_ character: String) {
        for document in [
            "<Response><Say>a\(character)b</Say></Response>",
            "<Response><Dial action=\"/\(character)\">+14155550199</Dial></Response>",
        ] {
            #expect(throws: TwiMLError.self) { try TwiML(xml: document) }
        }
    }
}
