import Dispatch
import Foundation
import Synchronization

/// Telephone speech to text with PocketSphinx: a few decoders on threads of their own, shared by all calls.
///
/// Utterances of one call are decoded in the order they were given; no caller ever waits, and nothing here runs on a
/// media loop.
package final class Recognizer: Sendable {
    /// One call's line: its decoder's lane, and what has been learnt about the line.
    package final class Line: Sendable {
        fileprivate let lane: Lane
        fileprivate let state = Mutex<Decoder.LineState?>(nil)
        fileprivate init(lane: Lane) {
            self.lane = lane
            lane.lines.wrappingAdd(1, ordering: .relaxed)
        }
        deinit { lane.lines.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// A decoder and the serial queue that owns it.
    ///
    /// Unchecked: `decoder` is touched by blocks on `queue` only, one after the other.
    fileprivate final class Lane: @unchecked Sendable {
        let queue: DispatchQueue
        let decoder: Decoder
        let lines = Atomic<Int>(0)
        let waiting = Atomic<Int>(0)

        init(number: Int, decoder: Decoder) {
            queue = DispatchQueue(label: "parley.recognizer.\(number)", qos: .userInitiated)
            self.decoder = decoder
        }
    }

    /// Utterances waiting for one decoder; more are given up at once.
    private static let waitingMax = 64

    private let lanes: [Lane]

    /// Loads `decoders` decoders, about 20 ms and 10 MB each.
    package init(decoders: Int = 2) throws {
        let model = try SpeechModel()
        defer { model.remove() }
        lanes = try (0..<max(1, decoders)).map { Lane(number: $0, decoder: try Decoder(model: model)) }
    }

    /// A line for a call that begins, on the decoder with the fewest calls.
    package func line() -> Line {
        var best = lanes[0]
        for lane in lanes.dropFirst()
        where lane.lines.load(ordering: .relaxed) < best.lines.load(ordering: .relaxed) { best = lane }
        return Line(lane: best)
    }

    /// Understands `codes`, one utterance of mu-law at 8 kHz, and calls `done` on the decoder's thread.
    ///
    /// An utterance that finds too many before it is given up: `done` is called at once with nothing.
    package func recognize(_ codes: [UInt8], on line: Line, done: @escaping @Sendable (Recognition) -> Void) {
        let lane = line.lane
        guard lane.waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.waitingMax else {
            lane.waiting.wrappingSubtract(1, ordering: .relaxed)
            return done(.nothing)
        }
        lane.queue.async {
            defer { lane.waiting.wrappingSubtract(1, ordering: .relaxed) }
            let wide = try? Resampler.convert(Companding.decode(codes), from: 8_000, to: 16_000, quality: 3)
            guard let wide, !wide.isEmpty else { return done(.nothing) }
            var state = line.state.withLock { $0 }
            let found = lane.decoder.recognize(wide, line: &state)
            line.state.withLock { $0 = state }
            done(found)
        }
    }

    package func recognize(_ codes: [UInt8], on line: Line) async -> Recognition {
        await withCheckedContinuation { continuation in
            recognize(codes, on: line) { continuation.resume(returning: $0) }
        }
    }
}
