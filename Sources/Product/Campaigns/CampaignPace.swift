import FoundationEssentials

/// How fast a campaign dials.
package struct CampaignPace: Codable, Equatable, Sendable {
    package enum Mode: String, Codable, CaseIterable, Sendable {
        /// So many calls a second, one after the other at even distances.
        case fixed
        /// A call for each place that is free.
        case progressive
        /// More calls than places, as far as their answers allow it; places are then those of calls that talk.
        case predictive
    }

    /// What one claim reserves at most: a transaction that others wait for.
    static let claimMax = 16
    /// A dialer that comes late makes up for so much and no more: what it has missed is not a burst.
    private static let lateSecondsMax = 0.1
    package static let callsPerSecondRange = 0.01...20
    package static let callsMaxRange = 1...1_000
    private static let callsMaxStandard = 5

    package var mode: Mode?
    package var callsPerSecond: Double?
    /// At once.
    package var callsMax: Int?
    /// Of the calls that people answer, the share that may hear nobody; of a predictive pace.
    package var abandonMax: Double?

    package init(
        mode: Mode? = nil, callsPerSecond: Double? = nil, callsMax: Int? = nil, abandonMax: Double? = nil
    ) {
        self.mode = mode
        self.callsPerSecond = callsPerSecond
        self.callsMax = callsMax
        self.abandonMax = abandonMax
    }

    enum CodingKeys: String, CodingKey {
        case mode
        case callsPerSecond = "calls_per_second"
        case callsMax = "calls_max"
        case abandonMax = "abandon_max"
    }

    /// Whatever stands in the database.
    package var places: Int {
        let (least, most) = (Self.callsMaxRange.lowerBound, Self.callsMaxRange.upperBound)
        return min(max(callsMax ?? Self.callsMaxStandard, least), most)
    }

    /// What decides how many calls there may be beyond the places; nil where there are never any.
    var ahead: CallsAhead? {
        guard mode == .predictive, let abandonMax, abandonMax > 0 else { return nil }
        return CallsAhead(places: places, abandonMax: abandonMax)
    }

    /// Between two calls; zero: as places become free.
    private var distance: Double {
        guard mode == .fixed else { return 0 }
        let rate = callsPerSecond.map { $0.isFinite ? $0 : 1 } ?? 1
        return 1 / min(max(rate, Self.callsPerSecondRange.lowerBound), Self.callsPerSecondRange.upperBound)
    }

    /// How many calls are due.
    ///
    /// - Parameters:
    ///   - late: seconds since the next one was due; negative before that.
    ///   - free: places of the campaign and of the tenant.
    func due(late: Double, free: Int) -> Int {
        let most = min(max(free, 0), Self.claimMax)
        guard late >= 0 else { return 0 }
        guard distance > 0 else { return most }
        return min(most, Int((min(late, Self.lateSecondsMax) / distance).rounded(.down)) + 1)
    }

    /// By how many seconds the time of the next call moves on after `dialled` calls.
    func advance(late: Double, dialled: Int) -> Double {
        guard dialled > 0, distance > 0 else { return 0 }
        return max(late - Self.lateSecondsMax, 0) + Double(dialled) * distance
    }
}
