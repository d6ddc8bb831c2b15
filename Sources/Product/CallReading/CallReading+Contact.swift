import CallModel
import SpokenLanguage

extension CallReading {
    private static let corrections = Phrase.list("actually|sorry|correction", "not _", "with a")

    mutating func readContact(_ turn: CallerTurn) {
        let said = turn.turn.heardText
        let asksForName = turn.topic == .name
        let asksForCompany = turn.topic == .company
        let corrects =
            turn.answer == .no || CallReading.corrections.matches(turn.words)
        if let name = SpokenName.find(in: turn.text, asked: asksForName),
            contact.name == nil || asksForName || corrects
                || name.value.count > (contact.name?.value.count ?? 0)
        {
            contact.name = Finding(
                name.value, confidence: asksForName ? 0.85 : 0.8, evidence: [turn.evidence(name.quote)])
        }
        if let company = SpokenCompany.find(in: turn.text, asked: asksForCompany),
            contact.company == nil || asksForCompany || corrects
        {
            contact.company = Finding(
                company.value, confidence: asksForCompany ? 0.8 : 0.7, evidence: [turn.evidence(company.quote)])
        }
        if let email = SpokenEmail.find(in: turn.text) {
            contact.email = Finding(
                email.address, confidence: said.contains("@") ? 0.9 : 0.7, evidence: [turn.evidence(email.quote)])
        }
        if let position = SpokenPosition.find(in: turn.text, asked: turn.topic == .position) {
            contact.position = Finding(position.value, confidence: 0.8, evidence: [turn.evidence(position.quote)])
        }
    }
}
