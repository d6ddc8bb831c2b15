import Compliance
package import FoundationEssentials

/// What would become of a campaign, day by day: the gate, the rules of retrying and the pace that it dials with, asked about times to
/// come. Some of its contacts stand for all of them.
package struct Forecast: Sendable {
    /// Who stands for others.
    struct Person: Sendable {
        /// What the gate would be asked about them now.
        var question: DialQuestion
        /// The clock of theirs that retries go by.
        var zone: String
        var dueAt: Date
        var attempts: Int
        /// How often their calls have ended so.
        var ends: [String: Int] = [:]
        var tried: Set<DayPart> = []
    }

    /// What is looked ahead at.
    struct Plan: Sendable {
        var from: Date
        var until: Date?
        var gate: DialGate
        var pace: CampaignPace
        var retries: RetryRules
        var budget: CampaignBudget
        /// Nil where it limits nothing.
        var budgetUse: DialQuestion.BudgetUse?
        /// As many as there are of ours to call from.
        var callerIDs: Int
        /// Places of the tenant's campaigns.
        var callsMax: Int
        var odds: CallOdds
        var reachedBefore: Int
        /// Contacts that are still to be called.
        var open: Int
        /// Who stands for them.
        var people: [Person]
    }

    package struct Day: Equatable, Sendable {
        /// Its beginning, in UTC.
        package var at: Date
        package var calls = 0.0
        package var answered = 0.0
        package var reached = 0.0
        package var talkSeconds = 0.0
        package var cost = 0.0
        /// Put off to another time, by why: an outcome of the gate.
        package var putOff: [String: Double] = [:]
    }

    package struct Outcome: Equatable, Sendable {
        package var days: [Day] = []
        /// Contacts, by how their line of life ends.
        package var ends: [String: Double] = [:]
        /// Contacts that end so, by why.
        package var reasons: [String: Double] = [:]
        /// Contacts that are still to be called when the campaign's time, or the look ahead, is over.
        package var unfinished = 0.0
        /// Hours in which it waited as a whole, by why.
        package var heldUpHours: [String: Double] = [:]
        /// Hours in which it called.
        package var hours = 0.0
        /// When the last call was placed.
        package var lastCallAt: Date?
        package var callsPerHour = 0.0
    }

    package static let daysMax = 60
    /// So many stand for all.
    package static let peopleMax = 500

    static func run(_ plan: Plan, seed: UInt64 = 1) -> Outcome {
        var run = ForecastRun(plan, seed: seed)
        return run.outcome()
    }
}
