package import CallModel

/// One JSON text frame of a Twilio media stream. The type says which side may say what.
package enum TwilioMessage {
    /// Longest message read; the custom parameters of a `start` are what could make one long.
    package static let bytesMax = 65_536
    /// Longest audio in one message: a second. Size the decoding buffer with it.
    package static let audioBytesMax = 8_000

    /// From the carrier to the gateway.
    package enum Inbound: Equatable, Sendable {
        case connected
        case start(StreamStart)
        case media(CallerAudio)
        /// One key: `0`–`9`, `*`, `#`, `A`–`D`.
        case dtmf(Character)
        /// Our mark, echoed: what was sent before it has been played, or cleared.
        case mark(MarkName)
        case stop
        case unknown(event: String)
    }

    /// From the gateway to the carrier.
    package enum Outbound: Equatable, Sendable {
        /// μ-law codes to append to the playback queue.
        case media([UInt8])
        case mark(MarkName)
        case clear
    }
}

/// The name of a mark: opaque to the carrier.
package struct MarkName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package init(stringLiteral text: String) { self.text = text }
    package var description: String { text }
}

/// The first word of a stream about itself. The format was checked: μ-law, 8000 Hz, one channel.
package struct StreamStart: Equatable, Sendable {
    package var streamSid: StreamSid
    package var callSid: CallSid
    package var accountSid: String
    package var tracks: [String]
    package var customParameters: [String: String]

    package init(
        streamSid: StreamSid, callSid: CallSid, accountSid: String, tracks: [String] = ["inbound"],
        customParameters: [String: String] = [:]
    ) {
        self.streamSid = streamSid
        self.callSid = callSid
        self.accountSid = accountSid
        self.tracks = tracks
        self.customParameters = customParameters
    }
}

/// The numbers of one `media` message; its audio is in the buffer handed to the decoder.
package struct CallerAudio: Equatable, Sendable {
    /// One counter over all messages of the stream, `start` being 1; 0 when the message has none.
    package var sequenceNumber: Int
    /// Counts media messages from 1; 0 when the message has none.
    package var chunk: Int
    /// Presentation time since the start of the stream.
    package var timestampMs: Int
    /// False for the `outbound` track, which a bidirectional stream never carries.
    package var isInbound: Bool
    /// Codes written to the buffer.
    package var payloadBytes: Int

    package init(sequenceNumber: Int, chunk: Int, timestampMs: Int, isInbound: Bool = true, payloadBytes: Int) {
        self.sequenceNumber = sequenceNumber
        self.chunk = chunk
        self.timestampMs = timestampMs
        self.isInbound = isInbound
        self.payloadBytes = payloadBytes
    }
}
