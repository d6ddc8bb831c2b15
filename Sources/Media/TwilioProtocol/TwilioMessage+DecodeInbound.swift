import Encoding

extension TwilioMessage {
    /// Reads one message of the carrier.
    ///
    /// Key order is free, unknown fields are passed over, numbers may be written as strings; a `media` message in the
    /// order the carrier uses costs one pass and no allocation.
    ///
    /// - Parameters:
    ///   - text: one whole text frame.
    ///   - audio: receives the payload of a `media` message; ``audioBytesMax`` bytes take any that is accepted.
    /// - Throws: for whatever is not a message of section 1.3. The stream cannot be trusted afterwards: close it.
    package static func decodeInbound(
        _ text: Span<UInt8>, audio: inout MutableSpan<UInt8>
    ) throws(TwilioDecodeError) -> Inbound {
        guard text.count <= bytesMax else { throw .tooLarge(bytes: text.count, limit: bytesMax) }
        var scanner = JSONScanner(text)
        var fields = InboundFields()
        guard try scanner.beginObject() else { throw .missingField(event: "message", path: "event") }
        repeat {
            let key = try scanner.key()
            if scanner.equals(key, "event") {
                try InboundFields.once(&fields.event, try scanner.text(), "event")
            } else if scanner.equals(key, "sequenceNumber") {
                try InboundFields.once(&fields.sequenceNumber, try scanner.integer(), "sequenceNumber")
            } else if scanner.equals(key, "media") {
                try InboundFields.once(&fields.media, scanner.at, "media")
                if let event = fields.event, scanner.equals(event, "media") {
                    fields.audio = try decodeMedia(&scanner, audio: &audio)
                } else {
                    try scanner.skipValue(depth: 1)
                }
            } else if scanner.equals(key, "start") {
                try InboundFields.once(&fields.start, scanner.at, "start")
                try scanner.skipValue(depth: 1)
            } else if scanner.equals(key, "mark") {
                try InboundFields.once(&fields.mark, scanner.at, "mark")
                try scanner.skipValue(depth: 1)
            } else if scanner.equals(key, "dtmf") {
                try InboundFields.once(&fields.dtmf, scanner.at, "dtmf")
                try scanner.skipValue(depth: 1)
            } else if scanner.equals(key, "streamSid") {
                try InboundFields.once(&fields.streamSid, try scanner.text(), "streamSid")
            } else {
                try scanner.skipValue(depth: 1)
            }
        } while try scanner.objectContinues()
        try scanner.end()
        return try inbound(fields, text, audio: &audio)
    }

    /// What the first pass found: positions of the objects, so that key order does not matter.
    private struct InboundFields {
        var event: JSONScanner.Text?
        var sequenceNumber: Int?
        var streamSid: JSONScanner.Text?
        var media: Int?
        var start: Int?
        var mark: Int?
        var dtmf: Int?
        /// The media object, when it came after the event's name.
        var audio: CallerAudio?

        static func once<Value>(
            _ field: inout Value?, _ value: Value, _ path: StaticString
        ) throws(TwilioDecodeError) {
            guard field == nil else { throw .repeatedField(path: path.description) }
            field = value
        }
    }

    private static func inbound(
        _ fields: InboundFields, _ text: Span<UInt8>, audio: inout MutableSpan<UInt8>
    ) throws(TwilioDecodeError) -> Inbound {
        let whole = JSONScanner(text)
        guard let event = fields.event else { throw .missingField(event: "message", path: "event") }
        if whole.equals(event, "media") {
            var frame: CallerAudio
            if let decoded = fields.audio {
                frame = decoded
            } else {
                var scanner = JSONScanner(text, at: try position(fields.media, "media"))
                frame = try decodeMedia(&scanner, audio: &audio)
            }
            frame.sequenceNumber = fields.sequenceNumber ?? 0
            return .media(frame)
        }
        if whole.equals(event, "connected") { return .connected }
        if whole.equals(event, "stop") { return .stop }
        if whole.equals(event, "start") {
            var scanner = JSONScanner(text, at: try position(fields.start, "start"))
            guard let streamSid = fields.streamSid else { return .start(try decodeStart(&scanner, streamSid: nil)) }
            return .start(try decodeStart(&scanner, streamSid: whole.string(streamSid)))
        }
        if whole.equals(event, "mark") {
            var scanner = JSONScanner(text, at: try position(fields.mark, "mark"))
            return .mark(MarkName(try onlyText(&scanner, event: "mark", key: "name")))
        }
        if whole.equals(event, "dtmf") {
            var scanner = JSONScanner(text, at: try position(fields.dtmf, "dtmf"))
            let digit = try onlyText(&scanner, event: "dtmf", key: "digit")
            guard digit.utf8.count == 1, let key = digit.first, "0123456789*#ABCD".contains(key) else {
                throw .invalidField(event: "dtmf", path: "dtmf.digit", expected: "one key of a telephone")
            }
            return .dtmf(key)
        }
        guard event.range.count <= 64, let name = whole.string(event) else {
            throw .invalidField(event: "message", path: "event", expected: "a short word")
        }
        return .unknown(event: name)
    }

    private static func position(_ field: Int?, _ event: String) throws(TwilioDecodeError) -> Int {
        guard let field else { throw .missingField(event: event, path: event) }
        return field
    }

    private static func decodeMedia(
        _ scanner: inout JSONScanner, audio: inout MutableSpan<UInt8>
    ) throws(TwilioDecodeError) -> CallerAudio {
        var chunk: Int?
        var timestampMs: Int?
        var isInbound: Bool?
        var payloadBytes: Int?
        guard try scanner.beginObject() else { throw .missingField(event: "media", path: "media.payload") }
        repeat {
            let key = try scanner.key()
            if scanner.equals(key, "payload") {
                try InboundFields.once(&payloadBytes, try decodePayload(&scanner, audio: &audio), "media.payload")
            } else if scanner.equals(key, "timestamp") {
                try InboundFields.once(&timestampMs, try scanner.integer(), "media.timestamp")
            } else if scanner.equals(key, "chunk") {
                try InboundFields.once(&chunk, try scanner.integer(), "media.chunk")
            } else if scanner.equals(key, "track") {
                let track = try scanner.text()
                let inbound = scanner.equals(track, "inbound")
                guard inbound || scanner.equals(track, "outbound") else {
                    throw .invalidField(event: "media", path: "media.track", expected: "inbound or outbound")
                }
                try InboundFields.once(&isInbound, inbound, "media.track")
            } else {
                try scanner.skipValue(depth: 2)
            }
        } while try scanner.objectContinues()
        guard let payloadBytes else { throw .missingField(event: "media", path: "media.payload") }
        guard let timestampMs else { throw .missingField(event: "media", path: "media.timestamp") }
        return CallerAudio(
            sequenceNumber: 0, chunk: chunk ?? 0, timestampMs: timestampMs, isInbound: isInbound ?? true,
            payloadBytes: payloadBytes)
    }

    /// Decodes the payload where it stands; only one with escapes (`\/`) takes the long way.
    static func decodePayload(
        _ scanner: inout JSONScanner, audio: inout MutableSpan<UInt8>
    ) throws(TwilioDecodeError) -> Int {
        try scanner.take(UInt8(ascii: "\""), "a string")
        let start = scanner.at
        let outcome = Base64.decode(scanner.bytes, from: start, into: &audio)
        if case .decoded(let count, let end) = outcome, end < scanner.bytes.count,
            scanner.bytes[end] == UInt8(ascii: "\"")
        {
            scanner.move(to: end + 1)
            return count
        }
        scanner.move(to: start - 1)
        let text = try scanner.text()
        if case .tooLong = outcome { throw .payloadTooLarge(limit: audio.count) }
        guard text.isEscaped else { throw .brokenPayload(at: start) }
        let letters = scanner.resolved(text)
        switch Base64.decode(letters.span, from: 0, into: &audio) {
        case .decoded(let count, let end) where end == letters.count: return count
        case .tooLong: throw .payloadTooLarge(limit: audio.count)
        default: throw .brokenPayload(at: start)
        }
    }

    /// The one string wanted from an object; what else it holds is passed over.
    private static func onlyText(
        _ scanner: inout JSONScanner, event: String, key wanted: StaticString
    ) throws(TwilioDecodeError) -> String {
        var found: String?
        let path = "\(event).\(wanted)"
        guard try scanner.beginObject() else { throw .missingField(event: event, path: path) }
        repeat {
            let key = try scanner.key()
            if scanner.equals(key, wanted) {
                let text = try scanner.text()
                guard text.range.count <= 1_024, let value = scanner.string(text) else {
                    throw .invalidField(event: event, path: path, expected: "a short text")
                }
                try InboundFields.once(&found, value, wanted)
            } else {
                try scanner.skipValue(depth: 2)
            }
        } while try scanner.objectContinues()
        guard let found else { throw .missingField(event: event, path: path) }
        return found
    }
}
