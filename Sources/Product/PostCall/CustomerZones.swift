import CRM
import CallModel
import Database
import Foundation

/// The zones in which callers mean "Tuesday at three": the contact's own where one is on record. Calls that end together ask
/// together.
struct CustomerZones: Sendable {
    private static let timeoutMs = 10_000

    private let lookups: TenantBatches<E164, String?>

    init(database: Database) {
        lookups = TenantBatches(isolates: false) { tenant, phones, timeoutMs in
            try await database.transaction(tenant: tenant, timeoutMs: timeoutMs, urgency: .afterwards) { tx in
                var found: [String: String] = [:]
                for row in try tx.query(Self.statement, phones.map { [.phone: .text($0.text)] }) {
                    let zone = try row.decode(Zone.self)
                    found[zone.phone] = zone.timezone
                }
                return phones.map { found[$0.text] }
            }
        }
    }

    /// The call's own zone, that of its profile, where the contact has none that the calendar knows.
    func zone(of opening: CallOpening) async throws -> String {
        guard let phone = opening.trustedPhone,
            let written = StoredText.line(
                try await lookups.ask(phone, of: opening.tenant, timeoutMs: Self.timeoutMs), charactersMax: 64),
            TimeZone(identifier: written) != nil
        else { return opening.timeZone }
        return written
    }

    private struct Zone: Decodable {
        var phone: String
        var timezone: String
    }

    static let statement = BulkStatement<ContactColumn>(
        """
        select \(given: .phone), c.\(.timezone) from given g
        join lateral (select \(.timezone) from contacts where \(.phone) = \(given: .phone) \(CallParties.contactOrder)) c
            on true
        where c.\(.timezone) is not null
        """)
}
