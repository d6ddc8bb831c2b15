import CallModel
import Foundation
import Journal
import Testing

@testable import LiveCalls

/// Calls as the control plane knows them, with journals in a directory of their own.
final class CallCards: Sendable {
    private let store: JournalStore
    private let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "parley-cards-\(UUID().uuidString)").path
        store = try JournalStore(directory: directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    static func sid(_ number: Int) throws -> CallSid {
        let digits = String(number, radix: 16)
        return try #require(CallSid("CA" + String(repeating: "0", count: 32 - digits.count) + digits))
    }

    func make(
        _ number: Int = 1, context: CustomerContext? = nil, doubt: String? = nil,
        direction: CallOpening.Direction = .inbound,
        profile edit: (inout AgentProfile) -> Void = { _ in }
    ) throws -> CallCard {
        var profile = AgentProfile(
            id: UUID(), name: "sales", prompt: "You sell.", greeting: "Good day.",
            greetingKnown: "Good day, {{first_name}}.")
        edit(&profile)
        var opening = CallOpening(
            callID: CallID(), tenant: .initial, profileID: profile.id, callSid: try Self.sid(number),
            from: E164("+14155552671"), to: try #require(E164("+15550100100")), direction: direction,
            rangAt: Date(timeIntervalSince1970: 1_790_000_000), currency: "USD", timeZone: profile.timeZone)
        opening.callerDoubt = doubt
        return CallCard(
            opening: opening, profile: profile, context: context, journal: store.open(opening.callID), loopIndex: 0)
    }

    static func context(name: String? = nil, score: Int? = nil, status: String? = nil) throws -> CustomerContext {
        var context = CustomerContext(phone: try #require(E164("+14155552671")), isKnown: true, summary: "Met in May.")
        context.name = name
        context.leadScore = score
        context.status = status
        return context
    }
}
