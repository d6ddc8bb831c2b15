/// How many calls may be under way for so many agents: more than there are, in the hope that not all are answered, and never so many
/// that people who answer hear nobody. No clock, no database.
package struct CallsAhead: Sendable {
    /// 47 CFR 64.1200(a)(7), 16 CFR 310.4(b)(4): at most 3 % of the calls that people answer, by campaign and 30 days.
    package static let abandonMaxRange = 0.0...0.03
    /// Beyond the agents, whatever the figures say: so many times as many calls as there are agents.
    private static let linesMax = 4
    /// Of a bound on the share of calls that are answered: one of forty campaigns like this one is above it.
    private static let deviations = 1.96

    /// Agents, as far as the campaign goes: calls that may talk at once.
    package var places: Int
    /// Of the calls that people answer, the share that may hear nobody.
    package var abandonMax: Double

    package init(places: Int, abandonMax: Double) {
        self.places = places
        self.abandonMax =
            abandonMax.isFinite
            ? min(max(abandonMax, Self.abandonMaxRange.lowerBound), Self.abandonMaxRange.upperBound) : 0
    }

    /// Calls under way at most, ringing and talking.
    package func underWayMax(talking: Int, after measure: PaceMeasure) -> Int {
        let atRisk = min(atRiskMax(measure), places * (Self.linesMax - 1))
        guard atRisk > 0, measure.calls > 0, talking <= places else { return places }
        // Most that ring for which the share is kept; more that ring never make it smaller.
        var (fits, tooMany) = (places - talking, places + atRisk - talking + 1)
        while fits + 1 < tooMany {
            let middle = (fits + tooMany) / 2
            if isKept(ringing: middle, talking: talking, measure) { fits = middle } else { tooMany = middle }
        }
        return talking + fits
    }

    /// Calls beyond the agents: were every single one of them abandoned, the share of these 30 days would still be kept. While little
    /// has happened that is none.
    private func atRiskMax(_ measure: PaceMeasure) -> Int {
        max(Int((abandonMax * Double(measure.reached)).rounded(.down)) - measure.abandoned, 0)
    }

    /// Whether of those who are expected to answer the share that finds nobody free is small enough.
    private func isKept(ringing: Int, talking: Int, _ measure: PaceMeasure) -> Bool {
        let answers = Self.chances(of: ringing, at: answerRateMax(measure))
        let ends = Self.chances(of: talking, at: endRate(measure))
        let free = places - talking
        // Of so many answers more than are free now, those whom the calls that end meanwhile leave without an agent.
        var (left, below, sum) = ([Double](), 0.0, 0.0)
        for answered in answers.indices {
            left.append(sum)
            if answered >= free {
                let beyond = answered - free
                if ends.indices.contains(beyond) { below += ends[beyond] }
                sum += below
            }
        }
        let abandoned = zip(answers, left).reduce(0) { $0 + $1.0 * $1.1 }
        let expected = answers.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
        return abandoned <= abandonMax * expected
    }

    // MARK: What the calls before have been like

    /// At most this share of the next calls is answered: an upper bound, which is far above the mean while few were placed (Wilson 1927).
    func answerRateMax(_ measure: PaceMeasure) -> Double {
        guard measure.calls > 0 else { return 1 }
        let (count, square) = (Double(measure.calls), Self.deviations * Self.deviations)
        let mean = Double(measure.answered) / count
        let spread = Self.deviations * ((mean * (1 - mean) + square / (4 * count)) / count).squareRoot()
        return min((mean + square / (2 * count) + spread) / (1 + square / count), 1)
    }

    /// The share of talks that end while a telephone rings: less than of talks whose length is exponential.
    private func endRate(_ measure: PaceMeasure) -> Double {
        let (ring, talk) = (max(measure.ringSeconds, 0), max(measure.talkSeconds, 0))
        return ring + talk > 0 && (ring + talk).isFinite ? ring / (ring + talk) : 0
    }

    /// That none, one, two … of `count` do what each does at `rate`: the binomial distribution, from its peak outwards, so that nothing
    /// is too small to be multiplied.
    static func chances(of count: Int, at rate: Double) -> [Double] {
        guard count > 0, rate > 0 else { return [1] + Array(repeating: 0, count: max(count, 0)) }
        guard rate < 1 else { return Array(repeating: 0, count: count) + [1] }
        var chances = Array(repeating: 0.0, count: count + 1)
        let (peak, odds) = (min(Int(Double(count + 1) * rate), count), rate / (1 - rate))
        chances[peak] = 1
        for more in stride(from: peak, to: count, by: 1) {
            chances[more + 1] = chances[more] * odds * Double(count - more) / Double(more + 1)
        }
        for fewer in stride(from: peak, to: 0, by: -1) {
            chances[fewer - 1] = chances[fewer] / odds * Double(fewer) / Double(count - fewer + 1)
        }
        let whole = chances.reduce(0, +)
        return chances.map { $0 / whole }
    }
}
