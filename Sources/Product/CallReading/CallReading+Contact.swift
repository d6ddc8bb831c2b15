import CallModel
import SpokenLanguage

extension CallReading {
    private static let corrections = Phrase.list("actually|sorry|correction", "not _", "with|without a|an")

    mutating func readContact(_ turn: CallerTurn) {
        agreeToContact(turn)
        readName(turn)
        if let company = SpokenCompany.find(in: turn.text, asked: turn.question.asksForCompany),
            contact.company == nil || turn.question.asksForCompany || turn.topic == .company && corrects(turn)
        {
            contact.company = Finding(
                company.value, confidence: turn.topic == .company ? 0.8 : 0.7, evidence: [turn.evidence(company.quote)])
        }
        if let email = SpokenEmail.find(in: turn.text, asked: turn.topic == .email) {
            let isWritten = turn.turn.heardText.contains("@")
            contact.email = Finding(
                email.address, confidence: isWritten ? 0.9 : 0.7, evidence: [turn.evidence(email.quote)])
        }
        if let position = SpokenPosition.find(in: turn.text, asked: turn.topic == .position) {
            contact.position = Finding(position.value, confidence: 0.8, evidence: [turn.evidence(position.quote)])
        }
    }

    /// The agent said the caller's name, as it was heard.
    private func isNamed(_ turn: CallerTurn) -> Bool {
        guard let known = contact.name?.value else { return false }
        return Normalised.words(known).contains { $0.count > 2 && turn.question.said.texts.contains($0) }
    }

    private func corrects(_ turn: CallerTurn) -> Bool {
        turn.answer == .no || CallReading.corrections.matches(turn.words)
    }

    private mutating func readName(_ turn: CallerTurn) {
        let isAsked = turn.topic == .name || turn.question.proposed.name != nil
        let asked: SpokenName.Asked =
            turn.question.asksForLastName
            ? .lastName
            : isAsked || isNamed(turn) && corrects(turn) ? .name : turn.topic == .company ? .somethingElse : .nothing
        guard let said = SpokenName.find(in: turn.text, asked: asked) else { return }
        let name = said.over(contact.name?.value)
        let goesOn =
            contact.name.map { name.count > $0.value.count && name.lowercased().hasPrefix($0.value.lowercased()) }
            ?? true
        guard goesOn || isAsked || turn.question.asksForLastName || corrects(turn) || said.part != .whole else {
            return
        }
        contact.name = Finding(name, confidence: isAsked ? 0.85 : 0.8, evidence: [turn.evidence(said.quote)])
    }

    /// "Am I speaking with Howard Lane?" "Yes, that's me."
    private mutating func agreeToContact(_ turn: CallerTurn) {
        let proposed = turn.question.proposed
        guard proposed.isAny else { return }
        let isOneself = turn.answer != .no && CallReading.oneself.matches(turn.words)
        guard turn.answer == .yes || isOneself else { return }
        if let name = proposed.name { contact.name = Finding(name, confidence: 0.85, evidence: [turn.evidence()]) }
        guard turn.answer == .yes else { return }
        if let email = proposed.email { contact.email = Finding(email, confidence: 0.85, evidence: [turn.evidence()]) }
        if let phone = proposed.phone, let number = e164(phone) {
            contact.phone = Finding(number.text, confidence: 0.85, evidence: [turn.evidence()])
        }
    }

    private static let oneself = Phrase.list(
        "^ ?yes|yeah speaking $", "this is she|he|her|him|me", "that is me|right|correct", "that would be me",
        "it is me",
        "^ ?yes ?you are speaking|talking to|with her|him|me")
}
