package import FoundationEssentials

/// What the gate says, and why: every rule that held, with what it said.
package struct DialVerdict: Codable, Equatable, Sendable {
    /// When it is worth asking again. A hint: the gate is asked anew then.
    package enum Again: Codable, Equatable, Sendable {
        case never
        case at(Date)
        /// By the clock on that wall.
        case local(DialQuestion.LocalTime)
    }

    package struct Refusal: Codable, Equatable, Sendable {
        package var rule: String
        package var version: String
        /// `outside_hours`, `holiday`, …: what to branch on.
        package var code: Code
        /// For people.
        package var detail: String
        package var again: Again
    }

    package enum Code: String, Codable, CaseIterable, Sendable {
        case tenantStopped = "tenant_stopped"
        case countryNotCovered = "country_not_covered"
        case numberKind = "number_kind"
        case leftAlone = "left_alone"
        case onDoNotCallList = "on_do_not_call_list"
        case doNotCallListMissing = "do_not_call_list_missing"
        case consentMissing = "consent_missing"
        case placeUnknown = "place_unknown"
        case outsideHours = "outside_hours"
        case holiday
        case tooManyAttempts = "too_many_attempts"
        case talkedLately = "talked_lately"
        case callerIDUnusable = "caller_id_unusable"
        case callerIDWornOut = "caller_id_worn_out"
        case budgetSpent = "budget_spent"
        case callsOfDayPlaced = "calls_of_day_placed"
    }

    /// A rule that held for this call.
    package struct Applied: Codable, Equatable, Sendable {
        package var rule: String
        package var version: String
        package var isMet: Bool

        enum CodingKeys: String, CodingKey {
            case rule, version
            case isMet = "is_met"
        }
    }

    /// Those of the tenant at that moment.
    package var sets: [String]
    package var applied: [Applied]
    package var refusals: [Refusal]

    package var isAllowed: Bool { refusals.isEmpty }
}
