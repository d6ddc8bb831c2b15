import CallModel
import Encoding
import Testing
import TwilioProtocol

/// Decodes one message of the carrier and returns the audio beside it.
func decoded(_ text: String, audioBytes: Int = TwilioMessage.audioBytesMax) throws -> (TwilioMessage.Inbound, [UInt8]) {
    var audio = [UInt8](repeating: 0xAA, count: audioBytes)
    var span = audio.mutableSpan
    let message = try TwilioMessage.decodeInbound(Array(text.utf8).span, audio: &span)
    if case .media(let frame) = message { return (message, Array(audio[..<frame.payloadBytes])) }
    return (message, [])
}

let streamSid = "MZ00000000000000000000000000000001"
let callSid = "CA00000000000000000000000000000001"
let accountSid = "AC00000000000000000000000000000001"

let mediaText =
    #"{"event":"media","sequenceNumber":"3","media":{"track":"inbound","chunk":"2","timestamp":"40","payload":"#
    + #""//////////8="},"streamSid":"MZ00000000000000000000000000000001"}"#
let startText = """
    {
      "event": "start",
      "sequenceNumber": "1",
      "start": {
        "accountSid": "AC00000000000000000000000000000001",
        "streamSid": "MZ00000000000000000000000000000001",
        "callSid": "CA00000000000000000000000000000001",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"attempt": "at_7f3k", "token": "q2J9vN0x"}
      },
      "streamSid": "MZ00000000000000000000000000000001"
    }
    """
let dtmfText =
    #"{"event":"dtmf","streamSid":"MZ00000000000000000000000000000001","sequenceNumber":"212","dtmf":"#
    + #"{"track":"inbound_track","digit":"5"}}"#
let markText =
    #"{"event":"mark","sequenceNumber":"318","streamSid":"MZ00000000000000000000000000000001","mark":{"name":"t4.2"}}"#
let stopText =
    #"{"event":"stop","sequenceNumber":"901","streamSid":"MZ00000000000000000000000000000001","stop":"#
    + #"{"accountSid":"AC00000000000000000000000000000001","callSid":"CA00000000000000000000000000000001"}}"#
let connectedText = #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#
let everyMessage = [connectedText, startText, mediaText, dtmfText, markText, stopText]

@Suite struct TwilioMessageTests {
    @Test func `media gives its numbers and its audio`() throws {
        let (message, audio) = try decoded(mediaText)

        #expect(message == .media(CallerAudio(sequenceNumber: 3, chunk: 2, timestampMs: 40, payloadBytes: 8)))
        #expect(audio == [UInt8](repeating: 0xFF, count: 8))
    }

    @Test func `a message of thousands of keys is refused, wherever they are`() throws {
        let keys = (0..<3_000).map { "\"\\u0061\($0)\":0" }.joined(separator: ",")
        let objects = Array(repeating: "{\"a\":0}", count: 600).joined(separator: ",")
        for (good, more) in [
            (connectedText, "\(keys)"), (markText, "\(keys)"), (startText, "\"x\":{\(keys)}"),
            (mediaText, "\"x\":[\(objects)]"),
        ] {
            let text = "{\(more),\(good.dropFirst())"
            #expect(throws: Never.self) { try decoded("{\"x\":{\"y\":[1]},\(good.dropFirst())") }
            do {
                _ = try decoded(text)
                Issue.record("taken: \(text.prefix(60))")
            } catch TwilioDecodeError.notJSON(_, let expected) {
                #expect("\(expected)" == "no more than 512 keys")
            }
        }
    }

    @Test func `start gives ids and parameters`() throws {
        let (message, _) = try decoded(startText)

        let expected = StreamStart(
            streamSid: try #require(StreamSid(streamSid)), callSid: try #require(CallSid(callSid)),
            accountSid: accountSid, customParameters: ["attempt": "at_7f3k", "token": "q2J9vN0x"])
        #expect(message == .start(expected))
    }

    @Test func `the small messages are read`() throws {
        #expect(try decoded(connectedText).0 == .connected)
        #expect(try decoded(dtmfText).0 == .dtmf("5"))
        #expect(try decoded(markText).0 == .mark("t4.2"))
        #expect(try decoded(stopText).0 == .stop)
        #expect(try decoded(#"{"event":"whatever","x":{"y":[1,2.5e3,null,true]}}"#).0 == .unknown(event: "whatever"))
    }

    @Test func `key order is free and unknown fields are passed over`() throws {
        let text =
            #"{"x":[{"event":"stop"}],"media":{"payload":"fw==","new":{"a":[]},"timestamp":20,"chunk":1},"#
            + #""sequenceNumber":2,"event":"media"}"#

        let (message, audio) = try decoded(text)

        #expect(message == .media(CallerAudio(sequenceNumber: 2, chunk: 1, timestampMs: 20, payloadBytes: 1)))
        #expect(audio == [0x7F])
    }

    @Test func `escaped slashes and escaped letters mean what they stand for`() throws {
        let text =
            #"{"\u0065vent":"m\u0065dia","media":{"timestamp":"0","payload":"\/\/\/\/\u002f\/\/\/"}}"#

        let (_, audio) = try decoded(text)

        #expect(audio == [UInt8](repeating: 0xFF, count: 6))
        #expect(try decoded(#"{"event":"mark","mark":{"name":"\ud83d\ude00 \"\\\n\u00e9"}}"#).0 == .mark("😀 \"\\\né"))
    }

    @Test func `an empty payload is a frame without audio`() throws {
        let (message, audio) = try decoded(#"{"event":"media","media":{"timestamp":"60","payload":""}}"#)

        #expect(message == .media(CallerAudio(sequenceNumber: 0, chunk: 0, timestampMs: 60, payloadBytes: 0)))
        #expect(audio.isEmpty)
    }

    @Test(arguments: everyMessage) func `a message cut at any byte is refused`(text: String) throws {
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count {
            let prefix = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(throws: TwilioDecodeError.self, "cut at \(length)") { try decoded(prefix) }
        }
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"null"#, #"{"event":1}"#, #"{"event":"media"}"#, #"{"event":"media","media":{}}"#,
        #"{"event":"media","media":{"payload":"////"}}"#, #"{"event":"media","media":{"timestamp":"0"}}"#,
        #"{"event":"media","media":{"timestamp":"-1","payload":""}}"#,
        #"{"event":"media","media":{"timestamp":"1.5","payload":""}}"#,
        #"{"event":"media","media":{"timestamp":1e3,"payload":""}}"#,
        #"{"event":"media","media":{"timestamp":"01","payload":""}}"#,
        #"{"event":"media","media":{"timestamp":"9999999999999999","payload":""}}"#,
        #"{"event":"media","media":{"timestamp":"0","payload":"///"}}"#,
        #"{"event":"media","media":{"timestamp":"0","payload":"//8"}}"#,
        #"{"event":"media","media":{"timestamp":"0","payload":"/==="}}"#,
        #"{"event":"media","media":{"timestamp":"0","payload":"//=="}}"#,
        #"{"event":"media","media":{"timestamp":"0","payload":"fw==fw=="}}"#,
        #"{"event":"media","media":{"timestamp":"0","payload":"-_-_"}}"#,
        #"{"event":"media","media":{"timestamp":"0","payload":"////","payload":"////"}}"#,
        #"{"event":"media","media":{"timestamp":"0","payload":"","track":"both"}}"#,
        #"{"event":"media","event":"stop"}"#, #"{"event":"stop"} x"#, #"{"event":"stop",}"#, #"{"event":"stop"}}"#,
        #"{"event":"stop","x":01}"#, #"{"event":"stop","x":tru}"#, #"{"event":"stop","x":"\q"}"#,
        #"{"event":"stop","x":"\u12g4"}"#, "{\"event\":\"stop\",\"x\":\"\n\"}", #"{'event':'stop'}"#,
        #"{"event":"mark"}"#, #"{"event":"mark","mark":{}}"#, #"{"event":"mark","mark":{"name":7}}"#,
        #"{"event":"dtmf","dtmf":{"digit":"55"}}"#, #"{"event":"dtmf","dtmf":{"digit":"x"}}"#,
        #"{"event":"dtmf","dtmf":{"digit":""}}"#, #"{"event":"start"}"#, #"{"event":"start","start":{}}"#,
    ])
    func `what is not a message of the reference is refused`(text: String) {
        #expect(throws: TwilioDecodeError.self) { try decoded(text) }
    }

    @Test func `a payload larger than the buffer is refused and nothing is written past it`() {
        let text = #"{"event":"media","media":{"timestamp":"0","payload":"\#(Base64.encode([1, 2, 3, 4, 5]))"}}"#

        #expect(throws: TwilioDecodeError.payloadTooLarge(limit: 4)) { try decoded(text, audioBytes: 4) }
        #expect(throws: TwilioDecodeError.payloadTooLarge(limit: 2)) { try decoded(text, audioBytes: 2) }
        #expect(throws: TwilioDecodeError.payloadTooLarge(limit: 0)) { try decoded(text, audioBytes: 0) }
    }

    @Test func `depth and size are bounded`() {
        let deep = String(repeating: "[", count: 100_000)
        let padded = #"{"event":"stop","x":""# + String(repeating: "x", count: TwilioMessage.bytesMax) + #""}"#

        #expect(throws: TwilioDecodeError.self) { try decoded(#"{"x":"# + deep.prefix(60_000)) }
        #expect(throws: TwilioDecodeError.tooLarge(bytes: padded.utf8.count, limit: TwilioMessage.bytesMax)) {
            try decoded(padded)
        }
    }

    @Test func `a stream in another format fails loudly`() {
        let text = startText.replacing("8000", with: "16000")

        #expect(
            throws: TwilioDecodeError.unsupportedMediaFormat(encoding: "audio/x-mulaw", sampleRate: 16_000, channels: 1)
        ) { try decoded(text) }
    }

    @Test func `a start whose two stream ids differ is refused`() {
        let text = startText.replacing(
            "  \"streamSid\": \"MZ00000000000000000000000000000001\"\n}",
            with: "  \"streamSid\": \"MZ00000000000000000000000000000002\"\n}")

        #expect(throws: TwilioDecodeError.self) { try decoded(text) }
    }

    @Test func `random damage never crashes the decoder`() {
        var random = SplitMix64(state: 7)
        for _ in 0..<20_000 {
            var bytes = Array(everyMessage[Int(random.next() % UInt64(everyMessage.count))].utf8)
            for _ in 0...(random.next() % 4) {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
                }
            }
            var audio: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
            var span = audio.mutableSpan
            if case .media(let frame) = try? TwilioMessage.decodeInbound(bytes.span, audio: &span) {
                #expect(frame.payloadBytes <= 9)
            }
        }
    }
}

/// A seeded generator, so that a failure comes back.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
