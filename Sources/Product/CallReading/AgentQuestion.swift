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

    static let none = AgentQuestion(heard: "", now: Date(timeIntervalSince1970: 0), timeZone: .gmt)

    init(heard: String, now: Date, timeZone: TimeZone) {
        let text = SpokenText(heard)
        let words = text.texts
        var latest = -1
        for (topic, phrases) in AgentQuestion.phrases {
            if let start = phrases.lastStart(in: words), start >= latest {
                latest = start
                self.topic = topic
            }
        }
        if self.topic == .optOut, !AgentQuestion.isAsked(at: latest, text) { self.topic = nil }
        amount = SpokenMoney.find(in: text, asked: topic == .budget).last
        time = SpokenTime.find(in: text, now: now, timeZone: timeZone).last { $0.precision >= .day }
        confirms = AgentQuestion.confirmations.matches(words)
        speaksOfMeeting = AgentQuestion.meetings.matches(words)
        speaksOfCallBack = AgentQuestion.callBacks.matches(words)
        asksForPhone = AgentQuestion.phones.matches(words)
        proposed = ProposedContact(text)
        said = text
    }

    private static let phones = Phrase.list(
        "phone|telephone|mobile|cell|callback|contact|best|good|your|what|which|a number",
        "reach|call|ring ?you ?back ?at|on", "digits|number again", "area code")

    private static let phrases: [(Topic, PhraseList)] = [
        (
            .name,
            Phrase.list(
                "your ?full|first|last|family|second name", "your surname", "who am i speaking|talking",
                "who i am speaking",
                "who is calling", "may i ask who", "last|family name", "spell that|it|your", "^ ?and ?the name $",
                "who are you")
        ),
        (
            .company,
            Phrase.list(
                "your company|business|organization", "company|business are you", "what|which company",
                "where do you work", "who do you work", "calling from", "what is it called",
                "company|business|shop|firm|store|restaurant|clinic|salon called", "^ ?and ?the company $",
                "name of ?your|the company|business|firm")
        ),
        (.position, Phrase.list("your role|position|title|job", "what do you do")),
        (.email, Phrase.list("^ ?and ?the email|mail ?address $", "your email", "email address", "best email")),
        (
            .need,
            Phrase.list(
                "how can|may i|we help", "what are you looking|hoping|trying", "what brings", "what can i do",
                "tell me ~ about",
                "what ?kind ?of problem|problems|challenge|challenges|need|issue", "what do you need", "looking for",
                "reason for ?your call",
                "what would you like", "what is it you", "are you interested")
        ),
        (
            .urgency,
            Phrase.list(
                "how urgent|pressing|important|critical|soon ?is ?this ?the ?need ?problem", "is it|this|that urgent",
                "how big ?of ?a problem")
        ),
        (
            .budget,
            Phrase.list(
                "budget", "how much ~ spend|invest|pay", "price range", "set aside", "spend on",
                "what ~ looking to spend|invest", "how much money")
        ),
        (
            .authority,
            Phrase.list(
                "decision maker", "make|makes|making the|this|that ?final ?buying decision|decisions|call",
                "who decides", "you decide", "you the one ~ decides|decide",
                "person who decides|signs|approves", "sign off", "final say", "your decision", "who makes",
                "in charge of")
        ),
        (
            .othersInvolved,
            Phrase.list("anyone|anybody|someone|somebody|who else", "others involved", "other people involved")
        ),
        (
            .timeline,
            Phrase.list(
                "when ~ start|begin|need|go|implement|launch|buy|decide", "time line|frame|scale",
                "timeline|timeframe|timescale", "how soon",
                "by when", "when would|do|are|were you", "what is your deadline")
        ),
        (
            .meeting,
            Phrase.list(
                "book|schedule|arrange|set ?up ~ meeting|demo|appointment|call|consultation|time|slot|demonstration",
                "meeting|demo|appointment|demonstration|consultation",
                "does|would ~ work for you", "what time|day works|would|suits", "put you down", "would ~ suit you")
        ),
        (
            .followUp,
            Phrase.list(
                "call you back", "when ~ call you", "good|better|best time to call|reach", "follow up",
                "get back to you", "reach you")
        ),
        (
            .optOut,
            Phrase.list(
                "not ?to ?be call|called|contact|contacted you|again|anymore", "do not call list", "remove you",
                "remove|take|delete your ~ number|name|details|data|off|list",
                "be removed|taken ~ list|database|system",
                "not ?want ?like ?wish ?to ?be called|contacted ?anymore|again",
                "not want|get|receive ?to ?get ?any more|further calls",
                "stop calling|contacting|phoning", "stop the|all|these ?phone ?sales calls", "as do not call|contact",
                "stop calling you", "nobody|never ?ever call|calls|contact|contacts you", "take you off",
                "never call you")
        ),
    ]
    /// Whether an offer to stop calling is what the agent waits for an answer to, and not a remark before the question.
    private static func isAsked(at place: Int, _ text: SpokenText) -> Bool {
        guard text.words.indices.contains(place), let last = text.words.last else { return false }
        // "We should not call you before nine, right?" and "shall I take you off hold?" offer nothing of the kind.
        guard !limits.matches(text.words[place...].prefix(9).map(\.text)) else { return false }
        let after = text.words[place...].filter { $0.sentence > text.words[place].sentence }.map(\.text)
        return text.words[place].sentence == last.sentence || checks.matches(after)
    }

    private static let limits = Phrase.list(
        "call|calls|calling|called|contact|contacted ?you ?again ?back before|after|until|at|during|today|tomorrow|on|in|this|while|for|early|late|so|too",
        "off hold|speaker|mute", "off|from the|your ?phone|waiting call|trial|plan|order|schedule|phone")
    private static let checks = Phrase.list(
        "^ is that right|correct|okay|so $", "^ did i ~ right|correctly $", "^ right|correct|okay $",
        "^ is that what you want")
    private static let confirmations = Phrase.list(
        "booked|scheduled|confirmed|arranged", "all set", "see|speak|talk to|with ?you then|on", "you down",
        "i will call|put|book|send|schedule", "we will call",
        "look|looking forward", "in the calendar|diary", "great|perfect|excellent|wonderful", "have you")
    private static let meetings = Phrase.list(
        "meeting|demo|demonstration|appointment|consultation|calendar|diary|booked|book", "schedule|scheduled")
    private static let callBacks = Phrase.list(
        "call you ?back|then|on|again|tomorrow|next", "follow up", "get back to you", "reach you", "calling you")
}

/// Words that keep a statement from being one.
enum Hedge {
    static func holds(_ words: [String]) -> Bool { phrases.matches(words) }

    private static let phrases = Phrase.list(
        "maybe|perhaps|possibly|probably|might|presumably", "i guess|suppose|think|believe",
        "not ?really|quite|so|yet sure|certain|decided", "kind|sort of",
        "could be", "it depends|would", "depends", "i|we do not know", "hard to say", "hopefully", "no idea",
        "we will see")
    /// "About" in disguise: before an amount these words say that it is rough, not that it is doubtful.
    static func holdsBesidesAmounts(_ words: [String]) -> Bool { doubts.matches(words) }

    private static let doubts = Phrase.list(
        "maybe|perhaps|possibly|might", "i guess|suppose", "not ?really|quite|so|yet sure|certain|decided",
        "it depends", "depends", "do not know", "no idea", "we will see",
        "hard to say", "hopefully", "if we|i get|got", "could be|become")
}
