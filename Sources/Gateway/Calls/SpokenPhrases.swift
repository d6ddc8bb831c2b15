import LocalAgent
import Synchronization
import Telemetry

/// Sentences the gateway itself may have to speak, rendered before they are needed.
final class SpokenPhrases: Sendable {
    private static let phrasesMax = 256
    private let rendered = Mutex<[String: [UInt8]]>([:])

    /// Mu-law at 8 kHz, or nil while the text has not been rendered.
    func audio(for text: String) -> [UInt8]? { rendered.withLock { $0[text] } }

    func prepare(_ text: String) async {
        guard !text.isEmpty, audio(for: text) == nil else { return }
        do {
            let speech = try Synthesizer.shared.speech(text)
            rendered.withLock { if $0.count < Self.phrasesMax { $0[text] = speech } }
        } catch {
            Log.warning("phrase not rendered", ["error": "\(error)"])
        }
    }
}
