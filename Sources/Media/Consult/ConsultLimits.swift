import FoundationEssentials

/// How long a consult may take and when one is offered: part of a profile, every field optional there.
package struct ConsultLimits: Hashable, Sendable, Codable {
    /// What the caller is told it takes.
    package var expectedSeconds: Int
    /// How long one specialist may take, and all of them together with the merge, from the yes on.
    package var specialistMs: Int
    package var wholeMs: Int
    /// The longest the caller waits for the next sign of life.
    package var signOfLifeMs: Int
    /// How long a reply to the offer is awaited before the silence counts as unclear.
    package var answerWithinMs: Int
    /// How long a merged answer may wait to be heard before it becomes a follow-up.
    package var deliverWithinMs: Int
    package var specialistsMax: Int
    /// 0 … 1: from which detector score on a consult is offered.
    package var detectionThreshold: Double

    /// Values outside what is sensible are brought to its edge.
    package init(
        expectedSeconds: Int = 30, specialistMs: Int = 30_000, wholeMs: Int = 90_000, signOfLifeMs: Int = 8_000,
        answerWithinMs: Int = 8_000, deliverWithinMs: Int = 60_000, specialistsMax: Int = 5,
        detectionThreshold: Double = 0.5
    ) {
        self.expectedSeconds = min(max(expectedSeconds, 5), 90)
        self.wholeMs = min(max(wholeMs, 1_000), 90_000)
        self.specialistMs = min(max(specialistMs, 500), 30_000, self.wholeMs)
        self.signOfLifeMs = min(max(signOfLifeMs, 1_000), 8_000)
        self.answerWithinMs = min(max(answerWithinMs, 2_000), 30_000)
        self.deliverWithinMs = min(max(deliverWithinMs, 5_000), 120_000)
        self.specialistsMax = min(max(specialistsMax, 1), 5)
        self.detectionThreshold = min(max(detectionThreshold, 0), 1)
    }

    package init(from decoder: any Decoder) throws { try self.init(from: decoder, configuration: ConsultLimits()) }
}

extension ConsultLimits: DecodableWithConfiguration {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case expectedSeconds, specialistMs, wholeMs, signOfLifeMs, answerWithinMs, deliverWithinMs, specialistsMax
        case detectionThreshold
    }

    /// - Parameter usual: stands for what is left out.
    package init(from decoder: any Decoder, configuration usual: ConsultLimits) throws {
        let given = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys, _ usual: Int) throws -> Int {
            try given.decodeIfPresent(Int.self, forKey: key) ?? usual
        }
        self.init(
            expectedSeconds: try number(.expectedSeconds, usual.expectedSeconds),
            specialistMs: try number(.specialistMs, usual.specialistMs), wholeMs: try number(.wholeMs, usual.wholeMs),
            signOfLifeMs: try number(.signOfLifeMs, usual.signOfLifeMs),
            answerWithinMs: try number(.answerWithinMs, usual.answerWithinMs),
            deliverWithinMs: try number(.deliverWithinMs, usual.deliverWithinMs),
            specialistsMax: try number(.specialistsMax, usual.specialistsMax),
            detectionThreshold: try given.decodeIfPresent(Double.self, forKey: .detectionThreshold)
                ?? usual.detectionThreshold)
    }
}
