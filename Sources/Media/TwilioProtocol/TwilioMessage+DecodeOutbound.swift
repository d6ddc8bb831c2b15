package import CallModel

/// What the carrier would log about a message of the gateway, once per stream.
package struct TwilioProtocolFault: Error, Equatable, CustomStringConvertible {
    /// 31950 for a frame that is not text, 31951 for a text that is no message.
    package var code: Int
    package var reason: String

    package static let binaryFrame = TwilioProtocolFault(code: 31_950, reason: "a binary frame")
    static func invalid(_ reason: String) -> TwilioProtocolFault { .init(code: 31_951, reason: reason) }

    package var description: String { "Twilio warning \(code): \(reason); the message was ignored." }
}

extension TwilioMessage {
    /// Reads one message of the gateway as strictly as the carrier does: exactly the fields of section 1.4, and the id
    /// of this very stream.
    package static func decodeOutbound(
        _ text: Span<UInt8>, streamSid: StreamSid
    ) throws(TwilioProtocolFault) -> Outbound {
        do throws(TwilioDecodeError) {
            return try outbound(text, streamSid: streamSid)
        } catch {
            switch error {
            case .notJSON(let at, let expected): throw .invalid("not JSON, expected \(expected) at byte \(at)")
            case .missingField(let event, let path): throw .invalid("`\(event)` without `\(path)`")
            case .invalidField(let event, let path, let expected):
                throw .invalid("`\(event)` with `\(path)` that is not \(expected)")
            default: throw .invalid("\(error)")
            }
        }
    }

    private static func outbound(
        _ text: Span<UInt8>, streamSid: StreamSid
    ) throws(TwilioDecodeError) -> Outbound {
        guard text.count <= outboundBytesMax else { throw .tooLarge(bytes: text.count, limit: outboundBytesMax) }
        var scanner = JSONScanner(text)
        var event: String?
        var stream: String?
        var audio: [UInt8]?
        var mark: MarkName?
        guard try scanner.beginObject() else { throw .missingField(event: "message", path: "event") }
        repeat {
            let key = try scanner.key()
            if scanner.equals(key, "event"), event == nil {
                event = scanner.string(try scanner.text())
            } else if scanner.equals(key, "streamSid"), stream == nil {
                stream = scanner.string(try scanner.text())
            } else if scanner.equals(key, "media"), audio == nil {
                audio = try onlyField(&scanner, "media", "payload", decodeAudio)
            } else if scanner.equals(key, "mark"), mark == nil {
                mark = MarkName(try onlyField(&scanner, "mark", "name", decodeName))
            } else {
                throw .invalidField(event: "message", path: "a field", expected: "known and given once")
            }
        } while try scanner.objectContinues()
        try scanner.end()
        guard stream == streamSid.text else {
            throw .invalidField(event: "message", path: "streamSid", expected: "this stream's")
        }
        switch (event, audio, mark) {
        case ("media", .some(let audio), nil): return .media(audio)
        case ("mark", nil, .some(let name)): return .mark(name)
        case ("clear", nil, nil): return .clear
        default: throw .invalidField(event: "message", path: "event", expected: "media, mark or clear with its field")
        }
    }

    /// A message of the gateway may carry any length of audio; the simulated carrier stops reading here.
    package static let outboundBytesMax = 1_048_576

    /// An object with exactly one field.
    private static func onlyField<Value>(
        _ scanner: inout JSONScanner, _ event: String, _ name: StaticString,
        _ decode: (inout JSONScanner) throws(TwilioDecodeError) -> Value
    ) throws(TwilioDecodeError) -> Value {
        guard try scanner.beginObject(), scanner.equals(try scanner.key(), name) else {
            throw .missingField(event: event, path: "\(event).\(name)")
        }
        let value = try decode(&scanner)
        guard try !scanner.objectContinues() else {
            throw .invalidField(event: event, path: event, expected: "an object with one field")
        }
        return value
    }

    private static func decodeAudio(_ scanner: inout JSONScanner) throws(TwilioDecodeError) -> [UInt8] {
        let start = scanner.at
        let text = try scanner.text()
        var audio = [UInt8](repeating: 0, count: text.range.count / 4 * 3)
        var rewound = JSONScanner(scanner.bytes, at: start)
        var span = audio.mutableSpan
        let count = try decodePayload(&rewound, audio: &span)
        audio.removeLast(audio.count - count)
        return audio
    }

    private static func decodeName(_ scanner: inout JSONScanner) throws(TwilioDecodeError) -> String {
        guard let name = scanner.string(try scanner.text()) else {
            throw .invalidField(event: "mark", path: "mark.name", expected: "UTF-8")
        }
        return name
    }
}
