import SpokenLanguage

/// What a caller wants apart from answering the question at hand, and the levels that words like theirs stand for.
enum CallerIntent {
    enum Question: CaseIterable {
        case price, offering, identity, robot, recording, origin, location, trial, safety, duration, other
    }

    /// "am I talking to a machine" asks who we are; "can I talk to a person" wants one.
    static func wantsHuman(_ words: CodedWords) -> Bool {
        human.matches(words) && (wishes.matches(words) || question(words) != .robot)
    }
    static func saysGoodbye(_ words: CodedWords) -> Bool { goodbye.matches(words) }
    static func wantsRepeat(_ words: CodedWords) -> Bool { again.matches(words) }
    static func asksForPatience(_ words: CodedWords) -> Bool { patience.matches(words) }
    static func wantsCallback(_ words: CodedWords) -> Bool { callback.matches(words) }
    /// "… calling me", which is half of "stop calling me", and no question why.
    static func mentionsBeingCalled(_ words: CodedWords) -> Bool {
        beingCalled.matches(words) && question(words) == nil
    }
    /// "actually", "no wait", "on second thought": what follows stands for what was said before.
    static func changesMind(_ words: CodedWords) -> Bool { changes.matches(words) }
    static func callsOff(_ words: CodedWords) -> Bool { offs.matches(words) }
    static func wantsRest(_ words: CodedWords) -> Bool { more.matches(words) }
    static func isNotInterested(_ words: CodedWords) -> Bool { notInterested.matches(words) }
    static func isVague(_ words: CodedWords) -> Bool { vague.matches(words) }
    static func announcesQuestion(_ words: CodedWords) -> Bool { announcement.matches(words) }
    /// A question of law, contract, culture or the like, which no few facts answer.
    static func needsSpecialist(_ words: CodedWords) -> Bool {
        lawful.matches(words) || specialist.matches(words) && isQuestion.matches(words)
    }
    /// "thank you, that helps", and nothing more.
    static func acknowledges(_ words: CodedWords) -> Bool {
        words.count <= 8 && acknowledgement.matches(words) && !saysGoodbye(words)
    }

    static func question(_ words: CodedWords) -> Question? {
        for (question, phrases) in questions where phrases.matches(words) { return question }
        return isQuestion.matches(words) ? .other : nil
    }

    /// `yes`, `no` or `influencer`; nil when the words say nothing of who decides.
    static func authority(_ words: CodedWords) -> String? {
        if influences.matches(words) { return "influencer" }
        if othersDecide.matches(words) { return "no" }
        return decides.matches(words) ? "yes" : nil
    }

    /// A value of `update_qualification.timeline`; `unknown` for what lies beyond this year.
    static func timeline(_ words: CodedWords) -> String? {
        for (level, phrases) in timelines where phrases.matches(words) { return level }
        return nil
    }

    /// A value of `update_qualification.need`; nil when the words name none.
    static func need(_ words: CodedWords) -> String? {
        if browsing.matches(words) { return "low" }
        guard needs.matches(words) || urgent.matches(words) else { return nil }
        return urgent.matches(words) && !calm.matches(words) ? "urgent" : "moderate"
    }

    private static let lawful = Phrase.list(
        "we|i ?be allowed|permitted to", "it ?also legal|illegal|allowed|permitted|lawful to",
        "the|does law ?say|says|allow", "need ?their|the consent to", "have to tell people|them|customers|callers")
    private static let specialist = Phrase.list(
        "allowed|permitted|legal|illegal|lawful|law|laws|legally", "regulation|regulations|compliance|compliant|comply",
        "gdpr|hipaa|tcpa|privacy", "consent|permission", "contract|contracts|liability|termination",
        "culture|cultures|etiquette|customs", "data protection|transfer|residency", "migrate|migration|integrate",
        "do|must we have|need to ask|tell|disclose|record|register", "record|recording our|customer|customers|calls",
        "call|calling ?our customers|people|consumers")
    private static let acknowledgement = Phrase.list(
        "thank you", "thanks", "that helps|helped", "good|great to know", "very helpful",
        "okay|great|good|perfect|fine $",
        "i see|understand")
    private static let human = Phrase.list(
        "speak|talk|speaking|talking to|with a|an|the|your|some|somebody|someone|real|human|another ?real|human ?person|human|manager|colleague|representative|agent|operator|being|supervisor|one",
        "speak|talk to|with somebody|someone|anybody|anyone", "real|live person|human|agent",
        "^ ?a human|person|operator|agent|representative ?please $",
        "transfer|connect me", "put me through", "get me a human|person", "person i can talk|speak", "human being",
        "^ operator|representative|agent")
    private static let wishes = Phrase.list(
        "want|wants|wish|need|rather|prefer|let|please|get|give|transfer|connect|put", "like to",
        "can|could|may i|we|you")
    private static let changes = Phrase.list(
        "actually", "sorry", "no wait", "wait", "i mean|meant", "on second thought|thoughts", "changed my|our mind",
        "rather|instead", "move|reschedule|postpone|change|shift ?it|that|the|our|my ?meeting|appointment|call",
        "make it|that", "cancel", "after all", "correction", "let us say")
    private static let offs = Phrase.list(
        "cancel ?it|that|the|this|our|my ?meeting|appointment|booking", "call|called ?it|that|the|this ?meeting off",
        "no meeting ?please|after|$", "not want|need ?a|the|any meeting", "forget|drop|skip ?about the meeting")
    private static let more = Phrase.list(
        "the rest", "tell me more", "go on|ahead", "hear it|more", "what else ?is|$", "more about|of that|it",
        "continue")
    private static let goodbye = Phrase.list(
        "goodbye", "good bye", "bye", "have a nice|good|great ?rest day|one|evening|weekend", "^ ?no ?okay that is all",
        "talk to you later", "see you ?later|soon $", "i have|must|need ?to go ?now $", "going to hang up",
        "^ ?no nothing else", "that is everything")
    private static let again = Phrase.list(
        "^ what|pardon|sorry|hello|huh $", "^ excuse me $", "are you ?still there", "can you hear me",
        "repeat ?that|it|please", "say that|it again", "did|do not understand|hear|catch", "can not hear you",
        "what did you say", "one more time", "speak slower|louder|up", "sorry what")
    private static let patience = Phrase.list(
        "^ wait $", "wait a moment|second|minute", "hold on", "hang on", "one|just ?a moment|second|minute",
        "give me a second|moment|minute")
    private static let callback = Phrase.list(
        "call|ring|phone|contact me ?again|back", "call back", "call again", "call ?me later", "follow up with me",
        "talk again|later", "talk next|tomorrow", "get back to me",
        "send me|us ?an|a|some|more ?more email|information|quote",
        "i am busy ?right|now")
    private static let beingCalled = Phrase.list("calling|phoning|ringing me|us|here", "call|contact list")
    private static let notInterested = Phrase.list(
        "not interested", "not need anything|that|it|this ?$", "already have one", "no time ?for|$", "not a good time",
        "happy with what we have", "no interest")
    private static let browsing = Phrase.list(
        "just|only ?looking|browsing|curious|wondering|checking ?around", "looking around",
        "just wanted ?some information",
        "no need", "not need")
    private static let vague = Phrase.list(
        "maybe", "perhaps", "possibly", "not|un sure", "do not know", "no idea", "depends", "hard to say",
        "think about it", "not decided", "can not say", "we will see", "looking around|$", "just looking|curious",
        "rather not", "too early", "not want to say", "would|will have to ask", "not set", "not yet", "open $")
    private static let announcement = Phrase.list(
        "have|had|got a|one|another|some ?quick question|questions", "want|like to ask", "can i ask")
    private static let isQuestion = Phrase.list(
        "^ ?and|so|but|well|okay|um|wait|sorry|hello|hi what|why|how|who|where|when|which|whose",
        "^ ?and|so|but|well|okay|um|do|does|is|are|can|could|will you|your|it|there|this|that")

    private static let questions: [(Question, PhraseList)] = [
        (.price, Phrase.list("how much", "cost", "price|prices|pricing", "expensive")),
        (
            .robot,
            Phrase.list(
                "are you ?even|really|actually ?a|an|some ?real|live|human robot|computer|machine|bot|ai|person|human|real|recording",
                "a robot|machine|computer|bot ?$",
                "is|was this|that|it ?even|really ?a|an|some ?real|live robot|recording|machine|computer|bot|ai|person|human|program",
                "am|are i|we ?even|really ?talking|speaking|chatting to|with ?a|an|some|the ?real|live|human robot|machine|computer|bot|ai|recording|program|person|human|being|automat*",
                "real person ?or|$", "artificial intelligence")
        ),
        (.recording, Phrase.list("recording|recorded this|the|call|$", "call recorded", "are you recording")),
        (.origin, Phrase.list("get|have|got my number", "why are you calling", "why did you call")),
        (
            .offering,
            Phrase.list(
                "what ?is|it ~ do|does|can you|your|the ?company|firm|business|people|guys ?exactly|actually|really|all do|sell|offer|make|provide",
                "what is it ?that|which you|your|the ?company ~ do|sell|offer|make|provide", "what is this ?call about",
                "what is it about",
                "what is this $",
                "tell me ?a ?little|bit more", "how does it work", "can you explain", "what languages")
        ),
        (.identity, Phrase.list("who is this|calling|speaking", "who are you", "who am i speaking|talking")),
        (.location, Phrase.list("where are you", "where is your")),
        (.trial, Phrase.list("free trial", "try it")),
        (.safety, Phrase.list("secure", "data safe", "my data")),
        (.duration, Phrase.list("how long")),
    ]

    private static let decider =
        "boss|manager|director|owner|ceo|board|partner|management|wife|husband|executive|president|department|team|else|colleague|cfo|chief|cto"
    private static let influences = Phrase.list(
        "ask|with|to|convince my|our|the ~ \(decider)", "decide|decides ?it together", "and i decide",
        "i recommend", "have|need to ask|talk|discuss|check", "collecting|gathering information")
    private static let othersDecide = Phrase.list(
        "\(decider) ?will|also|always|usually decides|decide|approves|approve|makes|signs|does",
        "up to my|our|the|him|her|them", "not me", "not my decision", "not decide", "has to approve",
        "someone|somebody else",
        "not the decision")
    private static let decides = Phrase.list(
        "i ?will|can|usually|alone make|take the|all|that|those|this decision|decisions|call",
        "i ?can|will|do|alone decide",
        "my|our decision", "it is me $", "that is me", "decision maker", "i am the owner|boss|founder|president|ceo",
        "i can sign", "i sign", "i own", "we decide")

    private static let timelines: [(String, PhraseList)] = [
        (
            "unknown",
            Phrase.list("next year", "not this year", "no hurry|rush", "not soon", "whenever", "in a ?few year|years")
        ),
        (
            "immediate",
            Phrase.list(
                "immediately", "right away", "as soon as", "asap", "right now", "this|next week",
                "^ ?yes today|tomorrow|now|soon $",
                "it today|tomorrow|now|soon", "straight away", "in|within ?the ?next one|a|two|few week|weeks|days",
                "end of the|this week", "at once")
        ),
        (
            "this_month",
            Phrase.list(
                "this month", "end of the|this month", "in|within ?the ?next three|four|a|one weeks|month")
        ),
        (
            "this_quarter",
            Phrase.list(
                "this quarter", "next month", "end of the|this quarter",
                "in|within ?the ?next two|three|a|few ?few months",
                "next ?few|two|three months")
        ),
        (
            "this_year",
            Phrase.list(
                "this year", "next quarter", "end of the|this year",
                "in|within ?the ?next four|five|six|seven|eight|nine months",
                "by|in|before january|february|march|april|may|june|july|august|september|october|november|december",
                "in|after the spring|summer|fall|autumn|winter|holidays")
        ),
    ]

    private static let needs = Phrase.list(
        "need|needs|require", "looking for", "interested in", "we|i want", "would like ?to ?a", "calling about",
        "problem",
        "lose|losing|miss|missing too|calls|customers", "too slow|old|expensive|long|much|many|small", "broken",
        "not work|happy", "replace|improve|automate|upgrade|buy", "could use", "are missing", "growing", "demo|quote",
        "phones ring", "nobody answers", "help with", "phone system", "voice agent", "call center",
        "contract is ending",
        "answer more calls", "save time", "an offer", "new software|system|service|phones")
    private static let urgent = Phrase.list(
        "urgent|urgently|critical|emergency", "as soon as", "right away", "immediately", "need it|help now",
        "very soon",
        "broken", "asap")
    private static let calm = Phrase.list("not ?so|very|that urgent", "no hurry|rush")
}
