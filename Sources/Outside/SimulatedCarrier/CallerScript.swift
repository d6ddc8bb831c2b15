package import FoundationEssentials

/// What a simulated caller does, in order, with the recordings it speaks in. Read from `audio-fixtures/callers/*.json`:
///
///     {"name": "…", "about": "…", "from": "+14155550101",
///      "on_agent_silence": {"after_ms": 8000, "say": "rms/are-you-there.ulaw", "times": 1},
///      "steps": [{"wait_for_agent": {"silence_ms": 700, "timeout_ms": 20000}}, {"say": "rms/need.ulaw"},
///                {"interrupt_after_ms": 1200}, {"press": "5"}, {"wait_ms": 200}, {"stay_silent_ms": 5000},
///                {"answers": ["rms/yes.ulaw", "rms/no.ulaw"]}, {"tone": {"hz": 1000, "ms": 400}}, {"hang_up": true}]}
///
/// `answers` stands for one `wait_for_agent` and one `say` an answer. A script without `hang_up` stays on the line.
package struct CallerScript: Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        /// Speaks a recording, whatever the agent does meanwhile.
        case say(String)
        /// Until the agent has been heard and then been silent for `silenceMs`; at most `timeoutMs`.
        case waitForAgent(silenceMs: Int, timeoutMs: Int)
        /// Until the agent has been heard talking for so long: the next `say` speaks over it.
        case interrupt(afterMs: Int)
        case wait(ms: Int)
        case staySilent(ms: Int)
        case press(Character)
        case hangUp
    }

    /// What is said when neither side has been audible for a while in a `wait_for_agent`.
    package struct Nudge: Equatable, Sendable {
        package var afterMs: Int
        package var say: String
        package var times: Int

        package init(afterMs: Int, say: String, times: Int) {
            self.afterMs = afterMs
            self.say = say
            self.times = times
        }
    }

    package var name: String
    package var about: String
    /// The number to call from, unless the caller of ``SimulatedCarrier`` gives one.
    package var from: String?
    package var steps: [Step]
    package var onAgentSilence: Nudge?
    /// μ-law bytes by the path the steps use.
    package var recordings: [String: [UInt8]]
    /// The words of a recording, by path, where `recordings.tsv` knows them.
    package var texts: [String: String]

    package static let stepsMax = 500
    package static let silenceMsDefault = 700
    package static let timeoutMsDefault = 20_000

    package init(
        name: String, about: String = "", from: String? = nil, steps: [Step], onAgentSilence: Nudge? = nil,
        recordings: [String: [UInt8]] = [:], texts: [String: String] = [:]
    ) {
        self.name = name
        self.about = about
        self.from = from
        self.steps = steps
        self.onAgentSilence = onAgentSilence
        self.recordings = recordings
        self.texts = texts
    }

    /// Every recording the script can speak.
    package var recordingPaths: [String] {
        var paths = steps.compactMap { if case .say(let path) = $0 { path } else { nil } }
        if let nudge = onAgentSilence { paths.append(nudge.say) }
        return paths
    }
}

/// Why a caller script cannot be used.
package enum CallerScriptError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case malformed(script: String, reason: String)
    case recordingMissing(script: String, path: String)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)."
        case .malformed(let script, let reason):
            "caller script \(script) is not usable: \(reason). CallerScript.swift describes the steps."
        case .recordingMissing(let script, let path):
            "caller script \(script) speaks \(path), which is no readable .ulaw file under audio-fixtures/ of at most "
                + "\(CallerScript.recordingBytesMax) bytes."
        }
    }
}

// MARK: - Reading

extension CallerScript {
    package static let fileBytesMax = 256 << 10
    /// One minute.
    package static let recordingBytesMax = 480_000

    private struct Wire: Decodable {
        struct Nudge: Decodable {
            var after_ms: Int
            var say: String
            var times: Int?
        }
        var name: String
        var about: String?
        var from: String?
        var on_agent_silence: Nudge?
        var steps: [WireStep]
    }

    private struct WireStep: Decodable {
        struct Wait: Decodable {
            var silence_ms: Int?
            var timeout_ms: Int?
        }
        struct Tone: Decodable {
            var hz: Int
            var ms: Int
        }
        struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        var steps: [Step]

        init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: Key.self)
            guard box.allKeys.count == 1, let key = box.allKeys.first else {
                throw Self.bad(box.codingPath, "a step has exactly one name")
            }
            func milliseconds() throws -> Int {
                let ms = try box.decode(Int.self, forKey: key)
                guard (0...3_600_000).contains(ms) else { throw Self.bad(box.codingPath, "\(ms) ms is out of range") }
                return ms
            }
            switch key.stringValue {
            case "say": steps = [.say(try box.decode(String.self, forKey: key))]
            case "wait_for_agent":
                let wait = try box.decode(Wait.self, forKey: key)
                steps = [
                    .waitForAgent(
                        silenceMs: wait.silence_ms ?? silenceMsDefault, timeoutMs: wait.timeout_ms ?? timeoutMsDefault)
                ]
            case "answers":
                steps = try box.decode([String].self, forKey: key).flatMap { path -> [Step] in
                    [.waitForAgent(silenceMs: silenceMsDefault, timeoutMs: timeoutMsDefault), .say(path)]
                }
            case "tone":
                let tone = try box.decode(Tone.self, forKey: key)
                guard let path = CarrierTone.path(hz: tone.hz, ms: tone.ms) else {
                    throw Self.bad(box.codingPath, "a tone has 100 to 3400 Hz and at most a minute")
                }
                steps = [.say(path)]
            case "interrupt_after_ms": steps = [.interrupt(afterMs: try milliseconds())]
            case "wait_ms": steps = [.wait(ms: try milliseconds())]
            case "stay_silent_ms": steps = [.staySilent(ms: try milliseconds())]
            case "hang_up": steps = try box.decode(Bool.self, forKey: key) ? [.hangUp] : []
            case "press":
                let keys = try box.decode(String.self, forKey: key)
                guard !keys.isEmpty, keys.count <= 32, keys.allSatisfy({ "0123456789*#ABCD".contains($0) }) else {
                    throw Self.bad(box.codingPath, "`press` takes keys of 0-9 * # A-D")
                }
                steps = keys.map { .press($0) }
            case let other: throw Self.bad(box.codingPath, "there is no step `\(other)`")
            }
        }

        private static func bad(_ path: [any CodingKey], _ reason: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: path, debugDescription: reason))
        }
    }

    /// Decodes the steps only; ``load(named:from:)`` also reads the recordings.
    package init(json: Data) throws(CallerScriptError) {
        let wire: Wire
        do { wire = try JSONDecoder().decode(Wire.self, from: json) } catch {
            throw .malformed(script: "(JSON)", reason: Self.explain(error))
        }
        let steps = wire.steps.flatMap(\.steps)
        guard steps.count <= Self.stepsMax else {
            throw .malformed(script: wire.name, reason: "\(steps.count) steps, at most \(Self.stepsMax)")
        }
        let nudge = wire.on_agent_silence.map { Nudge(afterMs: $0.after_ms, say: $0.say, times: $0.times ?? 1) }
        self.init(
            name: wire.name, about: wire.about ?? "", from: wire.from, steps: steps, onAgentSilence: nudge)
    }

    /// Reads a script and its recordings.
    ///
    /// - Parameters:
    ///   - named: a script of ``CallerFiles`` without `.json`, or a path that ends in `.json`.
    ///   - files: where recordings are looked up, and nowhere else.
    package static func load(named name: String, from files: CallerFiles) throws(CallerScriptError) -> CallerScript {
        let json =
            name.hasSuffix(".json")
            ? try CallerFiles.read(name, bytesMax: fileBytesMax)
            : try files.read("callers/\(name).json", bytesMax: fileBytesMax)
        var script = try CallerScript(json: Data(json))
        let known = texts(files)
        for recording in Set(script.recordingPaths) {
            if let tone = CarrierTone.tone(at: recording) {
                (script.recordings[recording], script.texts[recording]) = (tone, "(\(recording))")
                continue
            }
            guard recording.hasSuffix(".ulaw"), !recording.hasPrefix("/"),
                !recording.split(separator: "/").contains(".."),
                let bytes = try? files.read(recording, bytesMax: recordingBytesMax)
            else { throw .recordingMissing(script: script.name, path: recording) }
            script.recordings[recording] = bytes
            script.texts[recording] = known[recording]
        }
        return script
    }

    private static func texts(_ files: CallerFiles) -> [String: String] {
        guard let bytes = try? files.read("recordings.tsv", bytesMax: fileBytesMax) else { return [:] }
        var texts: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t")
            if fields.count == 4 { texts[String(fields[0])] = String(fields[3]) }
        }
        return texts
    }

    private static func explain(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
        case .keyNotFound(let key, _): return "`\(key.stringValue)` is missing"
        default: return "it is not JSON"
        }
    }
}
