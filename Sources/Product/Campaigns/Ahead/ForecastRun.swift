import Compliance
import Dialing
import FoundationEssentials

/// One look ahead, as far as it has come.
struct ForecastRun {
    private static let step = 300.0
    private static let day = 86_400.0
    private static let paceMinutes = 30

    private let plan: Forecast.Plan
    private let end: Date
    /// Contacts that one person stands for.
    private let weight: Double
    private var people: [Forecast.Person]
    private var queue = DueQueue()
    private var chance: SeededChance
    private var clocks = WallClocks()
    private var told = Forecast.Outcome()
    private var days: [Int: Forecast.Day] = [:]
    private var now: Date
    /// The campaign waits as a whole until then.
    private var waitsUntil: Date
    /// Calls of the last day, the oldest first.
    private var latest: ArraySlice<(at: Date, calls: Double)> = []
    private var latestSum = 0.0
    private var spent = 0.0
    /// Where it was too early or too late, until when it stays so for everybody of the same places.
    private var closed: [Place: Date] = [:]

    /// Who is in the same places is under the same clocks.
    private struct Place: Hashable {
        var country: String
        var regions: [String]
        var zones: [String]
    }

    init(_ plan: Forecast.Plan, seed: UInt64) {
        self.plan = plan
        people = plan.people
        weight = Double(plan.open) / Double(max(plan.people.count, 1))
        chance = SeededChance(seed)
        now = plan.from
        waitsUntil = plan.from
        let last = plan.from.addingTimeInterval(Double(Forecast.daysMax) * Self.day)
        end = min(plan.until ?? last, last)
        for index in people.indices { queue.add(index, at: max(people[index].dueAt, plan.from)) }
    }

    mutating func outcome() -> Forecast.Outcome {
        let perStep = callsPerMinute() * Self.step / 60
        told.callsPerHour = perStep * 3_600 / Self.step
        var credit = 0.0
        while now < end, let first = queue.first?.at {
            let next = max(first, waitsUntil)
            if next > now {
                // Nothing is to be done before: as many steps as go by.
                let steps = ((next.timeIntervalSince(now)) / Self.step).rounded(.up)
                credit = min(credit + steps * perStep, 0)
                now = now.addingTimeInterval(steps * Self.step)
                continue
            }
            // What one step could not use the next one has not; what it took beyond, the next ones do without.
            credit = min(credit, 0) + perStep
            let before = told.lastCallAt
            while credit > 0, waitsUntil <= now, let due = queue.first, due.at <= now {
                queue.removeFirst()
                if ask(due.person) { credit -= weight }
            }
            if told.lastCallAt != before || credit <= 0 { told.hours += Self.step / 3_600 }
            now = now.addingTimeInterval(Self.step)
        }
        told.unfinished = Double(queue.count) * weight
        told.days = days.sorted { $0.key < $1.key }.map(\.value)
        return told
    }

    /// How many calls the pace places with nobody to wait for, and a number of ours may place.
    private func callsPerMinute() -> Double {
        var pace = plan.pace
        pace.callsMax = min(pace.places, plan.callsMax)
        let assumption = plan.odds.assumption(agents: pace.places, reachedBefore: plan.reachedBefore)
        var chance = SeededChance(1)
        // The first ten minutes fill the lines.
        let minutes = PaceSimulation(pace, assumption).run(minutes: Self.paceMinutes, using: &chance).minutes.dropFirst(
            10)
        let paced = Double(minutes.reduce(0) { $0 + $1.calls }) / Double(max(minutes.count, 1))
        let limits = people.lazy.compactMap { plan.gate.callerIDMinuteMax($0.question) }
        return min(paced, limits.min().map { Double($0 * plan.callerIDs) } ?? paced)
    }

    // MARK: One of them

    /// - Returns: whether they were called.
    private mutating func ask(_ index: Int) -> Bool {
        let place = Place(
            country: people[index].question.country, regions: people[index].question.regions,
            zones: people[index].question.localTimes.map(\.zone))
        if let opening = closed[place], opening > now {
            put(index, off: [DialVerdict.Code.outsideHours.rawValue], until: opening)
            return false
        }
        let question = question(about: people[index])
        let verdict = plan.gate.decide(question)
        guard !verdict.isAllowed else {
            call(index, question)
            return true
        }
        switch RefusalRules.step(after: verdict, at: now) {
        case .over(let status, let reason): over(status, reason)
        case .wait(_, let times):
            let until = times.compactMap { date(of: $0) }.max() ?? now
            let codes = Set(verdict.refusals.map(\.code))
            if codes.isSubset(of: [.outsideHours, .holiday]) { closed[place] = until }
            put(index, off: codes.map(\.rawValue), until: until)
        case .campaignWaits(let reason, let seconds):
            waitsUntil = now.addingTimeInterval(max(seconds, Self.step))
            told.heldUpHours[reason, default: 0] += max(seconds, Self.step) / 3_600
            queue.add(index, at: now)
        }
        return false
    }

    private mutating func put(_ index: Int, off reasons: [String], until: Date) {
        for reason in reasons { add { $0.putOff[reason, default: 0] += 1 } }
        queue.add(index, at: max(until, now.addingTimeInterval(1)))
    }

    private mutating func question(about person: Forecast.Person) -> DialQuestion {
        var question = person.question
        question.at = now
        question.localTimes = question.localTimes.compactMap { clocks.local($0.zone, at: now) }
        question.attemptsToday = question.attempts.count(where: { attempt in
            question.localTimes.contains { clocks.local($0.zone, at: attempt)?.day == $0.day }
        })
        while let oldest = latest.first, now.timeIntervalSince(oldest.at) >= Self.day {
            latestSum -= oldest.calls
            latest.removeFirst()
        }
        // Those of before are of the day on which this begins.
        let isFirstDay = now.timeIntervalSince(plan.from) < Self.day
        let before = isFirstDay ? question.callerIDCallsToday : 0
        question.callerIDCallsToday = before + Int(latestSum / Double(max(plan.callerIDs, 1)))
        question.callerIDCallsThisMinute = 0
        if let used = plan.budgetUse {
            question.budgetUse = DialQuestion.BudgetUse(
                spent: CampaignBudget.rounded(used.spent + spent), calls: (isFirstDay ? used.calls : 0) + Int(latestSum)
            )
        }
        return question
    }

    private mutating func call(_ index: Int, _ question: DialQuestion) {
        guard let kind = plan.odds.pick(using: &chance) else { return }
        told.lastCallAt = now
        latest.append((now, weight))
        latestSum += weight
        spent += weight * plan.budget.cost(calls: 1, minutes: kind.minutes)
        let cost = plan.budget.cost(calls: 1, minutes: kind.minutes)
        add {
            $0.calls += 1
            $0.answered += kind.isAnswered ? 1 : 0
            $0.reached += kind.isReached ? 1 : 0
            $0.talkSeconds += kind.talkSeconds
            $0.cost += cost
        }
        let over = now.addingTimeInterval(kind.ringSeconds + kind.talkSeconds)
        if kind.outcome != .carrierCongestion { people[index].question.attempts.insert(now, at: 0) }
        if kind.isAnswered { people[index].question.lastTalkAt = over }
        people[index].ends[kind.name, default: 0] += 1
        if RetryRules.counts(kind.outcome, wasAsked: true) { people[index].attempts += 1 }
        let person = people[index]
        guard let local = clocks.local(person.zone, at: now) ?? question.localTimes.first else { return }
        let ended = RetryRules.Ended(
            outcome: kind.outcome, machine: kind.machine, times: person.ends[kind.name] ?? 1,
            attempts: person.attempts, local: local, tried: person.tried)
        people[index].tried.insert(DayPart.around(local.minute))
        switch plan.retries.step(after: ended, using: &chance) {
        case .over(let status, let reason): self.over(status, reason)
        case .back: queue.add(index, at: over)
        case .after(let pause): queue.add(index, at: over.addingTimeInterval(pause / .seconds(1)))
        case .at(let local): queue.add(index, at: clocks.date(of: local) ?? over)
        }
    }

    private mutating func over(_ status: EnrolmentStatus, _ reason: String) {
        told.ends[status.rawValue, default: 0] += weight
        told.reasons[reason, default: 0] += weight
    }

    private mutating func date(of again: DialVerdict.Again) -> Date? {
        switch again {
        case .never: nil
        case .at(let date): date
        case .local(let local): clocks.date(of: local)
        }
    }

    /// Of one person: those whom they stand for are added with them.
    private mutating func add(_ change: (inout Forecast.Day) -> Void) {
        let number = Int((now.timeIntervalSince1970 / Self.day).rounded(.down))
        var one = Forecast.Day(at: Date(timeIntervalSince1970: Double(number) * Self.day))
        change(&one)
        days[number, default: Forecast.Day(at: one.at)].add(one, times: weight)
    }
}

extension Forecast.Day {
    fileprivate mutating func add(_ other: Forecast.Day, times weight: Double) {
        calls += other.calls * weight
        answered += other.answered * weight
        reached += other.reached * weight
        talkSeconds += other.talkSeconds * weight
        cost += other.cost * weight
        for (reason, count) in other.putOff { putOff[reason, default: 0] += count * weight }
    }
}

/// Who is due first: a binary heap.
struct DueQueue {
    private var heap: [(at: Date, person: Int)] = []

    var first: (at: Date, person: Int)? { heap.first }
    var count: Int { heap.count }

    mutating func add(_ person: Int, at time: Date) {
        heap.append((time, person))
        var index = heap.count - 1
        while index > 0, heap[index] < heap[(index - 1) / 2] {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        var index = 0
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0] < heap[$1] }), heap[least] < heap[index] else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
