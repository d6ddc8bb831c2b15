import Foundation

/// How the generated calls go: who talks for how long, who interrupts, how calls end. One JSON file under
/// `bench/scenarios`.
package struct LoadScenario: Codable, Sendable {
    package struct Mistake: Error, CustomStringConvertible {
        package let description: String
    }

    /// Lengths are drawn evenly between the two.
    package struct Span: Codable, Sendable {
        var min: Int
        var max: Int
        func draw(_ random: inout Dice) -> Int { min + (max > min ? random.below(max - min + 1) : 0) }
    }

    package var name: String
    var callerTalksMs: Span
    var agentTalksMs: Span
    /// Between the end of one and the beginning of the other.
    var pauseMs: Span
    var greetingMs: Int
    /// Share of the agent's responses that the caller interrupts.
    var bargeInRate: Double
    /// Agent audio arrives so many times faster than it is heard …
    var agentSpeed: Int
    /// … in messages of so much.
    var agentMessageMs: Int
    /// Length of a call; calls that end are replaced by new ones.
    var callSeconds: Span
    /// Share of calls whose stream is cut, without `stop` and close.
    var cutRate: Double
    /// Share of calls whose agent connection is lost on the way.
    var agentLossRate: Double

    /// One short turn, then an agent that speaks for a minute: frames both ways and nothing else.
    package static let steady = LoadScenario(
        name: "steady", callerTalksMs: Span(min: 600, max: 600), agentTalksMs: Span(min: 60_000, max: 60_000),
        pauseMs: Span(min: 100, max: 100), greetingMs: 400, bargeInRate: 0, agentSpeed: 2, agentMessageMs: 100,
        callSeconds: Span(min: 600, max: 600), cutRate: 0, agentLossRate: 0)

    /// A greeting, and then nobody says anything.
    static let silent = LoadScenario(
        name: "silent", callerTalksMs: Span(min: 600, max: 600), agentTalksMs: Span(min: 600, max: 600),
        pauseMs: Span(min: 60_000, max: 60_000), greetingMs: 400, bargeInRate: 0, agentSpeed: 4, agentMessageMs: 100,
        callSeconds: Span(min: 600, max: 600), cutRate: 0, agentLossRate: 0)

    /// The same conversation, but calls that last: nothing begins or ends unasked.
    var lasting: LoadScenario {
        var copy = self
        copy.callSeconds = Span(min: 1_200, max: 1_200)
        (copy.cutRate, copy.agentLossRate) = (0, 0)
        return copy
    }

    /// The same conversation with an agent that speaks as fast as it is heard, a message a frame, as the floor passes it on.
    var paced: LoadScenario {
        var copy = self
        (copy.agentSpeed, copy.agentMessageMs) = (1, 20)
        return copy
    }

    /// The same conversation in calls of a second.
    var brief: LoadScenario {
        var copy = lasting
        copy.callSeconds = Span(min: 1, max: 1)
        return copy
    }

    package static func load(path: String) throws -> LoadScenario {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Mistake(description: "there is no scenario at \(path)")
        }
        do {
            let scenario = try JSONDecoder().decode(LoadScenario.self, from: data)
            try scenario.check(path)
            return scenario
        } catch let error as DecodingError {
            throw Mistake(description: "\(path) is no scenario: \(error)")
        }
    }

    private func check(_ path: String) throws {
        for (name, span) in [
            ("callerTalksMs", callerTalksMs), ("agentTalksMs", agentTalksMs), ("pauseMs", pauseMs),
            ("callSeconds", callSeconds),
        ] where span.min < 1 || span.max < span.min || span.max > 60_000 {
            throw Mistake(description: "\(path): \(name) is \(span.min) to \(span.max); give 1 to 60000, in order")
        }
        guard (0...20_000).contains(greetingMs), (1...50).contains(agentSpeed), (20...1_000).contains(agentMessageMs),
            agentMessageMs % 20 == 0
        else { throw Mistake(description: "\(path): greetingMs, agentSpeed or agentMessageMs is out of range") }
        for rate in [bargeInRate, cutRate, agentLossRate] where !(0...1).contains(rate) {
            throw Mistake(description: "\(path): a rate of \(rate) is not between 0 and 1")
        }
    }
}

/// A seeded generator, so that two runs put the same load on two targets.
struct Dice: Sendable {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
    mutating func happens(_ rate: Double) -> Bool { Double(next() >> 11) / Double(1 << 53) < rate }
}
