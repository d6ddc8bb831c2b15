import Synchronization
import Telemetry

/// Sentences the gateway itself may have to speak, rendered before they are needed.
final class SpokenPhrases: Sendable {
    private static let phrasesMax = 256
    /// Nil while a phrase is being rendered.
    private let rendered = Mutex<[String: [UInt8]?]>([:])

    private let render: @Sendable (String) throws -> [UInt8]

    /// - Parameter render: makes mu-law at 8 kHz of a sentence; may take its time.
    init(render: @escaping @Sendable (String) throws -> [UInt8]) { self.render = render }

    /// Mu-law at 8 kHz, or nil while the text has not been rendered.
    func audio(for text: String) -> [UInt8]? { rendered.withLock { $0[text] ?? nil } }

    /// Renders a phrase unless somebody has, or is at it.
    func prepare(_ text: String) {
        let isMine = rendered.withLock { phrases in
            guard !text.isEmpty, phrases[text] == nil, phrases.count < Self.phrasesMax else { return false }
            phrases[text] = .some(nil)
            return true
        }
        guard isMine else { return }
        do {
            let speech = try render(text)
            rendered.withLock { $0[text] = speech }
        } catch {
            rendered.withLock { _ = $0.removeValue(forKey: text) }
            Log.warning("phrase not rendered", ["error": error])
        }
    }
}
