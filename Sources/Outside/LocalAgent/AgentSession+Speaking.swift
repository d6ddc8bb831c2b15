import AudioCore
import Foundation
import Runtime
import SpeechAgent
import Synchronization
import WebSocketTransport

/// What the agent says: synthesised elsewhere, sent faster than real time in odd pieces, void at once on a barge-in.
extension AgentSession {
    /// Responses waiting to be spoken; more are dropped.
    private static let responsesMax = 16
    /// About −42 dBFS.
    private static let audibleMin = 250
    /// Kept of the quiet before the first sound.
    private static let leadInBytes = 20 * MuLaw.bytesPerMillisecond

    func respond(_ response: Response) {
        silenceTimer?.cancel()
        guard responses.count < Self.responsesMax else {
            return send(.warning(code: "SPEAK_REQUEST_FAILED", description: "Too many responses are waiting."))
        }
        responses.append(response)
        if responses.count == 1 { synthesize() }
    }

    /// Stops speaking: nothing of what was being said is sent any more.
    func hush() {
        epoch.wrappingAdd(1, ordering: .relaxed)
        owed += responses.flatMap(\.then)
        responses = []
        isSynthesizing = false
        speech = []
        speechSent = 0
        paceTimer?.cancel()
        playbackEnd = .now()
    }

    private func synthesize() {
        guard let response = responses.first else { return }
        isSynthesizing = true
        let mine = epoch.load(ordering: .relaxed)
        let loop = self.loop
        let asked = MonotonicTime.now()
        services.speak(
            response.text, while: { [self] in epoch.load(ordering: .relaxed) == mine },
            piece: { [self] made in
                loop.post { self.synthesized(made?.sentence, made?.speech ?? [], epoch: mine, asked: asked) }
            })
    }

    private func synthesized(_ sentence: String?, _ codes: [UInt8], epoch mine: Int, asked: MonotonicTime) {
        guard phase == .running, epoch.load(ordering: .relaxed) == mine else { return }
        if let sentence {
            if speech.isEmpty { reportLatency(asked: asked) }
            send(.conversationText(.assistant, sentence))
            if sendsHistory { send(.history([.said(.assistant, sentence)])) }
            // What the synthesiser breathes in with is time in which the caller hears nothing.
            speech += speech.isEmpty ? Self.withoutLeadIn(codes) : codes
        } else {
            isSynthesizing = false
        }
        if paceTimer?.isArmed != true { sendPiece() }
    }

    private static func withoutLeadIn(_ codes: [UInt8]) -> [UInt8] {
        let begin = codes.firstIndex { abs(Int(MuLaw.decode($0))) >= audibleMin } ?? 0
        return Array(codes.dropFirst(max(0, begin - leadInBytes)))
    }

    private func reportLatency(asked: MonotonicTime) {
        guard let ended = turnEndedAt, responses.first != nil else { return }
        turnEndedAt = nil
        let now = MonotonicTime.now()
        var text = AgentLatency()
        text.llmFirstTextMs = Int(asked.milliseconds(since: ended))
        var voice = AgentLatency()
        voice.ttsMs = Int(now.milliseconds(since: asked))
        var total = AgentLatency()
        total.totalMs = Int(now.milliseconds(since: ended))
        for report in [text, voice, total] { send(.latencyReport(report)) }
        guard isExperimental else { return }
        total.ttsMs = voice.ttsMs
        total.llmFirstTextMs = text.llmFirstTextMs
        send(.agentStartedSpeaking(total))
    }

    func sendPiece() {
        guard phase == .running, !responses.isEmpty else { return }
        let left = speech.count - speechSent
        guard left > 0 else {
            if !isSynthesizing { finishResponse() }
            return
        }
        let count = min(left, timing.pieceBytes[piece % timing.pieceBytes.count])
        piece += 1
        sendAudio(Array(speech[speechSent..<speechSent + count]))
        speechSent += count
        playbackEnd = max(.now(), playbackEnd).adding(milliseconds: Int64(count / 8))
        if speechSent == speech.count, !isSynthesizing { return finishResponse() }
        paceTimer?.arm(at: .now().adding(milliseconds: timing.pieceMs))
    }

    private func finishResponse() {
        let done = responses.removeFirst()
        speech = []
        speechSent = 0
        send(.agentAudioDone)
        request(done.then)
        if responses.isEmpty { armSilence() } else { synthesize() }
    }
}
