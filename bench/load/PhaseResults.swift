/// Set-ups at a high rate beside calls under way.
package struct StormResult: Codable, Sendable {
    package var perSecondWanted: Int
    /// Calls that stand beside the others in the rounds without a storm: as many as the storm has open at a time.
    package var standing: Int
    /// Of all storms.
    package var seconds = 0.0
    package var setUps = 0
    package var failed = 0
    package var perSecond: Double { Double(setUps) / max(0.001, seconds) }
    /// Of the last storm's calls: from ring to TwiML, from there to the first audio.
    package var webhook = DelaySummary()
    package var pickupToAudio = DelaySummary()
    package var turns = Turns()
}

/// Calls under way with and without others that consult specialists.
package struct ConsultsResult: Codable, Sendable {
    package var consulting: Int
    package var begun: Int
    package var over: Int
    /// Of the consults in the database, by their ending.
    package var endings: [String: Int] = [:]
    package var turns = Turns()
}

/// Calls under way, alone and beside people without a credential.
package struct StrangersResult: Codable, Sendable {
    package var perSecondWanted: Int
    /// While they came.
    package var seconds = 0.0
    /// Each with a handshake of its own and four requests.
    package var connections = 0
    package var answers = 0
    package var unanswered = 0
    package var turns = Turns()
}

/// What becomes of more calls than the limit.
package struct OverloadResult: Codable, Sendable {
    package struct Step: Codable, Sendable {
        package var offered: Int
        /// Calls that are on.
        package var accepted: Int
        package var refusedWithTwiML = 0
        package var answered503 = 0
        package var failed = 0
        package var refusal: DelaySummary
        package var readyStatus: Int
        package var readyHasRetryAfter: Bool
        /// The calls under way.
        package var level: LevelResult
    }

    /// Of p99 added, with as much on both sides as the clock decides.
    private static let (delayRatioMax, delayFloorMs) = (2.0, 2.0)

    package var limit: Int
    package var steps: [Step] = []

    /// What is wrong with the curve, a line each.
    package var faults: [String] {
        var faults: [String] = []
        for step in steps {
            if step.accepted > limit { faults.append("\(step.accepted) calls on, past the limit of \(limit)") }
            if step.offered <= limit, step.accepted < step.offered {
                faults.append("\(step.offered - step.accepted) calls refused below the limit")
            }
            if step.offered > limit, step.refusedWithTwiML + step.answered503 == 0 {
                faults.append("nobody refused at \(step.offered) offered")
            }
            if step.failed > 0 { faults.append("\(step.failed) calls without an answer at \(step.offered) offered") }
            if step.accepted >= limit, step.readyStatus != 503 || !step.readyHasRetryAfter {
                faults.append("full, but /readyz answers \(step.readyStatus) without 503 and Retry-After")
            }
            guard step.level.isBelievable else { continue }
            if let loss = step.level.loss { faults.append("at \(step.offered) offered, calls under way: \(loss)") }
            if let ratio = delay(of: step), ratio > Self.delayRatioMax {
                faults.append(
                    "at \(step.offered) offered, p99 added to calls under way is \(LoadTable.decimal(ratio, 2)) times that at "
                        + "\(steps[0].offered)")
            }
        }
        return faults
    }

    /// p99 added over that of the first step, measured in the same run; nil where that one is void.
    private func delay(of step: Step) -> Double? {
        guard let first = steps.first?.level, first.isBelievable else { return nil }
        return (step.level.worstP99 + Self.delayFloorMs) / (first.worstP99 + Self.delayFloorMs)
    }
}

/// What silent calls cost.
package struct IdleResult: Codable, Sendable {
    /// Callers send frames of silence, 50 a second.
    package var silence: LevelResult
    /// The same on the relay.
    package var silenceOnRelay: LevelResult?
    /// Callers send nothing at all: share of a core that the gateway used.
    package var nothingCPUShare: Double
    package var nothingSeconds: Double
    /// Silence that the gateway put in toward the agents meanwhile, frames of 20 ms.
    package var fillerFrames: Int
    package var callsOpen: Int
}
