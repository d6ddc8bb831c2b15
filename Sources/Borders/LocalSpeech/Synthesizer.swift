import CFlite
import SpokenLanguage
import Synchronization

/// Text to telephone speech with flite: mu-law, 8 kHz, about −20 dBFS.
///
/// Takes about 1 % of real time; never call it on a media loop. flite draws its noise from libc's `rand()`, so one lock
/// guards all of it, and the same text does not give the same bytes twice in one process, except from the cache.
package final class Synthesizer: Sendable {
    package enum Voice: String, CaseIterable, Sendable {
        /// The agent.
        case slt
        /// Callers.
        case rms, awb, kal16
    }

    package enum Failure: Error, Equatable, CustomStringConvertible {
        case voiceMissing(Voice)
        case failed(characters: Int)
        case tooLong(characters: Int)

        package var description: String {
            switch self {
            case .voiceMissing(let voice):
                "flite has no voice \(voice.rawValue); install flite1-dev and libflite1 of the same version."
            case .failed(let characters): "flite gave no audio for a text of \(characters) characters."
            case .tooLong(let characters):
                "a text of \(characters) characters is too long to speak; at most \(Synthesizer.charactersMax)."
            }
        }
    }

    package static let shared = Synthesizer()
    package static let charactersMax = 4_000
    /// Sentences kept because an agent says the same ones to everybody; about 25 kB each.
    private static let cacheMax = 256

    private struct State {
        var voices: [Voice: UInt] = [:]
        var initialized = false
        var cache: [String: [UInt8]] = [:]
        var cacheOrder: [String] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// The whole of `text` as mu-law codes; empty when nothing in it can be pronounced.
    package func speech(_ text: String, voice: Voice = .slt) throws(Failure) -> [UInt8] {
        guard text.utf8.count <= Self.charactersMax else { throw .tooLong(characters: text.utf8.count) }
        var codes: [UInt8] = []
        for sentence in ReadAloud.sentences(text) { codes += try self.sentence(sentence, voice: voice) }
        return codes
    }

    /// `text` sentence by sentence, as each is ready: the first after about 15 ms. `consume` returns false to stop.
    package func stream(
        _ text: String, voice: Voice = .slt, to consume: (_ sentence: String, _ speech: [UInt8]) -> Bool
    ) throws(Failure) {
        for sentence in ReadAloud.sentences(text) {
            guard consume(sentence, try self.sentence(sentence, voice: voice)) else { return }
        }
    }

    private func sentence(_ text: String, voice: Voice) throws(Failure) -> [UInt8] {
        guard text.utf8.count <= Self.charactersMax else { throw .tooLong(characters: text.utf8.count) }
        let key = "\(voice.rawValue) \(text)"
        if let known = state.withLock({ $0.cache[key] }) { return known }
        let (samples, rate) = try synthesize(ReadAloud.spoken(text), voice: voice)
        guard let narrow = try? Resampler.convert(samples, from: rate, to: 8_000, quality: 6) else {
            throw .failed(characters: text.utf8.count)
        }
        let codes = Companding.encode(TelephoneBand.shaped(narrow))
        state.withLock { state in
            guard state.cache.updateValue(codes, forKey: key) == nil else { return }
            state.cacheOrder.append(key)
            if state.cacheOrder.count > Self.cacheMax { state.cache[state.cacheOrder.removeFirst()] = nil }
        }
        return codes
    }

    private func synthesize(_ text: String, voice: Voice) throws(Failure) -> ([Int16], rate: Int) {
        let result: Result<([Int16], Int), Failure> = state.withLock { state in
            if !state.initialized {
                _ = flite_init()
                state.initialized = true
            }
            guard let address = state.voices[voice] ?? Self.register(voice) else {
                return .failure(.voiceMissing(voice))
            }
            state.voices[voice] = address
            let handle = unsafe UnsafeMutablePointer<cst_voice>(bitPattern: address)
            guard let wave = unsafe flite_text_to_wave(text, handle) else {
                return .failure(.failed(characters: text.utf8.count))
            }
            defer { unsafe delete_wave(wave) }
            let count = Int(unsafe wave.pointee.num_samples)
            guard count > 0, let first = unsafe wave.pointee.samples else { return .success(([], 16_000)) }
            let samples = unsafe Array(UnsafeBufferPointer(start: first, count: count))
            return .success((samples, Int(unsafe wave.pointee.sample_rate)))
        }
        let (samples, rate) = try result.get()
        return (samples, rate: rate)
    }

    /// Voices live as long as the process; their address is kept as a number because pointers are not sendable.
    private static func register(_ voice: Voice) -> UInt? {
        let handle =
            switch voice {
            case .slt: unsafe register_cmu_us_slt(nil)
            case .rms: unsafe register_cmu_us_rms(nil)
            case .awb: unsafe register_cmu_us_awb(nil)
            case .kal16: unsafe register_cmu_us_kal16(nil)
            }
        return unsafe handle.map { UInt(bitPattern: $0) }
    }
}
