package import CallModel

/// Writes one stream's messages to the carrier into one buffer that lives as long as the stream.
///
/// The parts that never change are built once; a frame of audio costs one base64 pass and no allocation. A message
/// holds exactly the fields the carrier knows: anything more raises its warning 31951.
package struct TwilioFrameWriter: ~Copyable {
    private var buffer: [UInt8]
    private let prefixBytes: Int
    private var markBuffer: [UInt8]
    private let markPrefixBytes: Int
    /// The message that drops everything the carrier has not played yet.
    package let clear: [UInt8]

    /// - Parameter audioBytesMax: audio for which room is made now; longer frames are taken but allocate once.
    package init(streamSid: StreamSid, audioBytesMax: Int = 1_600) {
        clear = Array("{\"event\":\"clear\",\"streamSid\":\"\(streamSid)\"}".utf8)
        markBuffer = Array("{\"event\":\"mark\",\"streamSid\":\"\(streamSid)\",\"mark\":{\"name\":\"".utf8)
        markPrefixBytes = markBuffer.count
        markBuffer.reserveCapacity(markPrefixBytes + 64)
        buffer = Array("{\"event\":\"media\",\"streamSid\":\"\(streamSid)\",\"media\":{\"payload\":\"".utf8)
        prefixBytes = buffer.count
        makeRoom(for: audioBytesMax)
    }

    /// Lends the message that carries `audio`, n μ-law codes, to `body`: copy or send before returning.
    package mutating func withMedia(_ audio: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        makeRoom(for: audio.count)
        let start = prefixBytes
        var span = buffer.mutableSpan
        var end = Base64.encode(audio, into: &span, at: start)
        for byte in TwilioFrameWriter.suffix {
            span[end] = byte
            end += 1
        }
        body(buffer.span.extracting(0..<end))
    }

    /// Lends the message that puts a mark behind everything sent so far to `body`.
    package mutating func withMark(_ name: String, _ body: (Span<UInt8>) -> Void) {
        markBuffer.removeLast(markBuffer.count - markPrefixBytes)
        ASCII.appendJSON(name, to: &markBuffer)
        for byte in TwilioFrameWriter.suffix { markBuffer.append(byte) }
        body(markBuffer.span)
    }

    private mutating func makeRoom(for audioBytes: Int) {
        let wanted = prefixBytes + Base64.encodedLength(audioBytes) + TwilioFrameWriter.suffix.count
        if buffer.count < wanted { buffer.append(contentsOf: repeatElement(0, count: wanted - buffer.count)) }
    }

    private static let suffix: [UInt8] = Array("\"}}".utf8)
}
