package import CallModel
package import Encoding

/// Writes the carrier's side of one stream: what the simulated carrier and the load generator send.
///
/// The counters are the stream's own and may be set, to make gaps, repeats and jumps in time on purpose.
package struct TwilioCarrierWriter: ~Copyable {
    package let streamSid: StreamSid
    package let callSid: CallSid
    package let accountSid: String
    /// The number of the next message; `start` takes 1.
    package var sequenceNumber = 1
    /// The number of the next media message.
    package var chunk = 1
    /// Stream time of the next media message.
    package var timestampMs = 0
    private var buffer: [UInt8] = []

    package init(streamSid: StreamSid, callSid: CallSid, accountSid: String) {
        self.streamSid = streamSid
        self.callSid = callSid
        self.accountSid = accountSid
        buffer.reserveCapacity(1_024)
    }

    package func connected() -> [UInt8] {
        Array(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#.utf8)
    }

    package mutating func start(customParameters: [FormField] = []) -> [UInt8] {
        var message = opening("start")
        message.append(contentsOf: ",\"start\":{\"accountSid\":".utf8)
        JSONText.append(accountSid, to: &message)
        message.append(
            contentsOf: """
                ,"streamSid":"\(streamSid)","callSid":"\(callSid)","tracks":["inbound"],"mediaFormat":\
                {"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{
                """.utf8)
        for (index, field) in customParameters.enumerated() {
            if index > 0 { message.append(UInt8(ascii: ",")) }
            JSONText.append(field.name, to: &message)
            message.append(UInt8(ascii: ":"))
            JSONText.append(field.value, to: &message)
        }
        message.append(contentsOf: "}},\"streamSid\":\"\(streamSid)\"}".utf8)
        return message
    }

    /// Lends the message that carries `audio`, n μ-law codes of the caller, to `body`, and moves stream time on by as
    /// much. Allocates nothing at the usual 160 bytes.
    package mutating func withMedia(_ audio: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        buffer.removeAll(keepingCapacity: true)
        append("{\"event\":\"media\",\"sequenceNumber\":\"")
        buffer.append(decimal: sequenceNumber)
        append("\",\"media\":{\"track\":\"inbound\",\"chunk\":\"")
        buffer.append(decimal: chunk)
        append("\",\"timestamp\":\"")
        buffer.append(decimal: timestampMs)
        append("\",\"payload\":\"")
        Base64.append(audio, to: &buffer)
        append("\"},\"streamSid\":\"")
        buffer.append(contentsOf: streamSid.text.utf8)
        append("\"}")
        sequenceNumber += 1
        chunk += 1
        timestampMs += audio.count / 8
        body(buffer.span)
    }

    package mutating func dtmf(_ digit: Character) -> [UInt8] {
        var message = opening("dtmf")
        message.append(
            contentsOf: ",\"streamSid\":\"\(streamSid)\",\"dtmf\":{\"track\":\"inbound_track\",\"digit\":".utf8)
        JSONText.append(String(digit), to: &message)
        message.append(contentsOf: "}}".utf8)
        return message
    }

    package mutating func mark(_ name: MarkName) -> [UInt8] {
        var message = opening("mark")
        message.append(contentsOf: ",\"streamSid\":\"\(streamSid)\",\"mark\":{\"name\":".utf8)
        JSONText.append(name.text, to: &message)
        message.append(contentsOf: "}}".utf8)
        return message
    }

    package mutating func stop() -> [UInt8] {
        var message = opening("stop")
        message.append(contentsOf: ",\"streamSid\":\"\(streamSid)\",\"stop\":{\"accountSid\":".utf8)
        JSONText.append(accountSid, to: &message)
        message.append(contentsOf: ",\"callSid\":\"\(callSid)\"}}".utf8)
        return message
    }

    private mutating func opening(_ event: String) -> [UInt8] {
        defer { sequenceNumber += 1 }
        return Array("{\"event\":\"\(event)\",\"sequenceNumber\":\"\(sequenceNumber)\"".utf8)
    }

    private mutating func append(_ text: StaticString) {
        unsafe buffer.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
