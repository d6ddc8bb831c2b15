import CallModel
import Foundation
import SpokenLanguage

/// What the agent last asked, as far as the caller heard it: the frame of the caller's answer.
struct AgentQuestion {
    enum Topic: CaseIterable {
        case name, company, position, email, need, urgency, budget, authority, othersInvolved, timeline, meeting,
            followUp
        case optOut
    }

    var topic: Topic?
    /// An amount read back: "so about thirty thousand dollars, is that right?"
    var amount: MoneyMention?
    /// A moment proposed or read back.
    var time: TimeMention?
    /// The agent says that something is settled: "you're booked", "I'll call you then".
    var confirms: Bool
    /// The agent speaks of a meeting or an appointment at all.
    var speaksOfMeeting: Bool
    var speaksOfCallBack: Bool
    /// The agent asks for a telephone number.
    var asksForPhone: Bool
    /// What was read back of the caller's name, address or number.
    var proposed: ProposedContact
    /// All that was heard of it.
    let said: SpokenText
    /// The last sentence is a question.
    var isQuestion: Bool
    /// An amount is what something costs: "our plan is twenty thousand".
    var quotesPrice: Bool
    /// When something would begin, as a question for the timeline supposes it: "is this for next month?"
    var horizon: TimelineLevel?

    static let none = AgentQuestion(
        heard: "", now: Date(timeIntervalSince1970: 0), ExtractionContext(currency: "USD", timeZone: .gmt))

    /// - Parameter spokenOf: the time that the talk was about last.
    init(heard: String, now: Date, _ context: ExtractionContext, spokenOf: SpokenTime.Anchor? = nil) {
        let text = SpokenText(heard, in: context.tongue)
        let words = text.plainTexts
        let wording = QuestionWords.of(context.tongue)
        var latest = -1
        for (topic, phrases) in wording.topics {
            guard let start = phrases.lastStart(in: words) else { continue }
            // "Would you like us not to call you anymore?" speaks of calls as well.
            if topic == .othersInvolved, self.topic == .authority, AgentQuestion.isAlternative(words, start) {
                continue
            }
            if topic == .optOut {
                if AgentQuestion.isAsked(at: start, text) { (latest, self.topic) = (words.count, topic) }
            } else if start >= latest {
                (latest, self.topic) = (start, topic)
            }
        }
        amount = SpokenMoney.find(in: text, asked: topic == .budget).last
        speaksOfMeeting = wording.meetings.matches(words)
        speaksOfCallBack = wording.callBacks.matches(words)
        let times = SpokenTime.find(
            in: text, now: now, timeZone: context.timeZone, asked: .horizon, anchor: spokenOf)
        time = times.last { $0.precision >= .day }
        confirms = wording.confirmations.matches(words)
        asksForPhone = wording.phones.matches(words)
        quotesPrice = wording.prices.matches(words)
        isQuestion = heard.last { !$0.isWhitespace } == "?"
        proposed = ProposedContact(text)
        said = text
        if topic == .timeline || topic == nil { horizon = Timeline.horizon(in: text, times.last, now: now) }
    }

    /// How a time in the answer is meant.
    var asksForTime: SpokenTime.Question? {
        switch topic {
        case .meeting, .followUp: .appointment
        case .timeline: .horizon
        default: speaksOfMeeting || speaksOfCallBack || (topic == nil && time != nil) ? .appointment : nil
        }
    }

    /// "Do you decide, or does somebody else?" asks who decides, and a no to it says that it is not the caller.
    private static func isAlternative(_ words: CodedWords, _ place: Int) -> Bool {
        words[max(0, place - alternativeWordsMax)..<place].contains("or")
    }

    private static let alternativeWordsMax = 4

    /// Whether an offer to stop calling is what the agent waits for an answer to, and not a remark before the question.
    private static func isAsked(at place: Int, _ text: SpokenText) -> Bool {
        guard text.words.indices.contains(place), let last = text.words.last else { return false }
        // "We should not call you before nine, right?" and "shall I take you off hold?" offer nothing of the kind.
        guard !limits.matches(CodedWords(text.texts[place...].prefix(9))) else { return false }
        let after = text.words[place...].filter { $0.sentence > text.words[place].sentence }.map(\.text)
        return text.words[place].sentence == last.sentence || checks.matches(CodedWords(after))
    }

    private static let limits = Phrase.list(
        "call|calls|calling|called|contact|contacted ?you ?again ?back before|after|until|at|during|today|tomorrow|on|in|this|while|for|early|late|so|too",
        "off hold|speaker|mute", "off|from the|your ?phone|waiting call|trial|plan|order|schedule|phone")
    private static let checks = Phrase.list(
        "^ is that right|correct|okay|so $", "^ did i ~ right|correctly $", "^ right|correct|okay $",
        "^ is that what you want")
}

/// Words that keep a statement from being one.
enum Hedge {
    static func holds(_ words: CodedWords) -> Bool { phrases.matches(words) }

    private static let phrases = Phrase.list(
        "maybe|perhaps|possibly|probably|might|presumably", "i guess|suppose|think|believe",
        "not ?really|quite|so|yet sure|certain|decided", "kind|sort of",
        "could be", "it depends|would", "depends", "i|we do not know", "hard to say", "hopefully", "no idea",
        "we will see")
    /// "About" in disguise: before an amount these words say that it is rough, not that it is doubtful.
    static func holdsBesidesAmounts(_ words: CodedWords) -> Bool { doubts.matches(words) }

    private static let doubts = Phrase.list(
        "maybe|perhaps|possibly|might", "i guess|suppose", "not ?really|quite|so|yet sure|certain|decided",
        "it depends", "depends", "do not know", "no idea", "we will see",
        "hard to say", "hopefully", "if we|i get|got", "could be|become")
}
