import CallModel
import Compliance
import Database
import FoundationEssentials
import TestSupport
import Testing

@Suite struct OptOutTests {
    private static let number = E164("+14155552671")
    private static let at = Date(timeIntervalSince1970: 1_795_953_600)

    /// Two contacts of one number, one of another; each with a lead, a follow-up, a meeting and a task of each kind.
    private struct Neighbourhood {
        let temporary: TemporaryDatabase
        let ours: [UUID]
        let neighbour: UUID

        static func make(for tenant: TenantID = .initial, in temporary: TemporaryDatabase) async throws -> Neighbourhood
        {
            let people = (0..<3).map { _ in UUID() }
            try await temporary.owner.unscoped(timeoutMs: 60_000) { tx in
                for (place, person) in people.enumerated() {
                    let values: [SQLValue] = [.uuid(tenant.uuid), .uuid(person)]
                    try tx.execute(
                        "insert into contacts (tenant_id, id, phone) values ($1, $2, $3)",
                        values + [.text(place < 2 ? "+14155552671" : "+14155552672")])
                    try tx.execute("insert into leads (tenant_id, id, contact_id) values ($1, $2, $2)", values)
                    try tx.execute(
                        "insert into follow_ups (tenant_id, lead_id, due_at, notes) values ($1, $2, now(), 'Ask again.')",
                        values)
                    try tx.execute(
                        """
                        insert into tasks (tenant_id, contact_id, kind, title, status) select $1, $2, kind, kind, status
                        from unnest(array['call', 'email', 'other']) as kind, unnest(array['pending', 'completed']) as status
                        """, values)
                }
            }
            return Neighbourhood(temporary: temporary, ours: Array(people[..<2]), neighbour: people[2])
        }

        func leftAlone() async throws -> Set<UUID> {
            let rows = try await temporary.rows(
                "select id from contacts where do_not_contact and opt_in_status = 'opted_out'")
            return Set(try rows.map { try $0.uuid("id") })
        }
    }

    private static func optOut(_ person: UUID?, _ phone: E164? = number, words: String? = "never call me again")
        -> OptOut
    {
        OptOut(contactID: person, phone: phone, words: words, source: .caller, at: at)
    }

    @Test func `whoever shares the number is left alone, what was planned is cancelled, and the words are kept`()
        async throws
    {
        let temporary = try await TemporaryDatabase.make()
        let people = try await Neighbourhood.make(in: temporary)

        try await temporary.database.transaction(tenant: .initial) { tx in try Self.optOut(people.ours[0]).write(in: tx)
        }

        #expect(try await people.leftAlone() == Set(people.ours))
        let followUps = try await temporary.rows(
            "select lead_id, notes from follow_ups where status = 'Cancelled' order by lead_id")
        #expect(Set(try followUps.map { try $0.uuid("lead_id") }) == Set(people.ours))
        #expect(
            try followUps.allSatisfy {
                try $0.text("notes") == "Ask again.\nCancelled: the caller asked not to be contacted."
            })
        let cancelled = try await temporary.rows("select kind, contact_id from tasks where status = 'cancelled'")
        #expect(try cancelled.allSatisfy { try $0.text("kind") == "call" })
        #expect(Set(try cancelled.map { try $0.uuid("contact_id") }) == Set(people.ours))
        #expect(cancelled.count == 2)
        let consents = try await temporary.rows("select * from consents order by kind")
        #expect(
            try consents.map { try $0.text("kind") } == ["marketing_email", "marketing_sms", "marketing_voice"])
        for consent in consents {
            #expect(try !consent.bool("granted"))
            #expect(try consent.text("words") == "never call me again")
            #expect(try consent.text("source") == "caller")
            #expect(try consent.text("phone") == "+14155552671")
            #expect(try consent.uuid("contact_id") == people.ours[0])
            #expect(try consent.timestamp("at") == Self.at)
        }
    }

    @Test(arguments: [true, false])
    func `a person without a number, and a number without a person, are enough`(byPerson: Bool) async throws {
        let temporary = try await TemporaryDatabase.make()
        let people = try await Neighbourhood.make(in: temporary)
        let optOut = byPerson ? Self.optOut(people.neighbour, nil) : Self.optOut(nil, E164("+14155552672"))

        try await temporary.database.transaction(tenant: .initial) { tx in try optOut.write(in: tx) }

        #expect(try await people.leftAlone() == [people.neighbour])
        #expect(try await temporary.rows("select from consents").count == 3)
    }

    @Test func `words that are on record are not kept twice, and leaving alone twice is leaving alone`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let people = try await Neighbourhood.make(in: temporary)

        for words in ["never again", nil, nil] {
            try await temporary.database.transaction(tenant: .initial) { tx in
                try Self.optOut(people.ours[0], words: words).write(in: tx)
            }
        }

        #expect(try await temporary.rows("select from consents").count == 3)
        #expect(try await people.leftAlone() == Set(people.ours))
        let notes = try await temporary.rows("select notes from follow_ups where status = 'Cancelled'")
        #expect(try notes.allSatisfy { try $0.text("notes").components(separatedBy: "Cancelled").count == 2 })
    }

    @Test func `many of one transaction are one statement, and another tenant's people are not meant`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let theirs = try await temporary.secondTenant()
        let people = try await Neighbourhood.make(in: temporary)
        let others = try await Neighbourhood.make(for: theirs, in: temporary)

        try await temporary.database.transaction(tenant: .initial) { tx in
            let optOuts = [
                Self.optOut(people.ours[0]), Self.optOut(people.neighbour, nil),
                Self.optOut(others.ours[0], nil, words: nil),
            ]
            try tx.send(OptOut.statement, optOuts.map(\.row))
        }

        #expect(try await people.leftAlone() == Set(people.ours + [people.neighbour]))
    }

    @Test func `an opt-out whose transaction fails has left nobody alone`() async throws {
        struct OutOfLuck: Error {}
        let temporary = try await TemporaryDatabase.make()
        let people = try await Neighbourhood.make(in: temporary)

        await #expect(throws: OutOfLuck.self) {
            try await temporary.database.transaction(tenant: .initial) { tx in
                try Self.optOut(people.ours[0]).write(in: tx)
                _ = try tx.query("select 1")
                throw OutOfLuck()
            }
        }

        #expect(try await people.leftAlone() == [])
    }

    @Test func `the row of a wish says who, what, from where and when`() {
        let (person, call) = (UUID(), UUID())

        let wish = OptOut(
            contactID: person, phone: Self.number, words: nil, source: .doubtedCaller, at: Self.at, callID: call)

        let expected: [(ConsentColumn, SQLValue)] = [
            (.contactID, .uuid(person)), (.phone, "+14155552671"), (.words, nil), (.source, "caller (unverified)"),
            (.at, .timestamp(Self.at)), (.callID, .uuid(call)),
        ]
        for (column, value) in expected { #expect(wish.row[column] == value, "\(column)") }
    }
}
