package import Endpoints
package import FoundationEssentials

extension View {
    package struct CallLead: Codable, Sendable {
        package var id: UUID
        package var contactPerson: String?
        package var companyName: String?
        package var leadScore: Int
        package var statusBucket: String
        package var stage: String
    }

    package struct CallDetail: Codable, Sendable {
        package var id: UUID
        package var callSid: String?
        package var direction: String
        package var from: String?
        package var to: String?
        package var status: String
        package var startedAt: Date?
        package var answeredAt: Date?
        package var endedAt: Date?
        package var durationSeconds: Int?
        package var endReason: String?
        package var outcome: String?
        package var disposition: String?
        package var summary: String?
        package var sentiment: String?
        package var intent: String?
        package var confidence: Double?
        package var ear: [String: JSONValue]?
        package var dtmf: String?
        package var notes: [JSONValue]?
        package var extractor: String?
        package var extraction: [String: JSONValue]?
        package var finalizedAt: Date?
        package var turns: [Turn]
        package var lead: LeadOfCall?
        package var contact: CallContact?
        package var followUps: [FollowUp]
        package var meetings: [Meeting]
        package var consents: [Consent]
        package var consults: [Consult]
        package var usage: [String: JSONValue]
    }

    package struct CallContact: Codable, Sendable {
        package var id: UUID
        package var name: String?
        package var email: String?
        package var company: String?
        package var position: String?
        package var phone: String?
        package var status: String
        package var doNotContact: Bool
    }

    package struct Turn: Codable, Sendable {
        package enum Speaker: String, Codable, CaseIterable, Sendable { case caller, agent, human }
        package var number: Int
        package var speaker: Speaker
        package var startedMs: Int?
        package var endedMs: Int?
        package var text: String
        package var interrupted: Bool
        package var heardText: String?
    }

    package struct Consent: Codable, Sendable {
        package var kind: String
        package var granted: Bool
        package var words: String?
        package var source: String
        package var at: Date
        package var question: String?
        package var decision: String?
        package var confidence: Double?
        package var audioPositionMs: Int?
    }

    package struct Consult: Codable, Sendable {
        package var id: UUID
        package var question: String
        package var source: String
        package var reasons: [String]
        package var specialists: [String]
        package var askedMs: Int
        package var offeredMs: Int?
        package var agreedMs: Int?
        package var answeredMs: Int?
        package var spokenMs: Int?
        package var heardMs: Int?
        package var endedMs: Int
        package var ending: String
        package var answer: String?
        package var delivered: Bool
        package var followUp: String?
        package var answers: [SpecialistAnswer]
    }

    package struct SpecialistAnswer: Codable, Sendable {
        package var specialist: String
        package var reasons: [String]
        package var outcome: String
        package var tookMs: Int?
    }

}
