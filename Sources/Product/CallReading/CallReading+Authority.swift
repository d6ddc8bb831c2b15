import CallModel
import SpokenLanguage

extension CallReading {
    mutating func readAuthority(_ turn: CallerTurn) {
        let asked = turn.topic == .authority
        if let found = CallReading.others.first(in: turn.words) {
            authority.hear(.influencer, 0.75, turn.evidence(found))
        } else if let found = CallReading.decidesNot.first(in: turn.words) {
            authority.hear(.no, 0.8, turn.evidence(found))
        } else if let found = CallReading.decides.first(in: turn.words) {
            let isHedged = Hedge.holds(turn.sentenceWords(around: found))
            authority.hear(isHedged ? .influencer : .yes, isHedged ? 0.4 : 0.85, turn.evidence(found))
        } else if asked {
            readAnswer(turn, yes: .yes, no: .no)
        } else if turn.topic == .othersInvolved {
            readAnswer(turn, yes: .influencer, no: .yes)
        } else {
            readTitle(turn)
        }
    }

    private mutating func readAnswer(_ turn: CallerTurn, yes: AuthorityLevel, no: AuthorityLevel) {
        switch turn.answer {
        case .yes: authority.hear(yes, 0.8, turn.evidence())
        case .no where CallReading.unknowing.matches(turn.words): break
        case .no: authority.hear(no, 0.75, turn.evidence())
        case .unclear:
            if CallReading.unknowing.matches(turn.words) {
                if authority.isKnown { authority.withdraw(turn.evidence()) }
            } else if CallReading.ownSelf.matches(turn.words), !Hedge.holds(turn.words) {
                authority.hear(.yes, 0.75, turn.evidence())
            } else if Hedge.holds(turn.words) {
                authority.hear(.influencer, 0.4, turn.evidence())
            } else {
                readTitle(turn)
            }
        }
    }

    private mutating func readTitle(_ turn: CallerTurn) {
        guard
            let position = SpokenPosition.find(
                in: turn.text, asked: turn.topic == .position || turn.topic == .authority)
        else { return }
        let words = Normalised.words(position.value)
        guard !authority.isKnown || authority.finding.confidence < 0.5 else { return }
        if words.contains(where: CallReading.topTitles.contains) && !words.contains("vice")
            && !words.contains("assistant")
        {
            authority.hear(.yes, 0.75, turn.evidence(position.quote))
        } else if words.contains(where: CallReading.lowTitles.contains) {
            authority.hear(.no, 0.6, turn.evidence(position.quote))
        } else {
            authority.hear(.influencer, 0.5, turn.evidence(position.quote))
        }
    }

    private static let topTitles: WordSet = [
        "owner", "founder", "ceo", "president", "managing", "cofounder", "principal",
    ]
    private static let lowTitles: WordSet = ["assistant", "intern", "receptionist", "secretary", "student"]
    private static let ownSelf = Phrase.list(
        "^ ?that|it ?would ?is ?be ?just me|myself $", "^ i am|do|can|will", "only|just me", "me $", "myself")
    private static let unknowing = Phrase.list("do not know", "no idea", "can not say")
    private static let decides = Phrase.list(
        "i ?will|would|do|can|usually|also make|take ?all ~ decision|decisions|call|calls",
        "i ?do|will|can|usually decide", "my decision|call", "i am ?the decision maker",
        "i ?can|do|will|usually sign ?off", "i have ?the final|last say|word", "i have the authority",
        "up to me", "i am ?the ?one ?who ?person in charge", "i am responsible for purchasing|buying|this|that|the",
        "i approve", "i am the one who|that decides|signs|approves", "decision is mine",
        "i own ?and ?run the|this|my company|business|firm|shop",
        "i am the boss", "it is my company|business")
    private static let decidesNot = Phrase.list(
        "i do|can not ?really decide|make ?the|that|those|any decision|decisions", "not ?really my decision|call",
        "not ?up ?to me ?who decides $", "i have no say", "not the decision maker", "not the right person|one",
        "someone|somebody else decides|makes|handles|does",
        "boss|manager|director|owner|ceo|husband|wife|chief|headquarters|board ?always decides|makes|handles|signs",
        "i am not in charge|authorized|allowed", "not|never my department", "above my pay", "that is not me",
        "i am only|just the|a|an assistant|receptionist|intern|secretary|temp|student")
    private static let others = Phrase.list(
        "need|have|want|going|would to ask|check|consult|convince ~ boss|manager|director|partner|wife|husband|board",
        "need|have|want|going|would to ask|check|consult|convince ~ team|ceo|owner|cfo|committee|finance|colleagues",
        "need|have|want|got|going|would to talk|speak|discuss|run|clear ~ boss|manager|director|partner|wife|husband",
        "need|have|want|got|going|would to talk|speak|discuss|run|clear ~ board|team|ceo|owner|cfo|committee|finance",
        "ask|check|talk|speak ?it ?to|with my|our|the boss|manager|director|partner|wife|husband|board|team|ceo|owner",
        "ask|check|talk|speak ?it ?to|with my|our|the cfo|committee|finance|colleague|colleagues",
        "run it|this|that by|past", "we|they decide|choose together|jointly|as",
        "me and my partner|wife|husband|boss|brother|colleague",
        "my partner|wife|husband|brother and i|me", "together with my|the|our",
        "i ?only|just|can|do|would recommend|influence", "part of the ?decision|buying|purchasing team|committee|group",
        "i am not alone", "not only|just me", "committee|board", "involved in the decision")
}
