import Endpoints
import FoundationEssentials

/// What the reading addresses answer, field by field: the document is made from these, and a test holds the statements to them.
enum View {
    struct CallPage: Codable {
        var data: [Call]
        var nextCursor: String?
    }

    /// In a list.
    struct Call: Codable {
        var id: UUID
        var callSid: String?
        var direction: String
        var from: String?
        var to: String?
        var status: String
        var startedAt: Date?
        var answeredAt: Date?
        var endedAt: Date?
        var durationSeconds: Int?
        var endReason: String?
        var outcome: String?
        var disposition: String?
        var summary: String?
        var sentiment: String?
        var intent: String?
        var lead: CallLead?
    }

    struct CallLead: Codable {
        var id: UUID
        var contactPerson: String?
        var companyName: String?
        var leadScore: Int
        var statusBucket: String
        var stage: String
    }

    struct CallDetail: Codable {
        var id: UUID
        var callSid: String?
        var direction: String
        var from: String?
        var to: String?
        var status: String
        var startedAt: Date?
        var answeredAt: Date?
        var endedAt: Date?
        var durationSeconds: Int?
        var endReason: String?
        var outcome: String?
        var disposition: String?
        var summary: String?
        var sentiment: String?
        var intent: String?
        var confidence: Double?
        var ear: [String: JSONValue]?
        var dtmf: String?
        var notes: [JSONValue]?
        var extractor: String?
        var extraction: [String: JSONValue]?
        var finalizedAt: Date?
        var turns: [Turn]
        var lead: Lead?
        var contact: CallContact?
        var followUps: [FollowUp]
        var meetings: [Meeting]
        var consents: [Consent]
        var consults: [Consult]
        var usage: [String: JSONValue]
    }

    struct CallContact: Codable {
        var id: UUID
        var name: String?
        var email: String?
        var company: String?
        var position: String?
        var phone: String?
        var status: String
        var doNotContact: Bool
    }

    struct Turn: Codable {
        enum Speaker: String, Codable, CaseIterable { case caller, agent, human }
        var number: Int
        var speaker: Speaker
        var startedMs: Int?
        var endedMs: Int?
        var text: String
        var interrupted: Bool
        var heardText: String?
    }

    struct FollowUp: Codable {
        var id: UUID
        var dueAt: Date
        var status: String
        var reason: String
        var recommendation: String?
    }

    struct Meeting: Codable {
        var id: UUID
        var title: String
        var startsAt: Date
        var endsAt: Date
        var status: String
    }

    struct Score: Codable {
        var type: String
        var score: Int
        var confidence: Double
        var factors: JSONValue
        var reasoning: String
        var scoredAt: Date
    }

    struct Consent: Codable {
        var kind: String
        var granted: Bool
        var words: String?
        var source: String
        var at: Date
        var question: String?
        var decision: String?
        var confidence: Double?
        var audioPositionMs: Int?
    }

    struct Consult: Codable {
        var id: UUID
        var question: String
        var source: String
        var reasons: [String]
        var specialists: [String]
        var askedMs: Int
        var offeredMs: Int?
        var agreedMs: Int?
        var answeredMs: Int?
        var spokenMs: Int?
        var heardMs: Int?
        var endedMs: Int
        var ending: String
        var answer: String?
        var delivered: Bool
        var followUp: String?
        var answers: [SpecialistAnswer]
    }

    struct SpecialistAnswer: Codable {
        var specialist: String
        var reasons: [String]
        var outcome: String
        var tookMs: Int?
    }

    struct Lead: Codable {
        var id: UUID
        var contactID: UUID?
        var companyName: String?
        var contactPerson: String?
        var email: String?
        var phone: String?
        var stage: String
        var statusBucket: String
        var qualificationStatus: String
        var leadScore: Int
        var budget: String
        var authority: String
        var need: String
        var timeline: String
        var qualification: [String: JSONValue]
        var source: String
        var dealValue: Double?
        var currency: String
        var winProbability: Int?
        var expectedCloseDate: String?
        var summary: String?
        var createdAt: Date
        var updatedAt: Date
        var scores: [Score]
        var followUps: [FollowUp]
        var meetings: [Meeting]
    }
}
