import Dispatch
import LocalSpeech
import SpokenLanguage
import Synchronization
import Telemetry

/// The slow parts that all sessions of a server share, each on threads of its own: recognition and synthesis.
final class SpeechServices: Sendable {
    /// Texts waiting to be spoken; more are given up.
    private static let waitingMax = 512

    let recognizer: Recognizer
    private let synthesizer: Synthesizer
    private let queue = DispatchQueue(label: "parley.synthesizer", qos: .userInitiated)
    private let waiting = Atomic<Int>(0)

    init(recognizer: Recognizer, synthesizer: Synthesizer) {
        self.recognizer = recognizer
        self.synthesizer = synthesizer
    }

    /// Makes speech of `text` off the caller's thread: `piece` for each sentence in order, nil after the last one.
    ///
    /// `isWanted` is asked before each sentence.
    func speak(
        _ text: String, while isWanted: @escaping @Sendable () -> Bool,
        piece: @escaping @Sendable ((sentence: String, speech: [UInt8])?) -> Void
    ) {
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.waitingMax else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            return piece(nil)
        }
        queue.async { [synthesizer, self] in
            defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
            for sentence in ReadAloud.sentences(text) {
                guard isWanted() else { return piece(nil) }
                do {
                    piece((sentence, try synthesizer.speech(sentence)))
                } catch {
                    Log.warning("speech synthesis failed", ["error": error])
                }
            }
            piece(nil)
        }
    }
}

/// A thread for work that blocks, outside the pool that Swift's tasks share.
enum SlowWork {
    private static let queue = DispatchQueue(label: "parley.local-agent.slow", attributes: .concurrent)
    static func run(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }
}
