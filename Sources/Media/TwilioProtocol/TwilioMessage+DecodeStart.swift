import CallModel

extension TwilioMessage {
    /// TwiML names no more than this many parameters.
    package static let customParametersMax = 99

    /// The `start` object. `outer` is the stream's id from the top level, which is as good as the one inside.
    static func decodeStart(
        _ scanner: inout JSONScanner, streamSid outer: String?
    ) throws(TwilioDecodeError) -> StreamStart {
        var texts: [String: String] = [:]
        var tracks: [String] = []
        var parameters: [String: String] = [:]
        var hasFormat = false
        guard try scanner.beginObject() else { throw .missingField(event: "start", path: "start.callSid") }
        repeat {
            let key = try scanner.key()
            if scanner.equals(key, "tracks") {
                tracks = try decodeTracks(&scanner)
            } else if scanner.equals(key, "mediaFormat") {
                try checkFormat(&scanner)
                hasFormat = true
            } else if scanner.equals(key, "customParameters") {
                parameters = try decodeParameters(&scanner)
            } else if let name = textNames.first(where: { scanner.equals(key, $0) })?.description {
                guard texts[name] == nil else { throw .repeatedField(path: "start.\(name)") }
                texts[name] = try shortText(&scanner, path: "start.\(name)")
            } else {
                try scanner.skipValue(depth: 2)
            }
        } while try scanner.objectContinues()
        guard hasFormat else { throw .missingField(event: "start", path: "start.mediaFormat") }
        guard let written = texts["streamSid"] ?? outer else { throw .missingField(event: "start", path: "streamSid") }
        guard let streamSid = StreamSid(written), outer == nil || outer == written else {
            throw .invalidField(event: "start", path: "streamSid", expected: "one stream id, MZ and 32 hex digits")
        }
        guard let call = texts["callSid"] else { throw .missingField(event: "start", path: "start.callSid") }
        guard let callSid = CallSid(call) else {
            throw .invalidField(event: "start", path: "start.callSid", expected: "a call id, CA and 32 hex digits")
        }
        return StreamStart(
            streamSid: streamSid, callSid: callSid, accountSid: texts["accountSid"] ?? "", tracks: tracks,
            customParameters: parameters)
    }

    private static var textNames: [StaticString] { ["accountSid", "callSid", "streamSid"] }

    private static func shortText(_ scanner: inout JSONScanner, path: String) throws(TwilioDecodeError) -> String {
        let text = try scanner.text()
        guard text.range.count <= 4_096, let value = scanner.string(text) else {
            throw .invalidField(event: "start", path: path, expected: "a short text")
        }
        return value
    }

    private static func decodeTracks(_ scanner: inout JSONScanner) throws(TwilioDecodeError) -> [String] {
        var tracks: [String] = []
        guard try scanner.beginArray() else { return tracks }
        repeat {
            guard tracks.count < 4 else {
                throw .invalidField(event: "start", path: "start.tracks", expected: "at most four tracks")
            }
            tracks.append(try shortText(&scanner, path: "start.tracks"))
        } while try scanner.arrayContinues()
        return tracks
    }

    private static func checkFormat(_ scanner: inout JSONScanner) throws(TwilioDecodeError) {
        var encoding = ""
        var sampleRate = 0
        var channels = 0
        guard try scanner.beginObject() else { throw .missingField(event: "start", path: "start.mediaFormat.encoding") }
        repeat {
            let key = try scanner.key()
            if scanner.equals(key, "encoding") {
                encoding = String(try shortText(&scanner, path: "start.mediaFormat.encoding").prefix(64))
            } else if scanner.equals(key, "sampleRate") {
                sampleRate = try scanner.integer()
            } else if scanner.equals(key, "channels") {
                channels = try scanner.integer()
            } else {
                try scanner.skipValue(depth: 3)
            }
        } while try scanner.objectContinues()
        guard encoding == "audio/x-mulaw", sampleRate == 8_000, channels == 1 else {
            throw .unsupportedMediaFormat(encoding: encoding, sampleRate: sampleRate, channels: channels)
        }
    }

    private static func decodeParameters(_ scanner: inout JSONScanner) throws(TwilioDecodeError) -> [String: String] {
        var parameters: [String: String] = [:]
        if try scanner.peek() == UInt8(ascii: "n") {
            try scanner.skipValue(depth: 2)
            return parameters
        }
        guard try scanner.beginObject() else { return parameters }
        repeat {
            let path = "start.customParameters"
            guard parameters.count < customParametersMax else {
                throw .invalidField(event: "start", path: path, expected: "at most \(customParametersMax) parameters")
            }
            guard let name = scanner.string(try scanner.key()) else {
                throw .invalidField(event: "start", path: path, expected: "names in UTF-8")
            }
            let value = try shortText(&scanner, path: path)
            guard parameters.updateValue(value, forKey: name) == nil else { throw .repeatedField(path: path) }
        } while try scanner.objectContinues()
        return parameters
    }
}
