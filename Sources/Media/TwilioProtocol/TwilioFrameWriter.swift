package import CallModel
import Encoding

/// Where the media messages of several streams are put together, one after the other. A loop's calls share one: memory of
/// its own for each call would be out of the processor's cache whenever that call's frame is due.
package final class TwilioMessageRoom {
    fileprivate var bytes: [UInt8] = []

    package init() {}
}

/// Writes one stream's messages to the carrier.
///
/// The parts that never change are built once; a frame of audio costs one base64 pass and no allocation. A message
/// holds exactly the fields the carrier knows: anything more raises its warning 31951.
package struct TwilioFrameWriter: ~Copyable {
    private let room: TwilioMessageRoom
    private let prefix: [UInt8]
    private var markBuffer: [UInt8]
    private let markPrefixBytes: Int
    /// The message that drops everything the carrier has not played yet.
    package let clear: [UInt8]

    package init(streamSid: StreamSid, room: TwilioMessageRoom = TwilioMessageRoom()) {
        self.room = room
        clear = Array("{\"event\":\"clear\",\"streamSid\":\"\(streamSid)\"}".utf8)
        markBuffer = Array("{\"event\":\"mark\",\"streamSid\":\"\(streamSid)\",\"mark\":{\"name\":".utf8)
        markPrefixBytes = markBuffer.count
        markBuffer.reserveCapacity(markPrefixBytes + 64)
        prefix = Array("{\"event\":\"media\",\"streamSid\":\"\(streamSid)\",\"media\":{\"payload\":\"".utf8)
    }

    /// Lends the message that carries `audio`, n μ-law codes, to `body`: copy or send before returning.
    package func withMedia(_ audio: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var message: [UInt8] = []
        swap(&message, &room.bytes)
        defer { swap(&message, &room.bytes) }
        let wanted = prefix.count + Base64.encodedLength(audio.count) + TwilioFrameWriter.suffix.count
        if message.count < wanted { message += [UInt8](repeating: 0, count: wanted - message.count) }
        var span = message.mutableSpan
        unsafe span.withUnsafeMutableBufferPointer { _ = unsafe $0.update(fromContentsOf: prefix) }
        var end = Base64.encode(audio, into: &span, at: prefix.count)
        for byte in TwilioFrameWriter.suffix {
            span[end] = byte
            end += 1
        }
        body(message.span.extracting(0..<end))
    }

    /// Lends the message that puts a mark behind everything sent so far to `body`.
    package mutating func withMark(_ name: String, _ body: (Span<UInt8>) -> Void) {
        markBuffer.removeLast(markBuffer.count - markPrefixBytes)
        JSONText.append(name, to: &markBuffer)
        for _ in 0..<2 { markBuffer.append(UInt8(ascii: "}")) }
        body(markBuffer.span)
    }

    private static let suffix: [UInt8] = Array("\"}}".utf8)
}
