import API
import Endpoints
import Foundation

// A call's record as the API gives it: what the CRM holds.

extension View.LeadOfCall {
    struct Finding: Decodable, Sendable {
        struct Evidence: Decodable, Sendable {
            var words: String
            var speaker: String
            var startedMs: Int
        }

        var value: String
        var confidence: Double
        var evidence: [Evidence]
        var amount: Double?
    }

    /// Other things may stand beside the four findings: nil for what does not read as one.
    func finding(_ name: String) -> Finding? { try? qualification[name]?.read(Finding.self) }
}

extension View.CallDetail {
    /// Nil for an answer that is no record.
    static func read(_ answer: [UInt8]) throws -> View.CallDetail? { try JSONValue(answer)?.read(View.CallDetail.self) }

    /// The record as a person reads it.
    func print() {
        func row(_ name: String, _ value: String) {
            Swift.print("    " + name.padding(toLength: 14, withPad: " ", startingAt: 0) + value)
        }
        row(
            "outcome",
            "\(outcome ?? "–") (\(endReason ?? "–")), \(durationSeconds ?? 0) s, intent \(intent ?? "–"), \(sentiment ?? "–")"
        )
        if let summary { row("summary", summary) }
        if let lead {
            row(
                "lead",
                "\(lead.contactPerson ?? "–"), \(lead.companyName ?? "–"): \(lead.stage), \(lead.qualificationStatus)")
            row(
                "score",
                "\(lead.leadScore) (\(lead.statusBucket)): "
                    + lead.scores.map { "\($0.type) \($0.score)" }.joined(separator: ", "))
            for (name, value) in [
                ("budget", lead.budget), ("authority", lead.authority), ("need", lead.need),
                ("timeline", lead.timeline),
            ] {
                let finding = lead.finding(name)
                let amount = finding?.amount.map { String(format: " (%.0f)", $0) } ?? ""
                let quote = finding?.evidence.first.map { evidence in
                    String(
                        format: "  ← %@ at %.1f s: “%@”", evidence.speaker, Double(evidence.startedMs) / 1_000,
                        evidence.words)
                }
                row(name, value + amount + (quote ?? ""))
            }
        }
        for meeting in meetings {
            row("meeting", "\(meeting.title), \(meeting.startsAt.formatted(.iso8601)) (\(meeting.status))")
        }
        for followUp in followUps {
            row("follow-up", "\(followUp.dueAt.formatted(.iso8601)) \(followUp.status): \(followUp.reason)")
        }
        if contact?.doNotContact == true { row("contact", "do not contact") }
        for consult in consults {
            let asked = consult.specialists.joined(separator: ", ")
            row("consult", "“\(consult.question)”: \(consult.ending), by \(asked)")
        }
        for consent in consents {
            row(
                "consent",
                "\(consent.kind): \(consent.granted ? "granted" : "not granted")"
                    + (consent.words.map { "  ← “\($0)”" } ?? ""))
        }
        row(
            "usage",
            usage.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.integer ?? 0)" }.joined(separator: ", "))
    }
}
