import CallModel
import Database
import Dialing
import PhoneNumbers

/// Which of a campaign's numbers calls somebody: one that can, of the same country, of the same state or area, and of those the one
/// that has called least.
enum CallerIDChoice {
    struct Candidate: Equatable, Sendable {
        var number: E164
        /// Active, and does not rest.
        var isActive = true
        var callsToday = 0
        var callsThisMinute = 0
        /// What the tenant's rules allow a number.
        var dayMax = Int.max
        var minuteMax = Int.max

        var isFree: Bool { isActive && callsToday < dayMax && callsThisMinute < minuteMax }
    }

    /// The campaign's, with what they have called by now.
    static func read(_ numbers: [String], _ desk: DialDesk, in tx: borrowing Transaction) throws -> [Candidate] {
        guard !numbers.isEmpty else { return [] }
        let limit = try desk.callerIDLimit(in: tx)
        return try tx.query(
            """
            select n.number, p.number is not null as is_active, used.day, used.minute
            from unnest($1::text[]) with ordinality n (number, place)
            left join phone_numbers p on p.number = n.number and p.is_active and coalesce(p.rests_until, now()) <= now()
            cross join lateral (
                select (d.n + r.n)::integer as day, (d.minute + r.n)::integer as minute
                from (
                    select count(*) as n, count(*) filter (where a.requested_at > now() - interval '1 minute') as minute
                    from dial_attempts a
                    where a.caller_id = n.number and a.requested_at > now() - interval '1 day'
                        and a.outcome is distinct from 'carrier_congestion') d
                cross join (
                    select count(*) as n from dial_attempts a
                    where a.caller_id = n.number and a.state = 'reserved' and a.valid_until > now()) r) used
            order by n.place
            """, [.textArray(numbers)]
        ).compactMap { row in
            guard let number = E164(try row.text("number")) else { return nil }
            return Candidate(
                number: number, isActive: try row.bool("is_active"), callsToday: try row.int("day"),
                callsThisMinute: try row.int("minute"), dayMax: limit?.day ?? .max, minuteMax: limit?.minute ?? .max)
        }
    }

    /// Nil of none: whichever the tenant has.
    static func best(of candidates: [Candidate], for called: E164) -> E164? {
        guard candidates.count > 1 else { return candidates.first?.number }
        let home = Home(called)
        return candidates.enumerated().min { one, other in
            rank(one.element, one.offset, home) < rank(other.element, other.offset, home)
        }?.element.number
    }

    /// It has one call more.
    static func note(_ number: E164?, in candidates: inout [Candidate]) {
        guard let index = candidates.firstIndex(where: { $0.number == number }) else { return }
        candidates[index].callsToday += 1
        candidates[index].callsThisMinute += 1
    }

    /// The least is the best; of two alike the first.
    private static func rank(_ candidate: Candidate, _ place: Int, _ home: Home) -> (Int, Int, Int, Int) {
        let own = Home(candidate.number)
        let distance = own.isNeighbour(of: home) ? 0 : own.country == home.country ? 1 : 2
        return (candidate.isFree ? 0 : 1, distance, candidate.callsToday, place)
    }

    /// Where a number is at home, by how it begins.
    private struct Home {
        var country: String?
        var regions: Set<String>
        /// In North America, where it is what people know a number's home by.
        var area: Substring?

        init(_ number: E164) {
            let place = NumberPlace(of: number)
            regions = Set(place.regions)
            country =
                place.regions.first.map { String($0.prefix(2)) }
                ?? (try? PhoneNumberReader(region: nil)?.read(number.text, withKind: false).region) ?? nil
            area = number.text.hasPrefix("+1") ? number.text.dropFirst(2).prefix(3) : nil
        }

        func isNeighbour(of other: Home) -> Bool {
            guard country != nil, country == other.country else { return false }
            return area != nil && area == other.area || !regions.isDisjoint(with: other.regions)
        }
    }
}
