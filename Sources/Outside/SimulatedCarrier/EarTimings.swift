/// What the caller's ear says about a call, computed from both sides' audio on one timeline (8 bytes a millisecond).
package struct EarTimings: Equatable, Sendable, Codable {
    /// One thing the caller said and how long the answer took.
    package struct Answer: Equatable, Sendable, Codable {
        /// Recording path.
        package var said: String
        /// Last audible moment of the recording, since the stream began.
        package var endedMs: Int
        /// From there to the agent's next audible speech; nil when none came before the caller spoke again or hung up.
        package var answeredAfterMs: Int?
    }

    /// Stream start to the first byte played to the caller.
    package var firstByteMs: Int?
    /// Stream start to the first 20 ms the caller could hear.
    package var firstAudibleMs: Int?
    /// The longest stretch after the first word in which neither side could be heard.
    package var longestSilenceMs: Int
    /// Where it began.
    package var longestSilenceAtMs: Int
    package var answers: [Answer]

    /// A span of the caller's timeline that holds one recording, in samples.
    package struct Utterance: Equatable, Sendable {
        package var path: String
        package var start: Int
        package var end: Int
        package init(path: String, start: Int, end: Int) {
            self.path = path
            self.start = start
            self.end = end
        }
    }

    /// - Parameters:
    ///   - agent: what was heard, one byte a sample since the stream began.
    ///   - caller: what was said, on the same timeline.
    ///   - firstByteAtSample: where the gateway's first byte was played.
    package init(agent: [UInt8], caller: [UInt8], utterances: [Utterance], firstByteAtSample: Int?) {
        let agentFrames = Audibility.frames(agent)
        let callerFrames = Audibility.frames(caller)
        let frameMs = ScriptedCaller.frameMs
        firstByteMs = firstByteAtSample.map { $0 / 8 }
        firstAudibleMs = agentFrames.firstIndex(of: true).map { $0 * frameMs }
        longestSilenceMs = 0
        longestSilenceAtMs = 0
        let first = min(
            agentFrames.firstIndex(of: true) ?? agentFrames.count,
            callerFrames.firstIndex(of: true) ?? callerFrames.count)
        var silentFrames = 0
        for index in first..<max(first, agentFrames.count, callerFrames.count) {
            let audible =
                index < agentFrames.count && agentFrames[index] || index < callerFrames.count && callerFrames[index]
            silentFrames = audible ? 0 : silentFrames + 1
            if silentFrames * frameMs > longestSilenceMs {
                longestSilenceMs = silentFrames * frameMs
                longestSilenceAtMs = (index + 1 - silentFrames) * frameMs
            }
        }
        answers = utterances.enumerated().map { position, utterance in
            let frames =
                utterance.start / Audibility.frameBytes..<max(utterance.start, utterance.end) / Audibility.frameBytes
            let last = frames.clamped(to: 0..<callerFrames.count).last { callerFrames[$0] } ?? frames.lowerBound
            let end = last + 1
            let until =
                position + 1 < utterances.count
                ? min(agentFrames.count, utterances[position + 1].start / Audibility.frameBytes) : agentFrames.count
            let answer = Self.firstReply(agentFrames, from: end, until: until)
            return Answer(
                said: utterance.path, endedMs: end * frameMs, answeredAfterMs: answer.map { ($0 - end) * frameMs })
        }
    }

    /// The first audible frame from `end` on; an agent that was still talking at `end` must fall silent first.
    private static func firstReply(_ agent: [Bool], from end: Int, until: Int) -> Int? {
        guard end < until else { return nil }
        var index = end
        if end > 0, agent[end - 1] {
            var silent = 0
            while index < until, silent < silentFramesBetweenReplies {
                silent = agent[index] ? 0 : silent + 1
                index += 1
            }
        }
        return index < until ? agent[index..<until].firstIndex(of: true) : nil
    }

    /// 200 ms: shorter gaps are pauses between words.
    private static let silentFramesBetweenReplies = 10
}
