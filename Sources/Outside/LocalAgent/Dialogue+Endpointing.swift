import Foundation
import SpokenLanguage

/// How long a pause ends a turn: the words so far, and the question they answer, tell whether more is to come.
extension Dialogue {
    /// Whether the caller has said all they were going to say.
    enum Completeness: Equatable, Sendable {
        /// An answer to what was asked, or a wish, with nothing left open.
        case whole
        /// A sentence that may be the whole of it.
        case likely
        case unclear
        /// It breaks off: "our budget is about", a telephone number without its end.
        case begun

        /// In ms.
        var patienceMs: Int {
            switch self {
            case .whole: 300
            case .likely: 400
            case .unclear: 550
            case .begun: 900
            }
        }
    }

    /// After which pause, in ms, whoever said `text` has finished.
    func patienceMs(after text: String, now: Date) -> Int { completeness(of: text, now: now).patienceMs }

    func completeness(of text: String, now: Date) -> Completeness {
        let spoken = SpokenText(text)
        let words = spoken.texts
        guard let last = words.last else { return .unclear }
        if Unfinished.breaksOff(words) { return .begun }
        if isDictating(text, words) { return .begun }
        if OptOut.find(in: spoken) != nil || CallerIntent.saysGoodbye(words) || CallerIntent.wantsHuman(words) {
            return .whole
        }
        let answer = YesNo.classify(spoken)
        if answer != .unclear, words.count <= 6, settlesOnYesOrNo(answer) { return .whole }
        if consult.isHeld { return .unclear }
        if answersTopic(text, words, last, now) { return .whole }
        if let question = CallerIntent.question(words) { return question == .other ? .unclear : .whole }
        return words.count >= 4 && (CallerIntent.need(words) != nil || saysSomething(text, words)) ? .likely : .unclear
    }

    /// Whether a bare yes, or a bare no, is all that was asked for.
    private func settlesOnYesOrNo(_ answer: YesNo) -> Bool {
        if consult.isHeld || consult.wasAnswered || pending != nil { return true }
        switch topic {
        case .authority: return true
        case .meeting, .closing: return answer == .no
        case .need, .name, .company, .budget, .timeline: return false
        }
    }

    private func answersTopic(_ text: String, _ words: CodedWords, _ last: String, _ now: Date) -> Bool {
        switch topic {
        case .name: (SpokenName.find(in: text, asked: .name)?.value.split(separator: " ").count ?? 0) > 1
        case .company: Self.companyEnds.contains(last) && words.count > 1
        case .budget:
            SpokenMoney.find(in: text, asked: true).last.map { $0.currency != nil && !$0.negated } ?? false
                || SpokenMoney.noBudget(in: text) != nil
        case .authority: CallerIntent.authority(words) != nil
        case .timeline: CallerIntent.timeline(words) != nil && Self.timeEnds.contains(last)
        case .meeting: namesMoment(text, now)
        case .need, .closing: CallerIntent.wantsCallback(words) && namesMoment(text, now)
        }
    }

    private func namesMoment(_ text: String, _ now: Date) -> Bool {
        SpokenTime.find(in: text, now: now, timeZone: settings.timeZone).contains(where: \.hasTimeOfDay)
    }

    private func saysSomething(_ text: String, _ words: CodedWords) -> Bool {
        SpokenName.find(in: text, asked: topic == .name ? .name : .nothing) != nil
            || CallerIntent.authority(words) != nil
            || CallerIntent.timeline(words) != nil || !SpokenMoney.find(in: text).isEmpty
            || CallerIntent.isVague(words) || SpokenCompany.find(in: text, asked: topic == .company) != nil
    }

    /// In the middle of a number or an address: digits that are too few for one, "at" without what follows it.
    private func isDictating(_ text: String, _ words: CodedWords) -> Bool {
        if words.contains(where: Self.addressWords.contains), words.contains("at") {
            return SpokenEmail.find(in: text) == nil
        }
        let digits = words.count { ($0.count <= 2 && $0.allSatisfy(\.isNumber)) || (SpokenNumber.units[$0] ?? 10) < 10 }
        return digits >= 3 && digits < 10 && digits * 2 >= words.count
    }

    private static let addressWords: Set<String> = ["mail", "email", "address", "e-mail"]
    private static let companyEnds: Set<String> = [
        "corporation", "company", "incorporated", "inc", "limited", "ltd", "llc", "gmbh", "group", "bank", "industries",
        "foods", "systems", "solutions", "partners", "associates", "holdings", "enterprises", "logistics", "services",
    ]
    private static let timeEnds: Set<String> = [
        "week", "weeks", "month", "months", "quarter", "year", "years", "today", "tomorrow", "soon", "now", "possible",
        "away", "immediately", "asap", "hurry", "rush", "days", "once",
    ]
}
