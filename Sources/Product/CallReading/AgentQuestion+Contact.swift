import SpokenLanguage

/// A name, an address or a number that the agent reads back or guesses: what a yes agrees to.
struct ProposedContact {
    var name: String?
    var email: String?
    var phone: String?

    var isAny: Bool { name != nil || email != nil || phone != nil }

    /// - Parameter text: what the agent asked, as far as it was heard.
    init(_ text: SpokenText) {
        guard ProposedContact.questions.matches(text.texts) else { return }
        name = SpokenName.find(in: text, proposed: ())?.value
        email = SpokenEmail.find(in: text, asked: true)?.address
        if SpokenDigits.mayHold(SpokenPhone.digits.lowerBound, in: text.source) {
            phone = SpokenPhone.find(in: text.source).last?.number
        }
    }

    private static let questions = Phrase.list(
        "is this|that|it", "speaking|talking with|to", "so ?it|that|your", "correct|right $", "did i get", "are you",
        "have you as",
        "your name|email|number|address is", "still", "was that|it")
}

extension AgentQuestion {
    /// "And your last name?"
    var asksForLastName: Bool { AgentQuestion.lastNames.matches(said.texts) }

    /// Which company it is, and not what it does.
    var asksForCompany: Bool { topic == .company && !AgentQuestion.trades.matches(said.texts) }

    private static let trades = Phrase.list(
        "company|business|firm|you do|does|make|makes|sell",
        "company|business|firm ~ employees|people|size|big|large|located|based")
    /// "May we call you again?"
    var asksToCallAgain: Bool { AgentQuestion.againCalls.matches(said.texts) }

    private static let againCalls = Phrase.list(
        "call|contact|ring|try ?you again|back", "call|contact|try you ~ future|later|time")
    private static let lastNames = Phrase.list("last|family|second name", "surname")
}
