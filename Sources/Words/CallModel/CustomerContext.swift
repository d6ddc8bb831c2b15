package import FoundationEssentials

/// What is known of a caller when the phone rings: goes into the agent's prompt and greeting.
package struct CustomerContext: Equatable, Sendable, Codable {
    package struct Deal: Equatable, Sendable, Codable {
        package var title: String
        package var value: Double?
        package var currency: String
        package var stage: String
        package init(title: String, value: Double?, currency: String, stage: String) {
            self.title = title
            self.value = value
            self.currency = currency
            self.stage = stage
        }
    }

    package struct PendingTask: Equatable, Sendable, Codable {
        package var title: String
        package var dueDate: Date?
        package var priority: String
        package init(title: String, dueDate: Date?, priority: String) {
            self.title = title
            self.dueDate = dueDate
            self.priority = priority
        }
    }

    package var phone: E164
    package var isKnown: Bool
    package var contactID: UUID?
    package var leadID: UUID?
    package var name: String?
    package var email: String?
    package var company: String?
    package var position: String?
    /// `contacts.status`: `lead`, `prospect`, `customer`, …
    package var status: String?
    /// 0 … 100.
    package var leadScore: Int?
    package var leadStage: String?
    package var source: String?
    package var notes: String?
    package var openDeals: [Deal] = []
    package var pendingTasks: [PendingTask] = []
    package var lastContactAt: Date?
    package var nextFollowUpAt: Date?
    package var doNotContact = false
    /// IANA name; nil when none is on record, or one that nobody knows.
    package var timeZone: String?
    /// One line for a prompt or a screen.
    package var summary: String

    package init(phone: E164, isKnown: Bool, summary: String) {
        self.phone = phone
        self.isKnown = isKnown
        self.summary = summary
    }

    /// A caller nobody has met.
    package static func newCaller(_ phone: E164) -> CustomerContext {
        CustomerContext(phone: phone, isKnown: false, summary: "New caller: no earlier contact on record.")
    }
}
