import CallModel
import Encoding
import Testing
import TwilioProtocol

@Suite struct TwilioWritersTests {
    let stream: StreamSid
    let call: CallSid

    init() throws {
        stream = try #require(StreamSid(streamSid))
        call = try #require(CallSid(callSid))
    }

    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    func media(_ audio: [UInt8], with writer: inout TwilioFrameWriter) -> [UInt8] {
        var message: [UInt8] = []
        writer.withMedia(audio.span) { span in message = span.indices.map { span[$0] } }
        return message
    }

    func mark(_ name: String, with writer: inout TwilioFrameWriter) -> [UInt8] {
        var message: [UInt8] = []
        writer.withMark(name) { span in message = span.indices.map { span[$0] } }
        return message
    }

    func outbound(_ text: String) throws(TwilioProtocolFault) -> TwilioMessage.Outbound {
        try TwilioMessage.decodeOutbound(Array(text.utf8).span, streamSid: stream)
    }

    @Test func `the gateway's messages are written to the letter of the reference`() {
        var writer = TwilioFrameWriter(streamSid: stream)

        #expect(
            text(media([0xFF, 0xFF, 0xFF], with: &writer))
                == #"{"event":"media","streamSid":"MZ00000000000000000000000000000001","media":{"payload":"////"}}"#)
        #expect(
            text(mark("t4.2", with: &writer))
                == #"{"event":"mark","streamSid":"MZ00000000000000000000000000000001","mark":{"name":"t4.2"}}"#)
        #expect(text(writer.clear) == #"{"event":"clear","streamSid":"MZ00000000000000000000000000000001"}"#)
    }

    @Test func `whatever length of audio is written is read back by the carrier`() throws {
        let room = TwilioMessageRoom()
        // Another stream's longer message has been there before.
        var other = TwilioFrameWriter(streamSid: stream, room: room)
        _ = media([UInt8](repeating: 1, count: 320), with: &other)
        var writer = TwilioFrameWriter(streamSid: stream, room: room)
        for length in [0, 1, 2, 3, 159, 160, 161, 800, 4_001, 160] {
            let audio = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let message = media(audio, with: &writer)

            #expect(try TwilioMessage.decodeOutbound(message.span, streamSid: stream) == .media(audio))
        }
    }

    @Test func `marks and clears are read back, hostile names included`() throws {
        var writer = TwilioFrameWriter(streamSid: stream)
        for name in ["g1.2", "", "\"}}", "a\\b\n\u{1}", "é😀"] {
            let message = mark(name, with: &writer)
            #expect(try TwilioMessage.decodeOutbound(message.span, streamSid: stream) == .mark(MarkName(name)))
        }
        #expect(try TwilioMessage.decodeOutbound(writer.clear.span, streamSid: stream) == .clear)
    }

    @Test(arguments: [
        #"{"event":"clear"}"#, #"{"event":"clear","streamSid":"MZ00000000000000000000000000000002"}"#,
        #"{"event":"clear","streamSid":"MZ00000000000000000000000000000001","sequenceNumber":"1"}"#,
        #"{"event":"media","streamSid":"MZ00000000000000000000000000000001"}"#,
        #"{"event":"media","streamSid":"MZ00000000000000000000000000000001","media":{}}"#,
        #"{"event":"media","streamSid":"MZ00000000000000000000000000000001","media":{"payload":"///"}}"#,
        #"{"event":"media","streamSid":"MZ00000000000000000000000000000001","media":{"payload":"////","track":"x"}}"#,
        #"{"event":"media","streamSid":"MZ00000000000000000000000000000001","media":{"payload":""},"mark":{"name":""}}"#,
        #"{"event":"mark","streamSid":"MZ00000000000000000000000000000001","name":"x"}"#,
        #"{"event":"mark","streamSid":"MZ00000000000000000000000000000001","mark":{"name":4}}"#,
        #"{"event":"mark","streamSid":"MZ00000000000000000000000000000001","mark":{"name":"a","name":"b"}}"#,
        #"{"event":"stop","streamSid":"MZ00000000000000000000000000000001"}"#,
        #"{"streamSid":"MZ00000000000000000000000000000001"}"#, "", "[]", "clear",
    ])
    func `what the carrier would flag with 31951 is flagged`(message: String) {
        let fault = #expect(throws: TwilioProtocolFault.self) { try outbound(message) }
        #expect(fault?.code == 31_951)
    }

    @Test func `the gateway's messages cut at any byte are flagged`() {
        var writer = TwilioFrameWriter(streamSid: stream)
        for message in [media([1, 2, 3, 4], with: &writer), mark("g1.1", with: &writer), writer.clear] {
            for length in 0..<message.count {
                #expect(throws: TwilioProtocolFault.self) {
                    try TwilioMessage.decodeOutbound(message.span.extracting(0..<length), streamSid: stream)
                }
            }
        }
    }

    @Test func `random damage never crashes the carrier's decoder`() {
        var random = SplitMix64(state: 11)
        var writer = TwilioFrameWriter(streamSid: stream)
        let messages = [media([1, 2, 3, 4], with: &writer), mark("g1.1", with: &writer), writer.clear]
        for _ in 0..<10_000 {
            var bytes = messages[Int(random.next() % 3)]
            for _ in 0...(random.next() % 3) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? TwilioMessage.decodeOutbound(bytes.span, streamSid: stream)
        }
    }

    @Test func `the carrier's messages are read back with counters that go on`() throws {
        var writer = TwilioCarrierWriter(streamSid: stream, callSid: call, accountSid: accountSid)
        #expect(try decoded(text(writer.connected())).0 == .connected)
        let start = try decoded(text(writer.start(customParameters: [FormField("to\"ken", "a\\b\n")]))).0
        #expect(
            start
                == .start(
                    StreamStart(
                        streamSid: stream, callSid: call, accountSid: accountSid,
                        customParameters: ["to\"ken": "a\\b\n"])))
        for index in 0..<3 {
            let speech = [UInt8](repeating: UInt8(index), count: 160)
            var message: [UInt8] = []
            writer.withMedia(speech.span) { span in message = span.indices.map { span[$0] } }

            let (read, audio) = try decoded(text(message))

            #expect(
                read
                    == .media(
                        CallerAudio(
                            sequenceNumber: index + 2, chunk: index + 1, timestampMs: index * 20, payloadBytes: 160)))
            #expect(audio == speech)
        }
        #expect(try decoded(text(writer.dtmf("#"))).0 == .dtmf("#"))
        #expect(try decoded(text(writer.mark("g1.\"1"))).0 == .mark("g1.\"1"))
        #expect(try decoded(text(writer.stop())).0 == .stop)
        #expect(writer.sequenceNumber == 8)
    }
}
