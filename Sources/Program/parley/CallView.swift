import Foundation

/// A call's record as the API gives it: what the CRM holds.
struct CallView: Decodable, Sendable {
    struct Turn: Decodable, Sendable {
        var number: Int
        var speaker: String
        var startedMs: Int
        var endedMs: Int
        var text: String
        var interrupted: Bool
        var heardText: String
    }

    struct Evidence: Decodable, Sendable {
        var words: String
        var speaker: String
        var startedMs: Int
    }

    struct Finding: Decodable, Sendable {
        var value: String
        var confidence: Double
        var evidence: [Evidence]
        var amount: Double?
    }

    struct Score: Decodable, Sendable {
        var type: String
        var score: Int
    }

    struct Lead: Decodable, Sendable {
        var contactPerson: String?
        var companyName: String?
        var stage: String
        var statusBucket: String?
        var qualificationStatus: String
        var leadScore: Int
        var budget: String
        var authority: String
        var need: String
        var timeline: String
        var qualification: [String: Finding]
        var winProbability: Double?
        var scores: [Score]

        private enum CodingKeys: String, CodingKey {
            case contactPerson, companyName, stage, statusBucket, qualificationStatus, leadScore, budget, authority,
                need
            case timeline, qualification, winProbability, scores
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            contactPerson = try fields.decodeIfPresent(String.self, forKey: .contactPerson)
            companyName = try fields.decodeIfPresent(String.self, forKey: .companyName)
            stage = try fields.decode(String.self, forKey: .stage)
            statusBucket = try fields.decodeIfPresent(String.self, forKey: .statusBucket)
            qualificationStatus = try fields.decode(String.self, forKey: .qualificationStatus)
            leadScore = try fields.decode(Int.self, forKey: .leadScore)
            budget = try fields.decode(String.self, forKey: .budget)
            authority = try fields.decode(String.self, forKey: .authority)
            need = try fields.decode(String.self, forKey: .need)
            timeline = try fields.decode(String.self, forKey: .timeline)
            winProbability = try fields.decodeIfPresent(Double.self, forKey: .winProbability)
            scores = try fields.decode([Score].self, forKey: .scores)
            // Other things may stand beside the four findings: only what reads as one is one.
            let entries = try fields.decode([String: Lenient].self, forKey: .qualification)
            qualification = entries.compactMapValues(\.finding)
        }

        private struct Lenient: Decodable {
            var finding: Finding?
            init(from decoder: any Decoder) throws { finding = try? Finding(from: decoder) }
        }
    }

    struct Contact: Decodable, Sendable {
        var name: String?
        var doNotContact: Bool
    }

    struct FollowUp: Decodable, Sendable {
        var dueAt: Date
        var status: String
        var reason: String?
    }

    struct Meeting: Decodable, Sendable {
        var title: String
        var startsAt: Date
        var status: String
    }

    struct Consent: Decodable, Sendable {
        var kind: String
        var granted: Bool
        var words: String?
    }

    struct Consult: Decodable, Sendable {
        var question: String
        var specialists: [String]
        var ending: String
        var answer: String?
        var delivered: Bool
        var agreedMs: Int?
        var answeredMs: Int?
        var spokenMs: Int?
    }

    struct BargeIn: Decodable, Sendable {
        var detectedMs: Int
        var clearSentMs: Int
        var discardedMs: Int
    }

    struct Response: Decodable, Sendable {
        var callerEndedMs: Int
        var firstAudioMs: Int
    }

    struct Ear: Decodable, Sendable {
        var pickupToFirstAudioMs: Int?
        var longestSilenceMs: Int
        var responses: [Response]
        var bargeIns: [BargeIn]
    }

    var id: String
    var callSid: String
    var status: String
    var durationSeconds: Int?
    var endReason: String?
    var outcome: String?
    var disposition: String?
    var summary: String?
    var sentiment: String?
    var intent: String?
    var finalizedAt: Date?
    var endedAt: Date?
    var turns: [Turn]
    var lead: Lead?
    var contact: Contact?
    var followUps: [FollowUp]
    var meetings: [Meeting]
    var consents: [Consent]
    var consults: [Consult]
    var usage: [String: Double]
    var ear: Ear?

    static func decode(_ data: Data) throws -> CallView {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            let format = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
            guard let date = try? Date(text, strategy: format) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no ISO 8601 date"))
            }
            return date
        }
        return try decoder.decode(CallView.self, from: data)
    }

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
                "\(lead.leadScore) (\(lead.statusBucket ?? "–")): "
                    + lead.scores.map { "\($0.type) \($0.score)" }.joined(separator: ", "))
            for (name, value) in [
                ("budget", lead.budget), ("authority", lead.authority), ("need", lead.need),
                ("timeline", lead.timeline),
            ] {
                let finding = lead.qualification[name]
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
            row("follow-up", "\(followUp.dueAt.formatted(.iso8601)) \(followUp.status): \(followUp.reason ?? "")")
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
        row("usage", usage.sorted { $0.key < $1.key }.map { "\($0.key) \(Int($0.value))" }.joined(separator: ", "))
    }
}
