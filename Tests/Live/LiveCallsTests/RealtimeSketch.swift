import Encoding
import Runtime
import SpeechAgent

/// As much of another vendor's dialect as shows that the leg needs no other's: audio is base64 inside text, both ways; the agent
/// speaks first; what the caller heard is told to the agent; instructions are sent as a whole. After OpenAI's Realtime API.
struct RealtimeSketch: AgentDialect {
    private(set) var settings: AgentSettings
    private var silentSince: MonotonicTime?
    private var item = ""

    static func request(to url: String, apiKey: String?) -> AgentRequest {
        AgentRequest(url: url + "?model=sketch", headers: apiKey.map { ["Authorization": "Bearer \($0)"] } ?? [:])
    }

    static func upgradeFailure(status: Int) -> AgentFailure {
        AgentFailure(code: "UPGRADE_\(status)", text: "refused", retryable: status == 503)
    }

    struct Options {}

    init(settings: AgentSettings, options: Options) { self.settings = settings }

    var nextDeadline: MonotonicTime { silentSince?.adding(milliseconds: 100) ?? .distantFuture }

    mutating func opened(at now: MonotonicTime) -> [AgentAction] { [] }

    mutating func received(
        _ message: Span<UInt8>, in frame: AgentFrame, speech: inout [UInt8], at now: MonotonicTime
    ) -> AgentReceipt {
        var bytes: [UInt8] = []
        for index in message.indices { bytes.append(message[index]) }
        let fields = (try? WireJSON(parsing: bytes))?.object
        switch fields?["type"]?.string {
        case "session.created":
            return .actions([send(["type": "session.update", "instructions": .string(settings.prompt)])])
        case "session.updated":
            silentSince = now
            return .actions([.event(.ready(sessionID: "sketch"))])
        case "response.output_audio.delta":
            item = fields?["item_id"]?.string ?? ""
            speech = Base64.decode(fields?["delta"]?.string ?? "") ?? []
            // What comes with the audio comes after it.
            return .actions(fields?["transcript"]?.string.map { [.event(.agentText($0))] } ?? [])
        case "input_audio_buffer.speech_started": return .actions([.event(.userSpeechStarted)])
        case "response.done": return .actions([.event(.agentAudioSent)])
        default: return .actions([])
        }
    }

    mutating func perform(_ command: SpeechAgentCommand, at now: MonotonicTime) -> [AgentAction] {
        guard case .appendInstructions(let text) = command else { return [] }
        settings.brief.add(text)
        return [send(["type": "session.update", "instructions": .string(settings.prompt)])]
    }

    mutating func tick(at now: MonotonicTime) -> [AgentAction] {
        guard now >= nextDeadline else { return [] }
        silentSince = now
        return [.sendSilence(bytes: 160)]
    }

    static var carriesAudioAsItIs: Bool { false }

    mutating func carry(_ audio: Span<UInt8>, in message: inout [UInt8]) -> AgentFrame {
        message.append(contentsOf: #"{"type":"input_audio_buffer.append","audio":""#.utf8)
        Base64.append(audio, to: &message)
        message.append(contentsOf: #""}"#.utf8)
        return .text
    }

    mutating func sentAudio(at now: MonotonicTime, voiced: Bool) { silentSince = now }

    mutating func heard(text: String, ms: Int) -> [AgentAction] {
        [send(["type": "conversation.item.truncate", "item_id": .string(item), "audio_end_ms": .integer(ms)])]
    }

    func reconnectSettings(apology: String?) -> AgentSettings { settings }

    private func send(_ object: WireObject) -> AgentAction { .send(WireJSON.object(object).text) }
}
