/// Why a media-stream message was refused. Carries sizes, positions and field names, never content.
package enum TwilioDecodeError: Error, Equatable, CustomStringConvertible {
    case tooLarge(bytes: Int, limit: Int)
    case notJSON(at: Int, expected: String)
    case missingField(event: String, path: String)
    case invalidField(event: String, path: String, expected: String)
    case repeatedField(path: String)
    case brokenPayload(at: Int)
    case payloadTooLarge(limit: Int)
    case unsupportedMediaFormat(encoding: String, sampleRate: Int, channels: Int)

    static func notJSON(at: Int, expected: StaticString) -> TwilioDecodeError {
        .notJSON(at: at, expected: expected.description)
    }

    package var description: String {
        switch self {
        case .tooLarge(let bytes, let limit):
            "Twilio message of \(bytes) bytes, \(limit) are allowed; closing the stream. Check what is connected."
        case .notJSON(let at, let expected):
            "Twilio message is not JSON: expected \(expected) at byte \(at); closing the stream. Check what is connected."
        case .missingField(let event, let path):
            "Twilio `\(event)` has no `\(path)`; closing the stream. Compare with Twilio's message reference."
        case .invalidField(let event, let path, let expected):
            "Twilio `\(event)` has a `\(path)` that is not \(expected); closing the stream."
        case .repeatedField(let path): "Twilio message has two `\(path)`; closing the stream."
        case .brokenPayload(let at):
            "Twilio `media` has a payload that is not base64 at byte \(at); closing the stream."
        case .payloadTooLarge(let limit):
            "Twilio `media` has a payload of more than \(limit) bytes; closing the stream."
        case .unsupportedMediaFormat(let encoding, let sampleRate, let channels):
            "Twilio stream is \(encoding) at \(sampleRate) Hz with \(channels) channels, only audio/x-mulaw at 8000 Hz "
                + "with 1 is spoken here; ending the call. Remove audioFormat and sampleRate from <Stream>."
        }
    }
}
