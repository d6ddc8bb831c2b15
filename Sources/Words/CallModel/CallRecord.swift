package import FoundationEssentials

/// A call as the post-call writer takes it: the fold of its journal.
package struct CallRecord: Equatable, Sendable, Codable {
    package var opening: CallOpening
    package var answeredAt: Date?
    package var transcript = Transcript()
    package var facts: [CallFact] = []
    /// When each of ``facts`` was settled, in ms since the call rang; as many as there are facts.
    package var factsAtMs: [Int] = []
    package var keys: [KeyPress] = []
    package var consults: [ConsultRecordPayload] = []
    package var notes: [String] = []
    /// Nil when the journal stops without an ending: the gateway died in mid-call.
    package var ending: CallEnding?
    /// The last moment the journal speaks of, in ms since the call rang.
    package var lastEntryMs = 0

    /// A key of the caller's telephone, and when it was pressed, in ms since the call rang.
    package struct KeyPress: Equatable, Sendable, Codable {
        package var key: String
        package var atMs: Int
        package init(key: String, atMs: Int) {
            self.key = key
            self.atMs = atMs
        }
    }

    package init(opening: CallOpening) { self.opening = opening }

    /// Nil of a call that a person has had, as far as is known.
    package var machineEnding: MachineEnding? { ending.flatMap { MachineEnding(rawValue: $0.reason) } }

    /// What a person said on the other side: the words of a mailbox are nobody's.
    package var personTurns: [Turn] { machineEnding == nil ? transcript.callerTurns : [] }

    /// All keys in one row.
    package var dtmf: String { keys.map(\.key).joined() }

    /// Nil when `journal` does not begin with ``CallJournalEntry/rang(_:)``.
    package init?(journal: [CallJournalEntry]) {
        guard case .rang(let opening)? = journal.first else { return nil }
        self.init(opening: opening)
        for entry in journal.dropFirst() { apply(entry) }
        transcript.turns.sort { $0.number < $1.number }
    }

    private mutating func apply(_ entry: CallJournalEntry) {
        switch entry {
        case .rang: break
        case .answered(_, let at): answeredAt = answeredAt ?? at
        case .turn(let turn):
            if let known = transcript.turns.lastIndex(where: { $0.number == turn.number }) {
                transcript.turns[known] = turn
            } else {
                transcript.turns.append(turn)
            }
            lastEntryMs = max(lastEntryMs, turn.endedMs)
        case .toolCalled(_, _, _, let atMs): lastEntryMs = max(lastEntryMs, atMs)
        case .fact(let fact, let atMs):
            facts.append(fact)
            factsAtMs.append(atMs)
            lastEntryMs = max(lastEntryMs, atMs)
        case .dtmf(let digit, let atMs):
            keys.append(KeyPress(key: digit, atMs: atMs))
            lastEntryMs = max(lastEntryMs, atMs)
        case .note(let note, let atMs):
            notes.append(note)
            lastEntryMs = max(lastEntryMs, atMs)
        case .consult(let consult, let atMs):
            if let known = consults.firstIndex(where: { $0.id == consult.id }) {
                consults[known] = consult
            } else {
                consults.append(consult)
            }
            lastEntryMs = max(lastEntryMs, atMs)
        case .streamClosed(let atMs): lastEntryMs = max(lastEntryMs, atMs)
        case .ended(let ending): self.ending = ending
        }
    }

    package var endedAt: Date {
        ending?.endedAt ?? opening.rangAt.addingTimeInterval(Double(lastEntryMs) / 1_000)
    }

    /// Whole seconds the caller was connected; 0 when the media stream never started.
    package var connectedSeconds: Int {
        guard let answeredAt else { return 0 }
        return max(0, Int(endedAt.timeIntervalSince(answeredAt).rounded(.up)))
    }
}
