import CRM
import CallModel
import Database
import FoundationEssentials

/// What is on record of a carrier's call under another id of ours than the one at hand: the carrier rang a second time while
/// the first gateway was gone, or the caller came back after the call had been given up. Both are one call, and one record.
struct JoinedCall: Equatable, Sendable {
    /// Of the record that takes the other part in.
    let callID: CallID
    let rangAt: Date
    let answeredAt: Date?
    let endedAt: Date?
    let status: String
    let endReason: String?
    let outcome: CallOutcome?
    let dtmf: String
    let notes: [String]
    let turns: [Turn]

    /// The part that this record has begun with is written.
    var isFinal: Bool { status != "in_progress" && status != "ringing" }

    static let recorded = BulkStatement<CallColumn>(
        """
        select \([.callStartTime, .answeredAt, .callEndTime, .status, .endReason, .outcome, .dtmf]),
            array(select jsonb_array_elements_text(\(.notes))) as \(.notes)
        from calls where \(.id) = any(\(all: .id))
        """)

    static let turns = BulkStatement<TurnColumn>(
        """
        select \([.turnNumber, .speaker, .startedMs, .endedMs, .text, .interrupted, .heardText]) from conversations
        where \(.callID) = any(\(all: .callID)) order by \(.turnNumber)
        """)

    private struct Recorded: Decodable {
        var callStartTime: Date
        var answeredAt: Date?
        var callEndTime: Date?
        var status: String
        var endReason: String?
        var outcome: String?
        var dtmf: String?
        var notes: [String]
    }

    private struct RecordedTurn: Decodable {
        var turnNumber: Int
        var speaker: String
        var startedMs: Int
        var endedMs: Int
        var text: String
        var interrupted: Bool
        var heardText: String
    }

    /// Nil when there is no such call.
    static func read(_ callID: CallID, in tx: borrowing Transaction) throws -> JoinedCall? {
        let id = SQLValue.uuid(callID.uuid)
        let rows = try tx.queries([
            BulkRows(recorded, [[.id: id]]).query, BulkRows(Self.turns, [[.callID: id]]).query,
        ])
        guard let call = try rows[0].first?.decode(Recorded.self) else { return nil }
        return JoinedCall(
            callID: callID, rangAt: call.callStartTime, answeredAt: call.answeredAt, endedAt: call.callEndTime,
            status: call.status, endReason: call.endReason, outcome: call.outcome.flatMap(CallOutcome.init),
            dtmf: call.dtmf ?? "", notes: call.notes,
            turns: try rows[1].map { row in
                let turn = try row.decode(RecordedTurn.self)
                return Turn(
                    number: turn.turnNumber, speaker: Speaker(rawValue: turn.speaker) ?? .human,
                    startedMs: turn.startedMs, endedMs: turn.endedMs, text: turn.text, interrupted: turn.interrupted,
                    heardText: turn.heardText)
            })
    }

    // MARK: - What the record says of its parts

    private static func holds(_ part: CallID) -> String { "holds what was journalled as call \(part)" }
    /// Of a record that another part has made before the one it is named after came.
    static func lacks(_ part: CallID) -> String { "\(CallStore.lacksWords)\(part)" }

    /// Whether the call that was journalled as `part` is in the record.
    func holds(_ part: CallID) -> Bool {
        guard isFinal else { return false }
        return part == callID ? !notes.contains(Self.lacks(part)) : notes.contains(Self.holds(part))
    }

    /// Both parts as one call, in the order in which things were said, by the clock of this record; with the other's notes.
    func joined(with other: CallRecord) -> CallRecord {
        let part = other.opening.callID
        let shiftMs = Int((other.opening.rangAt.timeIntervalSince(rangAt) * 1_000).rounded())
        var whole = other
        whole.opening.callID = callID
        whole.opening.rangAt = rangAt
        whole.answeredAt = [answeredAt, other.answeredAt].compactMap(\.self).min()
        // The part after whose id the record is named has begun first.
        let isEarlier = shiftMs < 0 || part == callID
        let moved = other.transcript.turns.map { turn in
            var turn = turn
            turn.startedMs += shiftMs
            turn.endedMs += shiftMs
            return turn
        }
        whole.transcript.turns = (isEarlier ? moved + turns : turns + moved).enumerated()
            .sorted { ($0.element.startedMs, $0.offset) < ($1.element.startedMs, $1.offset) }
            .enumerated().map { place, turn in
                var turn = turn.element
                turn.number = place + 1
                return turn
            }
        whole.factsAtMs = other.factsAtMs.map { $0 + shiftMs }
        whole.lastEntryMs = other.lastEntryMs + shiftMs
        // The row on record is one input without its times.
        let movedKeys = other.keys.map { CallRecord.KeyPress(key: $0.key, atMs: $0.atMs + shiftMs) }
        let known = dtmf.isEmpty ? [] : [CallRecord.KeyPress(key: dtmf, atMs: isEarlier ? whole.lastEntryMs : 0)]
        whole.keys = isEarlier ? movedKeys + known : known + movedKeys
        if isFinal, let endedAt, endedAt > other.endedAt {
            let ear = other.ending?.ear ?? EarLedger()
            whole.ending =
                status == "interrupted"
                ? nil : CallEnding(reason: endReason ?? "unknown", endedAt: endedAt, ear: ear)
            whole.lastEntryMs = max(whole.lastEntryMs, Int(endedAt.timeIntervalSince(rangAt) * 1_000))
        }
        return whole
    }

    /// The notes of both parts, and what says that they are in the record: an id may look like the number of a card, so
    /// this comes after the redaction.
    func notes(with others: [String], of part: CallID) -> [String] {
        var notes = notes.filter { $0 != Self.lacks(part) }
        if part != callID { notes.insert(Self.holds(part), at: 0) }
        if !isFinal, part != callID { notes.insert(Self.lacks(callID), at: 0) }
        return notes + others
    }

    /// What was promised in one part holds for the call.
    func outcome(with other: CallOutcome) -> CallOutcome {
        guard let outcome, [.doNotCall, .meetingBooked, .transferred, .followUpAgreed].contains(outcome) else {
            return other
        }
        return FactMerge.stronger(outcome, other)
    }
}
