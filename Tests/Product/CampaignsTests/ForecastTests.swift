import CallModel
import Database
import Dialing
import Foundation
import TestSupport
import Testing

@testable import Campaigns
@testable import Compliance

@Suite struct ForecastTests {
    // MARK: Clocks

    @Test func `a wall's clock is what Foundation says it is, also in nights that are an hour longer or shorter`()
        throws
    {
        var clocks = WallClocks()
        let start = try #require(try? Date("2026-10-20T00:00:00Z", strategy: .iso8601))
        for name in ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland", "UTC"] {
            let zone = try #require(TimeZone(identifier: name))
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = zone
            for step in 0..<1_200 {
                // 401 minutes, so that every minute of the day has its turn; a year and more.
                let time = start.addingTimeInterval(Double(step) * 401 * 60)
                let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: time)
                let read = clocks.local(name, at: time)
                let local = try #require(read)
                #expect(local.day.year == parts.year && local.day.month == parts.month && local.day.day == parts.day)
                #expect(local.minute == (parts.hour ?? 0) * 60 + (parts.minute ?? 0))
                let back = clocks.date(of: local).map { abs($0.timeIntervalSince(time)) } ?? .infinity
                // In the hour that there is twice it is one of the two.
                #expect(back < 60 || abs(back - 3_600) < 60)
            }
        }
        let nowhere = clocks.local("Middle/Earth", at: start)
        #expect(nowhere == nil)
    }

    @Test func `days are counted as the calendar does, leap days too`() throws {
        for days in stride(from: -5_000, through: 60_000, by: 17) {
            let day = try #require(WallClocks.calendarDay(days))
            #expect(WallClocks.days(to: day) == days)
        }
        #expect(WallClocks.calendarDay(0)?.description == "1970-01-01")
        #expect(WallClocks.calendarDay(19_782)?.description == "2024-02-29")
    }

    @Test func `who is due first comes first`() {
        var queue = DueQueue()
        var generator = SeededGenerator(seed: 3)
        let times = (0..<500).map { _ in Double.random(in: 0..<100, using: &generator) }
        for (index, time) in times.enumerated() { queue.add(index, at: Date(timeIntervalSince1970: time)) }
        var order: [Double] = []
        while let first = queue.first {
            order.append(times[first.person])
            queue.removeFirst()
        }

        #expect(order == times.sorted() && queue.count == 0)
    }

    // MARK: Looking ahead

    /// Monday, ten in Chicago.
    private static let monday = Date(timeIntervalSince1970: 1_804_521_600)

    private static func person(_ number: Int) throws -> Forecast.Person {
        let day = try #require(CalendarDay("2027-03-08"))
        let question = DialQuestion(
            at: monday, number: "+1312555\(1_000 + number)", numberKind: "mobile", country: "US", regions: ["US-IL"],
            localTimes: [
                .init(zone: "America/Chicago", day: day, minute: 600)
            ],
            purpose: .marketing, consent: .expressWritten)
        return Forecast.Person(question: question, zone: "America/Chicago", dueAt: monday, attempts: 0)
    }

    private static func kind(
        _ outcome: DialOutcome, _ share: Double, talk: Double = 0
    ) -> CallOdds.Kind {
        .init(
            outcome: outcome, machine: nil, share: share, ringSeconds: 10, talkSeconds: talk,
            minutes: (talk / 60).rounded(.up))
    }

    private static func plan(
        rules: String, people count: Int, open: Int? = nil, kinds: [CallOdds.Kind], callsMax: Int = 5,
        attemptsMax: Int? = nil
    ) throws -> Forecast.Plan {
        let book = try RuleBook(Self.open(rules))
        var price = CampaignBudget()
        (price.pricePerCall, price.pricePerMinute) = (0.02, 0.1)
        return Forecast.Plan(
            from: monday, until: nil, gate: DialGate(book, sets: ["open"]),
            pace: CampaignPace(mode: .progressive, callsMax: callsMax), retries: RetryRules(attemptsMax: attemptsMax),
            budget: price, callerIDs: 1, callsMax: 50, odds: CallOdds(kinds: kinds, calls: 0), reachedBefore: 0,
            open: open ?? count, people: try (0..<count).map(person))
    }

    private static func open(_ rules: String = "") -> [String: String] {
        ["open.json": #"{"id": "open", "version": "1", "title": "Open", "countries": ["US"], "rules": [\#(rules)]}"#]
    }

    private static let hours =
        #"{"id": "h", "version": "1", "source": "t", "hours": {"mon_fri": ["09:00", "17:00"]}}"#

    @Test func `where everybody answers, everybody is called once, and it costs what it costs`() throws {
        let plan = try Self.plan(rules: "", people: 40, kinds: [Self.kind(.completed, 1, talk: 61)])

        let told = Forecast.run(plan)

        #expect(told.days.map(\.calls) == [40] && told.days.map(\.reached) == [40])
        #expect(told.ends == ["completed": 40] && told.unfinished == 0)
        // Two minutes have begun.
        #expect(abs((told.days.first?.cost ?? 0) - 40 * (0.02 + 0.2)) < 1e-9)
        #expect(told.hours > 0 && told.hours < 1)
    }

    @Test func `nobody is called out of hours, in a retry neither, and who is put off is counted`() throws {
        // More than can be called on Monday.
        let plan = try Self.plan(
            rules: Self.hours, people: 400, open: 8_000,
            kinds: [Self.kind(.completed, 0.2, talk: 60), Self.kind(.noAnswer, 0.8)])

        let told = Forecast.run(plan)

        #expect(told.days.count > 2)
        var clocks = WallClocks()
        for day in told.days where day.calls > 0 {
            let weekday = clocks.local("UTC", at: day.at)?.day.weekday ?? 7
            #expect((1...5).contains(weekday), "\(day.at)")
        }
        #expect(told.days.reduce(0) { $0 + ($1.putOff["outside_hours"] ?? 0) } > 1_000)
        let all = told.ends.values.reduce(0, +) + told.unfinished
        #expect(abs(all - 8_000) < 1e-6)
    }

    @Test func `attempts end at their limit, of the campaign and of the rules`() throws {
        let never = [Self.kind(.noAnswer, 1)]
        let own = Forecast.run(try Self.plan(rules: "", people: 20, kinds: never, attemptsMax: 2))
        let rule = #"{"id": "a", "version": "1", "source": "t", "attempts": {"max": 3}}"#
        let theirs = Forecast.run(try Self.plan(rules: rule, people: 20, kinds: never))

        #expect(own.ends == ["exhausted": 20] && own.reasons == ["attempts_max": 20])
        #expect(own.days.reduce(0) { $0 + $1.calls } == 40)
        #expect(theirs.reasons == ["too_many_attempts": 20])
        #expect(theirs.days.reduce(0) { $0 + $1.calls } == 60)
    }

    @Test func `a number that may place so many calls a day holds up the campaign, and one a minute its pace`() throws {
        let rule = #"{"id": "c", "version": "1", "source": "t", "caller_id": {"a_day": 75, "a_minute": 3}}"#
        let told = Forecast.run(
            try Self.plan(rules: rule, people: 300, kinds: [Self.kind(.completed, 1, talk: 30)], callsMax: 100))

        #expect(told.callsPerHour == 180)
        #expect(told.days.count >= 4 && told.days.allSatisfy { $0.calls <= 80 })
        #expect((told.heldUpHours["caller_id_worn_out"] ?? 0) > 48)
    }

    @Test func `a campaign calls as far as its money goes, and so often a day`() throws {
        var plan = try Self.plan(rules: "", people: 100, kinds: [Self.kind(.completed, 1, talk: 60)])
        plan.budget.spendMax = 6
        plan.budgetUse = DialQuestion.BudgetUse(spent: 3, calls: 0)
        plan.gate = DialGate(try RuleBook(Self.open()), sets: ["open"], own: plan.budget.rules)
        let money = Forecast.run(plan)
        plan.budget.spendMax = nil
        plan.budget.callsADay = 20
        plan.budgetUse = DialQuestion.BudgetUse(spent: 0, calls: 5)
        plan.gate = DialGate(try RuleBook(Self.open()), sets: ["open"], own: plan.budget.rules)
        let calls = Forecast.run(plan)

        // 0.12 a call.
        #expect(money.days.reduce(0) { $0 + $1.calls } == 25 && money.unfinished == 75)
        #expect((money.heldUpHours["budget_spent"] ?? 0) > 24 * 50)
        #expect(calls.days.first?.calls == 15 && calls.unfinished == 0)
        #expect((5...7).contains(calls.days.count))
    }

    @Test func `some stand for all, and the time of the campaign ends it`() throws {
        var plan = try Self.plan(rules: "", people: 100, open: 100_000, kinds: [Self.kind(.completed, 1, talk: 60)])
        plan.until = Self.monday.addingTimeInterval(24 * 3_600)

        let told = Forecast.run(plan)
        let calls = told.days.reduce(0) { $0 + $1.calls }

        // Five lines, some 70 s a call: 250 an hour or so.
        #expect((4_000...8_000).contains(calls), "\(calls)")
        #expect(abs(calls + told.unfinished - 100_000) < 1e-6)
        #expect(Forecast.run(plan) == told)
    }

    // MARK: From what there is

    @Test func `a forecast reads what is there, writes nothing, and tells those without a number`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign(status: "draft")
        let people = try await stage.enrol(30, in: campaign)
        _ = try await stage.temporary.rows("update contacts set phone = null where id = $1", [.uuid(people[0])])
        let desk = try stage.desk
        let before = try await stage.count("campaign_activities")

        let ground = try #require(
            try await stage.temporary.database.transaction(tenant: stage.tenant, timeoutMs: 60_000) {
                try Forecast.read(campaign, callsMax: 50, desk: desk, in: $0)
            })
        let told = ground.lookAhead()

        #expect(ground.open == 30 && ground.people == 29 && ground.odds.calls == 0)
        #expect(told.reasons["no_number"] == 1)
        #expect(told.days.reduce(0) { $0 + $1.calls } >= 29)
        #expect(abs(told.ends.values.reduce(0, +) + told.unfinished - 30) < 1e-6)
        #expect(try await stage.count("dial_receipts") == 0)
        #expect(try await stage.count("dial_attempts") == 0)
        #expect(try await stage.count("campaign_activities") == before)
    }

    @Test func `a long list takes hardly longer than a short one, and nobody of it is left out`() async throws {
        let stage = try await CampaignStage.make()
        let (short, long) = (try await stage.campaign(), try await stage.campaign())
        try await stage.enrol(500, in: short)
        _ = try await stage.temporary.rows(
            """
            with people as (
                insert into contacts (tenant_id, contact_name, phone, timezone)
                select $1, 'Person ' || n, '+1312' || 2000000 + n, 'America/Chicago' from generate_series(1, 5000) n
                returning id)
            insert into campaign_contacts (tenant_id, campaign_id, contact_id) select $1, $2, id from people
            """, [.uuid(stage.tenant.uuid), .uuid(long)])
        let desk = try stage.desk
        let clock = ContinuousClock()
        func look(_ campaign: UUID) async throws -> (time: Duration, ground: Forecast.Ground, told: Forecast.Outcome) {
            let start = clock.now
            let ground = try #require(
                try await stage.temporary.database.transaction(tenant: stage.tenant, timeoutMs: 60_000) {
                    try Forecast.read(campaign, callsMax: 50, desk: desk, in: $0)
                })
            let told = ground.lookAhead()
            return (clock.now - start, ground, told)
        }

        let (few, many) = (try await look(short), try await look(long))

        #expect(few.ground.people == 500 && many.ground.people == 500 && many.ground.open == 5_000)
        #expect(abs(many.told.ends.values.reduce(0, +) + many.told.unfinished - 5_000) < 1e-6)
        #expect(many.time < few.time * 5 + .seconds(5), "\(few.time), \(many.time)")
    }

    @Test func `what calls are like is what they were in 30 days, once there were enough`() async throws {
        let stage = try await CampaignStage.make()
        let campaign = try await stage.campaign()
        func add(_ count: Int, _ outcome: String, talk: Int?, answeredBy: String? = nil) async throws {
            _ = try await stage.temporary.rows(
                """
                insert into dial_attempts (
                    tenant_id, campaign_id, number, caller_id, purpose, state, outcome, requested_at, answered_at, ended_at,
                    answered_by, on_machine)
                select $1, $2, '+13125560000', $3, 'marketing', 'ended', $4, now(),
                    case when $5::integer is not null then now() + interval '10 s' end,
                    now() + make_interval(secs => 10 + coalesce($5, 0)), $6, 'hangup'
                from generate_series(1, $7::integer)
                """,
                [
                    .uuid(stage.tenant.uuid), .uuid(campaign), .text(CampaignStage.callerID), .text(outcome),
                    .int(talk),
                    .text(answeredBy), .int(count),
                ])
        }
        func seen() async throws -> CallOdds? {
            try await stage.temporary.database.transaction(tenant: stage.tenant) { try CallOdds.seen(in: $0) }
        }

        try await add(40, "no_answer", talk: nil)
        #expect(try await seen() == nil)
        try await add(20, "completed", talk: 90, answeredBy: "person")
        try await add(20, "completed", talk: 10, answeredBy: "voicemail")

        let odds = try #require(try await seen())
        #expect(odds.calls == 80 && odds.answerRate == 0.5 && odds.reachRate == 0.25)
        #expect(odds.ringSeconds == 10 && odds.talkSeconds == 50)
        #expect(odds.kinds.first { $0.isReached }?.minutes == 2)
        #expect(odds.kinds.contains { $0.machine == .hangup && $0.minutes == 1 })
    }
}
