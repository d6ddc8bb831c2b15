import FoundationEssentials

/// Decides whether a number may be called now. No clock, no database: the same question under the same rules has the same answer
/// for ever, which is what a receipt is worth. What cannot be known is a refusal.
package struct DialGate: Sendable {
    /// What is asked of every call, whatever the rules say.
    static let ownVersion = "1"
    /// As far as the next opening is looked for.
    private static let daysAheadMax = 21

    private let book: RuleBook
    private let sets: [String]
    private let own: [CallingRule]

    /// - Parameters:
    ///   - sets: those a tenant has chosen.
    ///   - own: the tenant's rules beside them. They can only be stricter: all that hold have to be met.
    package init(_ book: RuleBook, sets: [String], own: [CallingRule] = []) {
        self.book = book
        self.sets = sets
        self.own = own
    }

    package func decide(_ question: DialQuestion) -> DialVerdict {
        var verdict = DialVerdict(sets: sets, applied: [], refusals: [])
        checkStanding(question, &verdict)
        let sets = book.sets(sets, for: question.country)
        if sets.isEmpty {
            refuse(
                "parley-country", .countryNotCovered,
                "None of the rule sets \(self.sets) is for the country of this number.",
                .never, &verdict)
            return verdict
        }
        if question.regions.isEmpty, sets.contains(where: { $0.needsRegion == true }) {
            refuse(
                "parley-region", .placeUnknown, "It is not known in which state or province this number is at home.",
                .never, &verdict)
        }
        let held = held(sets, question)
        for rule in held where rule.hours == nil && rule.holidays == nil {
            let refusal = self.refusal(of: rule, question)
            verdict.applied.append(.init(rule: rule.id, version: rule.version, isMet: refusal == nil))
            if let refusal { verdict.refusals.append(refusal) }
        }
        checkClocks(sets.flatMap(\.rules) + own, held, question, &verdict)
        return verdict
    }

    /// How many calls a minute one number of ours may place, by the strictest rule that holds; nil: none says.
    package func callerIDMinuteMax(_ question: DialQuestion) -> Int? {
        held(book.sets(sets, for: question.country), question).compactMap { $0.callerID?.minuteMax }.min()
    }

    private func held(_ sets: [RuleBook.RuleSet], _ question: DialQuestion) -> [CallingRule] {
        let rules = sets.flatMap(\.rules).sorted { ($0.id, $0.version) < ($1.id, $1.version) }
        let days = days(of: question)
        return (rules + own).filter { rule in days.contains { rule.holds(for: question, on: $0) } }
    }

    /// Where nothing is known of the place, rules are taken as of the day in UTC; the call is refused anyway.
    private func days(of question: DialQuestion) -> [CalendarDay] {
        if !question.localTimes.isEmpty { return question.localTimes.map(\.day) }
        return CalendarDay(question.at.formatted(.iso8601).prefix(10)).map { [$0] } ?? []
    }

    // MARK: What every call is asked

    private func checkStanding(_ question: DialQuestion, _ verdict: inout DialVerdict) {
        if !question.isTenantRunning {
            refuse("parley-running", .tenantStopped, "All calls of this tenant are stopped.", .never, &verdict)
        }
        if question.isLeftAlone {
            refuse(
                "parley-left-alone", .leftAlone, "Somebody at this number asked not to be contacted.", .never, &verdict)
        }
        if question.localTimes.isEmpty {
            refuse(
                "parley-place", .placeUnknown,
                "It is not known what time it is where this number is at home: neither the contact nor the number says.",
                .never, &verdict)
        }
        if !question.isCallerIDUsable {
            refuse(
                "parley-caller-id", .callerIDUnusable, "There is no active number of this tenant to call from.", .never,
                &verdict)
        }
    }

    private func refuse(
        _ rule: String, _ code: DialVerdict.Code, _ detail: String, _ again: DialVerdict.Again,
        _ verdict: inout DialVerdict
    ) {
        verdict.applied.append(.init(rule: rule, version: Self.ownVersion, isMet: false))
        verdict.refusals.append(
            .init(rule: rule, version: Self.ownVersion, code: code, detail: detail, again: again))
    }

    // MARK: Rules that look at no clock on a wall

    private func refusal(of rule: CallingRule, _ question: DialQuestion) -> DialVerdict.Refusal? {
        func refusal(
            _ code: DialVerdict.Code, _ detail: String, _ again: DialVerdict.Again = .never
        ) -> DialVerdict.Refusal {
            .init(rule: rule.id, version: rule.version, code: code, detail: detail, again: again)
        }
        if let wanted = rule.consent, question.consent < wanted {
            return refusal(
                .consentMissing,
                "Consent is `\(question.consent.rawValue)` where a call by an AI for this purpose needs `\(wanted.rawValue)`."
            )
        }
        if let kinds = rule.refusedKinds, kinds.contains(question.numberKind) {
            return refusal(.numberKind, "Numbers of the kind `\(question.numberKind)` are not called.")
        }
        if let attempts = rule.attempts { return attemptsRefusal(attempts, question, refusal) }
        if let days = rule.daysAfterTalk, let talked = question.lastTalkAt {
            let until = talked.addingTimeInterval(Double(days) * 86_400)
            if question.at < until {
                return refusal(.talkedLately, "The last conversation was less than \(days) days ago.", .at(until))
            }
        }
        if let registry = rule.doNotCall { return registryRefusal(registry, question, refusal) }
        if let limits = rule.callerID {
            if question.callerIDCallsToday >= limits.dayMax {
                return refusal(
                    .callerIDWornOut, "The number to call from has placed \(limits.dayMax) calls today.",
                    .at(question.at.addingTimeInterval(86_400)))
            }
            if question.callerIDCallsThisMinute >= limits.minuteMax {
                return refusal(
                    .callerIDWornOut, "The number to call from has placed \(limits.minuteMax) calls this minute.",
                    .at(question.at.addingTimeInterval(60)))
            }
        }
        if let budget = rule.budget { return budgetRefusal(budget, question, refusal) }
        return nil
    }

    private func budgetRefusal(
        _ budget: CallingRule.Budget, _ question: DialQuestion,
        _ refusal: (DialVerdict.Code, String, DialVerdict.Again) -> DialVerdict.Refusal
    ) -> DialVerdict.Refusal? {
        guard let use = question.budgetUse else {
            return refusal(.budgetSpent, "It is not known what the campaign has spent.", .never)
        }
        if let most = budget.spendMax, use.spent >= most {
            return refusal(
                .budgetSpent, "The campaign has spent \(use.spent) of \(most) \(budget.currency ?? "").", .never)
        }
        if let most = budget.dayMax, use.calls >= most {
            return refusal(
                .callsOfDayPlaced, "The campaign has placed \(use.calls) calls in 24 hours; \(most) are its own limit.",
                .at(use.roomAt ?? question.at.addingTimeInterval(3_600)))
        }
        return nil
    }

    private func attemptsRefusal(
        _ limit: CallingRule.Attempts, _ question: DialQuestion,
        _ refusal: (DialVerdict.Code, String, DialVerdict.Again) -> DialVerdict.Refusal
    ) -> DialVerdict.Refusal? {
        if limit.isADay == true {
            guard question.attemptsToday >= limit.max else { return nil }
            return refusal(
                .tooManyAttempts,
                "The number was called \(question.attemptsToday) times today; \(limit.max) a day are allowed.",
                .at(question.at.addingTimeInterval(86_400)))
        }
        guard let hours = limit.hours else {
            guard question.attempts.count >= limit.max else { return nil }
            return refusal(
                .tooManyAttempts, "The number was called \(question.attempts.count) times; \(limit.max) are allowed.",
                .never)
        }
        let window = Double(hours) * 3_600
        let within = question.attempts.filter { question.at.timeIntervalSince($0) < window }.sorted(by: >)
        guard within.count >= limit.max else { return nil }
        return refusal(
            .tooManyAttempts,
            "The number was called \(within.count) times in \(hours) hours; \(limit.max) are allowed.",
            .at(within[limit.max - 1].addingTimeInterval(window)))
    }

    private func registryRefusal(
        _ registry: CallingRule.DoNotCall, _ question: DialQuestion,
        _ refusal: (DialVerdict.Code, String, DialVerdict.Again) -> DialVerdict.Refusal
    ) -> DialVerdict.Refusal? {
        if let exempt = registry.exemptAt, question.consent >= exempt { return nil }
        let listing = question.listings.first { $0.list == registry.list }
        guard let listing, listing.fileDays <= registry.fileDaysMax else {
            return refusal(
                .doNotCallListMissing,
                "There is no copy of the list `\(registry.list)` that is at most \(registry.fileDaysMax) days old.",
                .never)
        }
        return listing.isListed
            ? refusal(.onDoNotCallList, "The number is on the list `\(registry.list)`.", .never) : nil
    }

    // MARK: Rules that do

    /// Every wall has to say that it is time, by every rule.
    private func checkClocks(
        _ rules: [CallingRule], _ held: [CallingRule], _ question: DialQuestion, _ verdict: inout DialVerdict
    ) {
        for rule in held where rule.hours != nil || rule.holidays != nil {
            let shut = question.localTimes.first { local in
                rule.holds(for: question, on: local.day) && !isOpen(rule, local.day, local.minute)
            }
            verdict.applied.append(.init(rule: rule.id, version: rule.version, isMet: shut == nil))
            guard let shut else { continue }
            let isHoliday = rule.holidays != nil
            let clock = CallingHours.clock(shut.minute)
            verdict.refusals.append(
                .init(
                    rule: rule.id, version: rule.version, code: isHoliday ? .holiday : .outsideHours,
                    detail: isHoliday
                        ? "It is a holiday in \(shut.zone): \(shut.day)."
                        : "It is \(clock) on \(shut.day) in \(shut.zone), outside of the hours of this rule.",
                    again: opening(after: shut, rules, question).map { .local($0) } ?? .never))
        }
    }

    private func isOpen(_ rule: CallingRule, _ day: CalendarDay, _ minute: Int) -> Bool {
        span(of: rule, on: day).contains(minute)
    }

    private func span(of rule: CallingRule, on day: CalendarDay) -> Range<Int> {
        if let hours = rule.hours { return hours.days[day.weekday - 1] ?? 0..<0 }
        guard let holidays = rule.holidays else { return 0..<(24 * 60) }
        // One that is observed may be kept in the year beside its own.
        let isKept = (day.year - 1...day.year + 1).contains { year in
            holidays.contains { $0.days(in: year).contains(day) }
        }
        return isKept ? 0..<0 : 0..<(24 * 60)
    }

    /// The next minute at which all rules are open in one zone.
    private func opening(
        after local: DialQuestion.LocalTime, _ rules: [CallingRule], _ question: DialQuestion
    ) -> DialQuestion.LocalTime? {
        var (day, earliest): (CalendarDay?, Int) = (local.day, local.minute + 1)
        for _ in 0..<Self.daysAheadMax {
            guard let today = day else { return nil }
            let open = rules.filter { $0.holds(for: question, on: today) }.map { span(of: $0, on: today) }
                .reduce(earliest..<max(earliest, 24 * 60)) { $0.clamped(to: $1) }
            if !open.isEmpty { return .init(zone: local.zone, day: today, minute: open.lowerBound) }
            (day, earliest) = (today.next, 0)
        }
        return nil
    }
}
