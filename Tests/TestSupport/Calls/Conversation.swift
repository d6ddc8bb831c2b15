package import CallModel
package import Foundation

/// Builds call records from lines such as `A: How can I help?` and `C: my name is john`.
package enum Conversation {
    /// Friday, 20 November 2026, 10:00 in New York.
    package static let rangAt = Date(timeIntervalSince1970: 1_795_186_800)
    package static let zone = TimeZone(identifier: "America/New_York") ?? .gmt

    /// Turns are 4 s apart, the first begins at 1 s; a line `A~ said | heard` is one that was interrupted.
    package static func record(
        _ script: String, facts: [(CallFact, Int)] = [], ending: String? = "caller_hangup", answered: Bool = true,
        direction: CallOpening.Direction = .inbound
    ) -> CallRecord {
        var record = CallRecord(
            opening: CallOpening(
                callID: CallID(), tenant: .initial, profileID: UUID(),
                callSid: CallSid("CA" + String(repeating: "0", count: 32)) ?? { preconditionFailure("a valid sid") }(),
                from: E164("+14155550100"),
                to: E164("+14155550199") ?? { preconditionFailure("a valid number") }(), direction: direction,
                rangAt: rangAt, currency: "USD",
                timeZone: "America/New_York"))
        record.answeredAt = answered ? rangAt.addingTimeInterval(1) : nil
        for (index, line) in script.split(separator: "\n").enumerated() {
            let said = line.dropFirst(2).trimmingCharacters(in: .whitespaces)
            let parts = said.components(separatedBy: " | ")
            let startedMs = 1_000 + index * 4_000
            record.transcript.turns.append(
                Turn(
                    number: index + 1, speaker: line.hasPrefix("A") ? .agent : .caller, startedMs: startedMs,
                    endedMs: startedMs + 3_000, text: parts[0], interrupted: parts.count > 1, heardText: parts.last))
            record.lastEntryMs = startedMs + 3_000
        }
        record.facts = facts.map(\.0)
        record.factsAtMs = facts.map(\.1)
        record.ending = ending.map {
            CallEnding(
                reason: $0, endedAt: rangAt.addingTimeInterval(Double(record.lastEntryMs) / 1_000), ear: EarLedger())
        }
        return record
    }

    /// `2026-11-24 15:00` in New York.
    package static func moment(_ date: Date?) -> String {
        guard let date else { return "-" }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = zone
        format.dateFormat = "yyyy-MM-dd HH:mm"
        return format.string(from: date)
    }
}
