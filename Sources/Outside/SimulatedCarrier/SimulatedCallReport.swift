package import FoundationEssentials

/// What came of one simulated call: both sides as the caller's ear had them, the carrier's view, and the delays.
package struct SimulatedCallReport: Sendable, Codable {
    package enum Party: String, Sendable, Codable { case caller, gateway, carrier }

    package struct Clear: Equatable, Sendable, Codable {
        /// Since the line was answered.
        package var atMs: Int
        package var discardedBytes: Int
    }

    package var callSid: String
    package var streamSids: [String] = []
    /// `inbound` or `outbound-api`.
    package var direction: String
    package var from: String
    package var to: String
    package var script: String
    /// Every document the carrier was given, in order, as text.
    package var twiml: [String] = []
    package var events: [SimulatedCallEvent] = []
    /// Terminal status: `completed`, `busy`, `no-answer`, `failed`, `canceled`.
    package var status: String
    package var endedBy: Party
    /// The error code and reason of a failed call.
    package var failure: String?
    package var placedAt: Date
    package var endedAt: Date
    package var answeredMs: Int?
    package var durationMs: Int
    /// Delays as the caller heard them; times since the line was answered.
    package var timings: EarTimings
    /// Start of the first media stream to the first byte of it that was played.
    package var pickupToFirstAudioMs: Int?
    /// Start of the first media stream to the first 20 ms that could be heard.
    package var pickupToFirstAudibleMs: Int?
    package var clears: [Clear] = []
    /// Audio the gateway sent and nobody heard, in all.
    package var discardedMs: Int
    /// Of these, what a hang-up or a closed stream left unplayed.
    package var unplayedMs: Int
    /// Dropped because more than ten minutes were queued (31931).
    package var overflowBytes: Int
    package var framesSent: Int
    /// Frames the gateway read too slowly to be sent (31930).
    package var framesRefused: Int
    package var marksReceived: [String] = []
    package var marksEchoed: [String] = []
    /// The first message of the gateway the carrier would have warned about, per stream.
    package var violations: [String] = []
    package var terminalCallbackDelivered: Bool?

    /// What the caller heard: μ-law, 8 kHz, from the answer to the end.
    package var heard: [UInt8] = []
    /// What the caller said, on the same timeline.
    package var said: [UInt8] = []
    /// Audio that was cleared, one piece a `clear`, each at most one minute.
    package var discarded: [[UInt8]] = []

    package var firstViolation: String? { violations.first }

    private enum CodingKeys: String, CodingKey {
        case callSid, streamSids, direction, from, to, script, twiml, events, status, endedBy, failure, placedAt,
            endedAt
        case answeredMs, durationMs, timings, pickupToFirstAudioMs, pickupToFirstAudibleMs, clears, discardedMs
        case unplayedMs, overflowBytes, framesSent, framesRefused, marksReceived, marksEchoed, violations
        case terminalCallbackDelivered
    }

    /// Writes `caller.wav`, `agent.wav` and `report.json` into `directory`, which is made when missing.
    package func save(directory: String) throws {
        let folder = URL(fileURLWithPath: directory, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(MuLawWAV.file(said)).write(to: folder.appendingPathComponent("caller.wav"))
        try Data(MuLawWAV.file(heard)).write(to: folder.appendingPathComponent("agent.wav"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        try encoder.encode(self).write(to: folder.appendingPathComponent("report.json"))
    }
}

/// A WAV file around μ-law: format 7, 8 kHz, mono. Any player opens it.
enum MuLawWAV {
    static func file(_ audio: [UInt8]) -> [UInt8] {
        let padding = audio.count % 2
        var file = Array("RIFF".utf8)
        file.reserveCapacity(audio.count + 64)
        append(UInt32(4 + 26 + 12 + 8 + audio.count + padding), to: &file)
        file += Array("WAVEfmt ".utf8)
        append(UInt32(18), to: &file)
        append(UInt16(7), to: &file)  // μ-law
        append(UInt16(1), to: &file)
        append(UInt32(8_000), to: &file)
        append(UInt32(8_000), to: &file)  // bytes a second
        append(UInt16(1), to: &file)
        append(UInt16(8), to: &file)
        append(UInt16(0), to: &file)
        file += Array("fact".utf8)
        append(UInt32(4), to: &file)
        append(UInt32(audio.count), to: &file)
        file += Array("data".utf8)
        append(UInt32(audio.count), to: &file)
        file += audio
        file += [UInt8](repeating: 0, count: padding)
        return file
    }

    private static func append(_ value: some FixedWidthInteger, to file: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { file.append(contentsOf: $0) }
    }
}
