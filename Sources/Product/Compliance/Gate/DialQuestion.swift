package import FoundationEssentials

/// May this number be called now? Everything the gate looks at, as it was at that moment: the receipt keeps it whole, so that the
/// answer can be worked out again.
package struct DialQuestion: Codable, Equatable, Sendable {
    /// The clock on a wall where the called party may be. The database works it out, whose zones the system keeps up to date.
    package struct LocalTime: Codable, Equatable, Sendable {
        package var zone: String
        package var day: CalendarDay
        /// Of the day, 0…1439.
        package var minute: Int

        package init(zone: String, day: CalendarDay, minute: Int) {
            self.zone = zone
            self.day = day
            self.minute = minute
        }
    }

    /// A copy of a do-not-call list that the tenant has, and whether the number is on it.
    package struct Listing: Codable, Equatable, Sendable {
        package var list: String
        /// Since the list was made.
        package var fileDays: Int
        package var isListed: Bool

        package init(list: String, fileDays: Int, isListed: Bool) {
            self.list = list
            self.fileDays = fileDays
            self.isListed = isListed
        }

        enum CodingKeys: String, CodingKey {
            case list
            case fileDays = "file_days"
            case isListed = "is_listed"
        }
    }

    /// What the campaign that asks has used of its budget.
    package struct BudgetUse: Codable, Equatable, Sendable {
        /// In its currency; of calls under way, what they cost so far and a minute at the least.
        package var spent: Double
        /// In the last 24 hours.
        package var calls: Int
        /// When one more call may be placed where there were as many as may be, or are by now; nil where there was none.
        package var roomAt: Date?

        package init(spent: Double, calls: Int, roomAt: Date? = nil) {
            self.spent = spent
            self.calls = calls
            self.roomAt = roomAt
        }

        enum CodingKeys: String, CodingKey {
            case spent, calls
            case roomAt = "room_at"
        }
    }

    package var at: Date
    /// E.164.
    package var number: String
    /// As in ``PhoneNumbers``; `unknown` counts as one.
    package var numberKind: String
    /// ISO 3166-1; empty where the number is of no one country.
    package var country: String
    /// ISO 3166-2, by number and by address: both count.
    package var regions: [String]
    /// One for each zone the called party may be in; none where nothing is known.
    package var localTimes: [LocalTime]
    package var purpose: CallingRule.Purpose
    package var consent: CallingRule.ConsentLevel
    /// The contact, or anybody who shares the number, asked to be left alone.
    package var isLeftAlone: Bool
    package var listings: [Listing]
    /// When the number was called before, the latest first, by whomever and for whatever of the tenant.
    package var attempts: [Date]
    /// Of these, how many on the called party's day.
    package var attemptsToday: Int
    package var lastTalkAt: Date?
    /// Ours, in use, and allowed to call.
    package var isCallerIDUsable: Bool
    package var callerIDCallsToday: Int
    package var callerIDCallsThisMinute: Int
    /// A tenant that is suspended or has stopped everything calls nobody.
    package var isTenantRunning: Bool
    /// Nil where no campaign asks, or one without a budget.
    package var budgetUse: BudgetUse?

    enum CodingKeys: String, CodingKey {
        case at, number
        case numberKind = "number_kind"
        case country, regions
        case localTimes = "local_times"
        case purpose, consent
        case isLeftAlone = "is_left_alone"
        case listings, attempts
        case attemptsToday = "attempts_today"
        case lastTalkAt = "last_talk_at"
        case isCallerIDUsable = "is_caller_id_usable"
        case callerIDCallsToday = "caller_id_calls_today"
        case callerIDCallsThisMinute = "caller_id_calls_this_minute"
        case isTenantRunning = "is_tenant_running"
        case budgetUse = "budget_use"
    }

    package init(
        at: Date, number: String, numberKind: String, country: String, regions: [String], localTimes: [LocalTime],
        purpose: CallingRule.Purpose, consent: CallingRule.ConsentLevel
    ) {
        self.at = at
        self.number = number
        self.numberKind = numberKind
        self.country = country
        self.regions = regions
        self.localTimes = localTimes
        self.purpose = purpose
        self.consent = consent
        isLeftAlone = false
        listings = []
        attempts = []
        attemptsToday = 0
        lastTalkAt = nil
        isCallerIDUsable = true
        callerIDCallsToday = 0
        callerIDCallsThisMinute = 0
        isTenantRunning = true
    }
}
