import CallModel
import SpokenLanguage

extension CallReading {
    private static let retractions = Phrase.list("no", "sorry|wait|actually", "old|former one|number")
    /// How short of digits a turn can be that goes on with a number.
    private static let pieceDigits = 2

    /// A number to be called on: one that was asked for, or that the caller says is theirs. Told in pieces over several
    /// turns, it counts as said in the last of them.
    mutating func readPhone(_ turn: CallerTurn) {
        let said = turn.turn.heardText
        let begun = phoneBegun
        phoneBegun = ""
        let asked = turn.question.asksForPhone || !begun.isEmpty
        let told = SpokenPhone.find(in: said).filter { asked || $0.isNamed }
            .compactMap { mention in e164(mention.number).map { (number: $0, quote: mention.quote) } }
        // Of two numbers the first is the better one, unless it is taken back.
        if let best = CallReading.retractions.matches(turn.words) ? told.last : told.first {
            return hear(best.number, best.quote, turn)
        }
        guard SpokenDigits.mayHold(CallReading.pieceDigits, in: said) else { return }
        let spoken = SpokenDigits(said)
        guard spoken.closesWithRow, let row = spoken.rows.last else { return }
        let isNamed = SpokenPhone.isNamed(CodedWords(spoken.words[..<row.words.lowerBound]))
        let goesOn = !begun.isEmpty && spoken.opensWithRow && spoken.rows.count == 1
        guard isNamed || asked, goesOn || begun.isEmpty else { return }
        let digits = begun + row.digits.map { String($0) }.joined()
        if goesOn, let number = e164(digits) {
            hear(number, said, turn)
        } else if digits.count < SpokenPhone.digits.upperBound {
            phoneBegun = digits
        }
    }

    private mutating func hear(_ number: E164, _ quote: String, _ turn: CallerTurn) {
        contact.phone = Finding(number.text, confidence: 0.8, evidence: [turn.evidence(quote)])
    }

    /// A number without a country is one of the country that was called; with it, it may come without a plus.
    func e164(_ written: String) -> E164? {
        let country = (record.opening.to.number ?? record.opening.from)?.countryCode ?? "1"
        if let number = E164(written, defaultCountryCode: country), isLikely(written, number) { return number }
        return written.hasPrefix("+") || written.count < 11 ? nil : E164("+" + written)
    }

    /// National numbers have eight digits or more where they may be of any length.
    private func isLikely(_ written: String, _ number: E164) -> Bool {
        written.hasPrefix("+") || number.countryCode == "1" || written.count >= 8
    }
}
