package import CallModel
package import Database
package import FoundationEssentials

/// Somebody asked not to be contacted again: by words, a key, a reply, a link, through the API. Whoever learns of it writes
/// it in the transaction in which it is learned; there is no other way to leave somebody alone.
package struct OptOut: Sendable {
    package enum Source: Equatable, Sendable {
        /// On the telephone.
        case caller
        /// From a number that the carrier doubts.
        case doubtedCaller
        /// Through the API, and how they came to know who wrote it.
        case api(String)

        package var text: String {
            switch self {
            case .caller: "caller"
            case .doubtedCaller: "caller (unverified)"
            case .api(let how): "api: \(how)"
            }
        }
    }

    package var contactID: UUID?
    package var phone: E164?
    /// As they were said; nil when they are on record already.
    package var words: String?
    package var source: Source
    package var at: Date
    package var callID: UUID?

    package init(
        contactID: UUID?, phone: E164?, words: String?, source: Source, at: Date, callID: UUID? = nil
    ) {
        self.contactID = contactID
        self.phone = phone
        self.words = words
        self.source = source
        self.at = at
        self.callID = callID
    }

    /// For all of a transaction at once: rows are those of ``row``.
    package static let statement = BulkStatement<ConsentColumn>(
        // In one order everywhere, so that two transactions do not wait for each other.
        """
        select app.opt_out(\(given: [.contactID, .phone, .words, .source, .at, .callID]))
        from (select * from given order by \([.phone, .contactID])) g
        """)

    package var row: BulkRow<ConsentColumn> {
        [
            .contactID: .uuid(contactID), .phone: .text(phone?.text), .words: .text(words),
            .source: .text(source.text), .at: .timestamp(at), .callID: .uuid(callID),
        ]
    }

    /// Everybody who shares the number is left alone from now on, on all channels; what was planned is cancelled. It goes with
    /// the next query, or with the commit.
    package func write(in tx: borrowing Transaction) throws(DatabaseError) {
        try tx.send(Self.statement, [row])
    }
}

/// Somebody who had asked not to be contacted has changed their mind. Only a person with the right to do so writes it,
/// and no import.
package struct OptOutWithdrawal: Sendable {
    package var contactID: UUID
    package var phone: E164?
    /// Why it may be.
    package var words: String
    package var source: OptOut.Source
    package var at: Date

    package init(contactID: UUID, phone: E164?, words: String, source: OptOut.Source, at: Date) {
        self.contactID = contactID
        self.phone = phone
        self.words = words
        self.source = source
        self.at = at
    }

    /// Everybody who shares the number may be contacted again.
    package func write(in tx: borrowing Transaction) throws(DatabaseError) {
        try tx.send(
            "select app.withdraw_opt_out($1::uuid, $2, $3, $4, $5::timestamptz)",
            [.uuid(contactID), .text(phone?.text), .text(words), .text(source.text), .timestamp(at)])
    }
}
