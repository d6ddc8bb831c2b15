import CallModel
import Foundation

/// One line of a labelled set: what is said in a call, and what the record has to hold afterwards.
struct LabelledCall: Decodable, Sendable {
    /// A turn of an exchange: `{"agent": "…"}` or `{"caller": "…"}`.
    struct Line: Decodable, Sendable {
        var agent: String?
        var caller: String?
    }

    var id: String
    /// What kind of wording it is, such as `eu-notation`: a whole wording stands in one half.
    var wording: String
    /// What the agent asks; nil for the plain question of the kind.
    var agent: String?
    /// The caller's transcripts in order; nil where ``turns`` has them.
    var say: [String]?
    var turns: [Line]?
    /// The profile's language; nil for English.
    var lang: String?
    /// A field and the values that are right; null among them: nothing recorded is right too.
    var want: [String: [WantedValue?]]

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case id, wording, agent, say, turns, lang, want
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: AnyKey.self)
        if let unknown = all.allKeys.first(where: { CodingKeys(stringValue: $0.stringValue) == nil }) {
            throw LabelledSet.Fault("an unknown key `\(unknown.stringValue)`")
        }
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        wording = try fields.decode(String.self, forKey: .wording)
        agent = try fields.decodeIfPresent(String.self, forKey: .agent)
        say = try fields.decodeIfPresent([String].self, forKey: .say)
        turns = try fields.decodeIfPresent([Line].self, forKey: .turns)
        lang = try fields.decodeIfPresent(String.self, forKey: .lang)
        want = try fields.decode([String: [WantedValue?]].self, forKey: .want)
        try check()
    }

    private func check() throws {
        guard (say == nil) != (turns == nil) else { throw LabelledSet.Fault("either `say` or `turns`") }
        if turns != nil, agent != nil { throw LabelledSet.Fault("`turns` have their own `agent`") }
        if say?.isEmpty == true || turns?.isEmpty == true { throw LabelledSet.Fault("nobody says anything") }
        if turns?.contains(where: { ($0.agent == nil) == ($0.caller == nil) }) == true {
            throw LabelledSet.Fault("a turn is either the agent's or the caller's")
        }
        guard !want.isEmpty else { throw LabelledSet.Fault("`want` is empty") }
        for (field, values) in want {
            guard let field = ReadCall.Field(rawValue: field) else {
                throw LabelledSet.Fault("an unknown field `\(field)`")
            }
            guard !values.isEmpty else { throw LabelledSet.Fault("`\(field)` has no value, not even null") }
            for value in values where !field.takes(value) {
                throw LabelledSet.Fault("`\(field)` cannot be \(value.map(String.init(describing:)) ?? "null")")
            }
        }
    }

    /// What is said, for a person to read.
    var script: String {
        lines(asking: agent ?? "").map { $0.agent.map { "A: \($0)" } ?? "C: \($0.caller ?? "")" }
            .filter { $0 != "A: " }.joined(separator: " / ")
    }

    private func lines(asking question: String) -> [Line] {
        turns ?? [Line(agent: question)] + (say ?? []).map { Line(caller: $0) }
    }

    // MARK: Its record

    /// Sunday, 29 November 2026, 09:31 in New York.
    private static let rangAt = Date(timeIntervalSince1970: 1_795_962_660)
    static let zone = TimeZone(identifier: "America/New_York") ?? .gmt

    /// The call as the post-call writer gets it: turns a second apart, hung up by the caller.
    ///
    /// - Parameter question: what the agent asks where the line does not say so.
    func record(asking question: String) throws -> CallRecord {
        guard let callSid = CallSid("CA" + String(repeating: "0", count: 32)), let to = E164("+14155550199") else {
            throw LabelledSet.Fault("no call can be made up")
        }
        var record = CallRecord(
            opening: CallOpening(
                callID: CallID(), tenant: .initial, profileID: UUID(), callSid: callSid, from: E164("+14155550100"),
                to: to, direction: .inbound, rangAt: Self.rangAt, currency: "USD", timeZone: Self.zone.identifier))
        record.answeredAt = Self.rangAt
        for (index, line) in lines(asking: agent ?? question).enumerated() {
            let startedMs = index * 1_500
            record.transcript.turns.append(
                Turn(
                    number: index + 1, speaker: line.agent == nil ? .caller : .agent, startedMs: startedMs,
                    endedMs: startedMs + 500, text: line.agent ?? line.caller ?? ""))
            record.lastEntryMs = startedMs + 500
        }
        record.ending = CallEnding(
            reason: "caller_hangup", endedAt: Self.rangAt.addingTimeInterval(Double(record.lastEntryMs) / 1_000),
            ear: EarLedger())
        return record
    }
}
