import CallModel
import Foundation

/// Calls as a gateway leaves them in their journals: 10 to 20 turns, what tools settled, and an ending. The same index
/// always gives the same conversation; ids are new each time.
struct EndedCalls {
    struct Call: Sendable {
        let opening: CallOpening
        /// Everything but the ending, as it was appended during the call.
        let entries: [CallJournalEntry]
        let ending: CallEnding
        let turns: Int
        let isOptOut: Bool
        let isBooked: Bool
    }

    let tenants: [TenantID]
    /// Numbers the calls come from: fewer than calls, so that some customers call again.
    let customers: Int

    private static let names = ["john smith", "maria lopez", "ann baker", "peter jones", "susan clark", "david moore"]
    private static let companies = ["acme logistics", "northwind", "blue harbor", "summit dental", "oak street law"]
    private static let amounts = [
        "thirty thousand", "twelve thousand", "four thousand", "sixty thousand", "eight thousand",
    ]
    private static let days = ["Tuesday at three", "Wednesday at ten", "Thursday at two", "Monday at eleven"]

    private enum Story: CaseIterable { case booked, agreed, vague, refused, optedOut, asked }

    /// Of twenty calls four book a meeting, four agree on another call, one wants no more calls.
    private static let mix: [Story] = [
        .booked, .vague, .agreed, .asked, .refused, .vague, .booked, .asked, .agreed, .vague, .optedOut, .vague,
        .booked, .agreed, .asked, .refused, .vague, .booked, .agreed, .asked,
    ]

    func call(_ index: Int) -> Call? {
        let hex = UUID().uuidString.filter { $0 != "-" }.lowercased()
        let customer = index &* 7_919 % customers
        guard let sid = CallSid("CA" + hex), let from = E164("+1415\(2_000_000 + customer)"),
            let to = E164("+14155550199"), let stream = StreamSid("MZ" + hex)
        else { return nil }
        let story = EndedCalls.mix[index % EndedCalls.mix.count]
        let rangAt = Date.now.addingTimeInterval(-120)
        let opening = CallOpening(
            callID: CallID(), tenant: tenants[customer % tenants.count], profileID: UUID(), callSid: sid, from: from,
            to: to, direction: .inbound, rangAt: rangAt, currency: "USD", timeZone: "America/New_York")
        let lines = EndedCalls.lines(story, index)
        var entries: [CallJournalEntry] = [
            .rang(opening), .answered(streamSid: stream, at: rangAt.addingTimeInterval(1)),
        ]
        for (place, line) in lines.enumerated() {
            let atMs = 1_000 + place * 5_000
            let isAgent = place % 2 == 0
            let turn = Turn(
                number: place + 1, speaker: isAgent ? .agent : .caller, startedMs: atMs, endedMs: atMs + 4_200,
                text: line)
            // An agent's turn is sketched when it begins to be heard, and written when it was.
            if isAgent {
                var sketch = turn
                (sketch.endedMs, sketch.interrupted, sketch.heardText) = (atMs, true, "")
                entries.append(.turn(sketch))
            }
            entries.append(.turn(turn))
        }
        let endMs = 1_000 + lines.count * 5_000
        for fact in EndedCalls.facts(story, index, rangAt) {
            entries.append(.toolCalled(name: "tool", arguments: #"{"value":"as said"}"#, result: "saved", atMs: endMs))
            entries.append(.fact(fact, atMs: endMs))
        }
        entries.append(.streamClosed(atMs: endMs))
        var ear = EarLedger()
        ear.pickupToFirstAudioMs = 210
        ear.framesIn = endMs / 20
        ear.framesOut = endMs / 25
        ear.responses = (0..<lines.count / 2).map { .init(callerEndedMs: $0 * 10_000, firstAudioMs: $0 * 10_000 + 700) }
        return Call(
            opening: opening, entries: entries,
            ending: CallEnding(
                reason: story == .booked ? "agent_hangup" : "caller_hangup",
                endedAt: rangAt.addingTimeInterval(Double(endMs) / 1_000), ear: ear),
            turns: lines.count, isOptOut: story == .optedOut, isBooked: story == .booked)
    }

    private static func facts(_ story: Story, _ index: Int, _ rangAt: Date) -> [CallFact] {
        let who = CallFact.contactDetails(
            name: names[index % names.count].capitalized, email: "caller\(index)@example.com",
            company: companies[index % companies.count].capitalized, position: nil)
        switch story {
        case .booked:
            // A slot of its own each: the same hour is never booked twice for a lead.
            let startsAt = rangAt.addingTimeInterval(86_400 + Double(index % 20_000) * 1_800)
            return [
                who,
                .qualification(
                    budget: "high", budgetAmount: 30_000, authority: "yes", need: "urgent", timeline: "this_month",
                    notes: nil), .meetingBooked(title: "Demo", startsAt: startsAt, durationMinutes: 30),
            ]
        case .agreed:
            return [who, .followUpAgreed(dueAt: rangAt.addingTimeInterval(4 * 86_400), reason: "budget round")]
        case .optedOut: return [.doNotContact(words: "stop calling me")]
        case .vague, .refused, .asked: return []
        }
    }

    private static func lines(_ story: Story, _ index: Int) -> [String] {
        let name = names[index % names.count]
        let company = companies[index % companies.count]
        let amount = amounts[index % amounts.count]
        let day = days[index % days.count]
        let opening = [
            "Hello, this is Clara, the AI assistant of Parley. How can I help you today?",
            "hi my name is \(name) from \(company) i saw your advert about phone agents",
            "Thanks for calling. What would you like a phone agent to take care of for you?",
            "we are losing customers because nobody answers the phone in the evening and at the weekend",
            "I understand, that costs you business. How many calls do you get on an ordinary day?",
            "about two hundred i would say and on monday more like three hundred",
        ]
        let qualification = [
            "Do you have a budget in mind for this?",
            "about \(amount) dollars for the first year if it works",
            "So about \(amount) dollars for the first year, is that right?", "yes that's right",
            "Are you the person who makes the final decision?",
            index % 3 == 0 ? "no my boss decides but i recommend" : "yes i make the decision together with nobody else",
            "And when would you like to have something in place?", "as soon as possible within two weeks",
        ]
        switch story {
        case .booked:
            return opening + qualification + [
                "Would you like a demo meeting of thirty minutes on \(day)?", "yes sounds good",
                "Great, you are booked for \(day). Is there anything else I can do?", "no thank you bye",
            ]
        case .agreed:
            return opening + qualification.prefix(4) + [
                "Shall we speak again once you have talked to your colleagues?", "yes call me next week please",
                "I will call you next week. Have a good day.", "thanks goodbye",
            ]
        case .vague:
            return opening + [
                "Do you have a budget in mind for this?", "i don't know maybe it depends",
                "When would you like to start?", "not sure yet someday i am just looking around",
            ]
        case .refused:
            return opening + [
                "Would it help if I sent you a short summary?", "no i think it is too expensive for us",
                "May I ask what you compared it with?", "i am not interested thank you",
                "I understand. Thank you for your time.", "bye",
            ]
        case .optedOut:
            return opening.prefix(4) + [
                "May I ask you a few questions about that?", "no stop calling me take me off your list",
                "I will see that you are not called again, I am sorry.", "yes please do",
                "Goodbye then.", "bye",
            ]
        case .asked:
            return opening + [
                "We connect to your number and answer in your name. What else would you like to know?",
                "what does it cost and how long does it take to set up",
                "A colleague will confirm the price. Setting up takes about a day.",
                "ok can you send me information to caller\(index % 1_000) at example dot com",
                "I will. Do you have a budget in mind?", "around \(amount) dollars maybe", "Thank you, noted.",
                "that was very helpful thanks bye",
            ]
        }
    }
}
