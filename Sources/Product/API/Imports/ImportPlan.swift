import CRM
import Database
import FoundationEssentials

/// What is made of rows that go in together, in view of the contacts that are there: pure, so that it can run again when its
/// transaction meets another.
struct ImportPlan: Sendable {
    enum Duplicates: String, Codable, CaseIterable, Sendable { case skip, update, create }
    enum MatchBy: String, Codable, CaseIterable, Sendable { case phone, email, both }

    /// A contact that is there.
    struct Known: Equatable, Sendable {
        var id: UUID
        var phone: String?
        var email: String?
    }

    enum Outcome: Equatable, Sendable {
        case created(UUID)
        case updated(UUID)
        /// The contact is there already.
        case skipped(UUID)
        case failed
    }

    /// A contact to be made, or values for one that is there.
    struct Write: Equatable, Sendable {
        var id: UUID
        var values: [SQLValue]
        var isOptedOut: Bool
    }

    private(set) var inserts: [Write] = []
    /// One after the other: none has a contact twice.
    private(set) var updates: [[Write]] = []
    private(set) var outcomes: [Outcome] = []
    /// By what each row was found to be of a contact that is there; nil of one that is not.
    private(set) var matches: [MatchBy?] = []

    /// Who has a number or an address at this point of the file, the oldest first.
    private var byPhone: [String: [UUID]] = [:]
    private var byEmail: [String: [UUID]] = [:]
    /// Every contact that was met, and how many were before it.
    private var met: [UUID: (rank: Int, phone: String?, email: String?)] = [:]
    private var updateCounts: [UUID: Int] = [:]

    /// - Parameters:
    ///   - known: the oldest first, which is the one that is meant where several share a number.
    ///   - optedOut: numbers of those who asked to be left alone.
    ///   - newID: for each contact that is made.
    init(
        _ rows: [ImportRow], known: [Known], optedOut: Set<String>, duplicates: Duplicates, matchBy: MatchBy,
        newID: (_ row: Int) -> UUID
    ) {
        for contact in known { note(contact.id, phone: contact.phone, email: contact.email) }
        outcomes.reserveCapacity(rows.count)
        for (index, row) in rows.enumerated() {
            guard !row.isFaulty else {
                outcomes.append(.failed)
                matches.append(nil)
                continue
            }
            let isOptedOut = row.phone.map(optedOut.contains) ?? false
            let match = duplicates == .create ? nil : match(row, by: matchBy)
            matches.append(match?.by)
            guard let id = match?.id else {
                let id = newID(index)
                inserts.append(Write(id: id, values: row.values, isOptedOut: isOptedOut))
                note(id, phone: row.phone, email: row.email)
                outcomes.append(.created(id))
                continue
            }
            guard duplicates == .update else {
                outcomes.append(.skipped(id))
                continue
            }
            let before = updateCounts[id, default: 0]
            updateCounts[id] = before + 1
            if updates.count == before { updates.append([]) }
            updates[before].append(Write(id: id, values: row.values, isOptedOut: isOptedOut))
            note(id, phone: row.phone, email: row.email)
            outcomes.append(.updated(id))
        }
    }

    /// Whatever chunk a row is in, it meets what the rows before have left: who has got another number no longer has the old.
    private mutating func note(_ id: UUID, phone: String?, email: String?) {
        let before = met[id]
        let now = (rank: before?.rank ?? met.count, phone: phone ?? before?.phone, email: email ?? before?.email)
        met[id] = now
        if now.phone != before?.phone { move(id, from: before?.phone, to: now.phone, in: \.byPhone) }
        if now.email != before?.email { move(id, from: before?.email, to: now.email, in: \.byEmail) }
    }

    private mutating func move(
        _ id: UUID, from old: String?, to new: String?, in index: WritableKeyPath<ImportPlan, [String: [UUID]]>
    ) {
        if let old { self[keyPath: index][old]?.removeAll { $0 == id } }
        guard let new else { return }
        let (rank, sharing) = (met[id]?.rank ?? 0, self[keyPath: index][new] ?? [])
        let place = sharing.firstIndex { (met[$0]?.rank ?? 0) > rank } ?? sharing.count
        self[keyPath: index][new, default: []].insert(id, at: place)
    }

    /// A number is closer to a person than an address where the two name different ones.
    private func match(_ row: ImportRow, by matchBy: MatchBy) -> (id: UUID, by: MatchBy)? {
        if matchBy != .email, let id = row.phone.flatMap({ byPhone[$0]?.first }) { return (id, .phone) }
        if matchBy != .phone, let id = row.email.flatMap({ byEmail[$0]?.first }) { return (id, .email) }
        return nil
    }
}
