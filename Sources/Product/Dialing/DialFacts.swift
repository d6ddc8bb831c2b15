import CallModel
import Compliance
import Database
import FoundationEssentials
import PhoneNumbers

/// What is on record about a number that is to be called, as the gate wants it.
struct DialFacts {
    private let wish: DialDesk.Wish

    init(_ wish: DialDesk.Wish) { self.wish = wish }

    /// - Returns: the question, the rule sets of the tenant, and the number of ours to call from.
    func read(in tx: borrowing Transaction) throws -> (DialQuestion, sets: [String], callerID: String?) {
        let number = wish.number.text
        let facts = try tx.query(
            """
            select now() as at, t.is_active, t.calls_stopped_at is not null as is_stopped, t.calling_rule_sets,
                app.is_opted_out($1) as is_left_alone,
                exists (select from contacts c where c.id = $2::uuid and c.do_not_contact) as is_contact_left_alone,
                (select s.level from (
                    select s.granted, s.level from consents s where s.phone = $1 and s.kind = 'marketing_voice'
                    order by s.at desc, s.created_at desc limit 1) s where s.granted) as consent,
                (select n.number from phone_numbers n
                    where n.is_active and coalesce(n.rests_until, now()) <= now() and n.number = coalesce($3, n.number)
                    order by n.created_at, n.id limit 1) as caller_id
            from tenants t
            """, [.text(number), .uuid(wish.contactID), .text(wish.callerID?.text)])
        guard let row = facts.first else { throw DatabaseError.unexpectedValue(column: "tenant", expected: "a row") }
        let callerID = try row.textOrNil("caller_id")
        var question = try self.question(row, in: tx)
        question.isTenantRunning = try row.bool("is_active") && !row.bool("is_stopped")
        question.isLeftAlone = try row.bool("is_left_alone") || row.bool("is_contact_left_alone")
        question.isCallerIDUsable = callerID != nil
        question.isAskedFor = wish.isAskedFor ? true : nil
        question.listings = try DoNotCallFile.listings(of: wish.number, in: tx)
        question.budgetUse = wish.enrolment?.budgetUse
        try addHistory(callerID, to: &question, in: tx)
        return (question, try row.textArray("calling_rule_sets"), callerID)
    }

    private func question(_ row: Row, in tx: borrowing Transaction) throws -> DialQuestion {
        let read = try? PhoneNumberReader(region: nil)?.read(wish.number.text)
        let (zones, regions) = try places(in: tx)
        let clocks = try tx.query(
            """
            select z.name as zone, to_char(now() at time zone z.name, 'YYYY-MM-DD') as day,
                (extract(hour from now() at time zone z.name) * 60
                    + extract(minute from now() at time zone z.name))::integer as minute
            from unnest($1::text[]) with ordinality z (name, place) order by z.place
            """, [.textArray(zones)])
        return DialQuestion(
            at: try row.timestamp("at"), number: wish.number.text, numberKind: read?.kind?.rawValue ?? "unknown",
            // A number of an American state is one of the country, territories included.
            country: regions.first.map { String($0.prefix(2)) } ?? read?.region ?? "", regions: regions,
            localTimes: try clocks.compactMap { clock in
                guard let day = CalendarDay(try clock.text("day")) else { return nil }
                return DialQuestion.LocalTime(zone: try clock.text("zone"), day: day, minute: try clock.int("minute"))
            }, purpose: wish.purpose,
            consent: try row.textOrNil("consent").flatMap { CallingRule.ConsentLevel(rawValue: $0) } ?? .none)
    }

    /// Where the number is at home, and where whoever has it says to be: a number moves with its owner, and may be several people's.
    private func places(in tx: borrowing Transaction) throws -> (zones: [String], regions: [String]) {
        var (zones, regions) = (NumberPlace(of: wish.number).zones, NumberPlace(of: wish.number).regions)
        func add(_ more: [String], to known: inout [String]) { known += more.filter { !known.contains($0) } }
        let people = try tx.query(
            """
            select w.timezone, w.state, app.is_time_zone(w.timezone) as is_zone from (
                select c.timezone, c.state, false as is_other from contacts c where c.id = $2::uuid
                union select c.timezone, c.state, true from contacts c where c.phone = $1) w
            order by w.is_other, w.timezone, w.state limit \(Self.peopleMax)
            """, [.text(wish.number.text), .uuid(wish.contactID)])
        // Elsewhere a state may be anything.
        let isAmerican = wish.number.text.hasPrefix("+1")
        for person in people {
            let state = isAmerican ? try person.textOrNil("state").flatMap { NumberPlace.of(state: $0) } : nil
            if let state { add(state.regions, to: &regions) }
            guard let own = try person.textOrNil("timezone") else {
                if let state { add(state.zones, to: &zones) }
                continue
            }
            // What time it is in a zone that nobody knows, nobody knows.
            guard try person.bool("is_zone") else { return ([], regions) }
            add([own], to: &zones)
        }
        return (zones, regions)
    }

    /// At one number.
    private static let peopleMax = 50

    /// Calls that the carrier was asked for count, and those it had no room for do not.
    private func addHistory(_ callerID: String?, to question: inout DialQuestion, in tx: borrowing Transaction) throws {
        let placed = "requested_at is not null and outcome is distinct from 'carrier_congestion'"
        let zones = question.localTimes.map(\.zone)
        let attempts = try tx.query(
            """
            select requested_at, case when answered_at is not null then ended_at end as talked_at,
                exists (select from unnest($2::text[]) z
                    where (requested_at at time zone z)::date = (now() at time zone z)::date) as is_today
            from dial_attempts where number = $1 and \(placed) order by requested_at desc limit 100
            """, [.text(wish.number.text), .textArray(zones)])
        question.attempts = try attempts.map { try $0.timestamp("requested_at") }
        question.attemptsToday = try attempts.count(where: { try $0.bool("is_today") })
        question.lastTalkAt = try attempts.compactMap { try $0.timestampOrNil("talked_at") }.max()
        // Those that it is about to place are as good as placed.
        let used = try tx.query(
            """
            select (d.n + r.n)::integer as day, (d.minute + r.n)::integer as minute
            from (
                select count(*) as n, count(*) filter (where requested_at > now() - interval '1 minute') as minute
                from dial_attempts where caller_id = $1 and requested_at > now() - interval '1 day' and \(placed)) d
            cross join (
                select count(*) as n from dial_attempts
                where caller_id = $1 and state = 'reserved' and valid_until > now()) r
            """, [.text(callerID)])
        question.callerIDCallsToday = try used.first?.int("day") ?? 0
        question.callerIDCallsThisMinute = try used.first?.int("minute") ?? 0
    }
}
