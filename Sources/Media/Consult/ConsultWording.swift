import FoundationEssentials
import SpokenLanguage

/// What is said around a consult: `Lexicons/wording-<language>.json`, or a profile's own words.
package struct ConsultWording: Hashable, Sendable, Codable {
    static let textCharactersMax = 500
    static let phrasesMax = 20

    /// The offer; `{seconds}` stands for the expected time.
    package var offer: String
    package var askAgain: String
    /// Said after the yes, one after the other from consult to consult.
    package var hold: [String]
    /// Said while the caller waits, in turn.
    package var signs: [String]
    /// Answers to what the caller says meanwhile, in turn.
    package var bargeIn: [String]
    package var declined: String
    package var cancelled: String
    package var failed: String
    package var answerIntro: String
    package var partialIntro: String
    package var restOffer: String
    /// Said instead of an answer that depends on a country nobody named.
    package var askPlace: String

    /// - Parameter language: a BCP 47 tag such as `en` or `es-MX`.
    package init(language: String) throws(LexiconError) {
        let wording = try Lexicon.load("wording", language, as: ConsultWording.self)
        if let fault = wording.fault {
            throw .invalid(file: "wording-\(Lexicon.baseLanguage(language)).json", reason: fault)
        }
        self = wording
    }

    package static var languages: [String] { Lexicon.languages(of: "wording") }

    /// What is wrong with it: a profile's own wording is checked before it is used.
    package var fault: String? {
        let texts = [offer, askAgain, declined, cancelled, failed, answerIntro, partialIntro, restOffer, askPlace]
        if texts.contains(where: \.isEmpty) { return "a text is empty" }
        for (name, list) in [("hold", hold), ("signs", signs), ("bargeIn", bargeIn)]
        where list.isEmpty || list.contains("") {
            return "`\(name)` is empty or has an empty phrase"
        }
        if [hold, signs, bargeIn].contains(where: { $0.count > ConsultWording.phrasesMax }) {
            return "a list has more than \(ConsultWording.phrasesMax) phrases"
        }
        if (texts + hold + signs + bargeIn).contains(where: { $0.count > ConsultWording.textCharactersMax }) {
            return "a text has more than \(ConsultWording.textCharactersMax) characters"
        }
        return offer.contains("{seconds}") ? nil : "`offer` does not say how long it takes: it has no {seconds}"
    }

    func offer(seconds: Int, language: String) -> String {
        offer.replacing("{seconds}", with: NumberWords.cardinal(seconds, language: language))
    }
}

extension ConsultWording: DecodableWithConfiguration {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case offer, askAgain, hold, signs, bargeIn, declined, cancelled, failed, answerIntro, partialIntro, restOffer,
            askPlace
    }

    /// - Parameter usual: stands for what is left out.
    package init(from decoder: any Decoder, configuration usual: ConsultWording) throws {
        let given = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys, _ usual: String) throws -> String {
            try given.decodeIfPresent(String.self, forKey: key) ?? usual
        }
        func phrases(_ key: CodingKeys, _ usual: [String]) throws -> [String] {
            try given.decodeIfPresent([String].self, forKey: key) ?? usual
        }
        self = usual
        offer = try text(.offer, usual.offer)
        askAgain = try text(.askAgain, usual.askAgain)
        hold = try phrases(.hold, usual.hold)
        signs = try phrases(.signs, usual.signs)
        bargeIn = try phrases(.bargeIn, usual.bargeIn)
        declined = try text(.declined, usual.declined)
        cancelled = try text(.cancelled, usual.cancelled)
        failed = try text(.failed, usual.failed)
        answerIntro = try text(.answerIntro, usual.answerIntro)
        partialIntro = try text(.partialIntro, usual.partialIntro)
        restOffer = try text(.restOffer, usual.restOffer)
        askPlace = try text(.askPlace, usual.askPlace)
    }
}
