import CallModel
import Database

/// The numbers that a campaign calls from, with the calls that each has placed in the last day or is about to place: the one that has
/// called least is next. Asked once a claim, and counted on from there.
struct CallerIDs: Sendable {
    private struct One: Sendable {
        var number: E164
        /// The gate says so of one that is not; the others come first.
        var isActive: Bool
        var calls: Int
    }

    private var numbers: [One] = []

    /// None: whichever the tenant has.
    init() {}

    init(_ texts: [String], in tx: borrowing Transaction) throws {
        // Of one there is nothing to choose.
        if texts.count == 1 {
            numbers = texts.compactMap { E164($0) }.map { One(number: $0, isActive: true, calls: 0) }
        }
        guard texts.count > 1 else { return }
        numbers = try tx.query(
            """
            select n.number, exists (select from phone_numbers p where p.number = n.number and p.is_active) as is_active, (
                    select count(*) from dial_attempts a
                    where a.caller_id = n.number and a.requested_at > now() - interval '1 day')
                + (select count(*) from dial_attempts a where a.caller_id = n.number and a.state = 'reserved'
                    and a.valid_until > now()) as calls
            from unnest($1::text[]) with ordinality n (number, place) order by n.place
            """, [.textArray(texts)]
        ).compactMap { row in
            guard let number = E164(try row.text("number")) else { return nil }
            return One(number: number, isActive: try row.bool("is_active"), calls: try row.int("calls"))
        }
    }

    private var index: Int? {
        numbers.indices.min { one, other in
            let (one, other) = (numbers[one], numbers[other])
            return one.isActive == other.isActive ? one.calls < other.calls : one.isActive
        }
    }

    var next: E164? { index.map { numbers[$0].number } }

    /// The next one has a call more.
    mutating func use() {
        if let index { numbers[index].calls += 1 }
    }
}
