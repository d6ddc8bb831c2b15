import Encoding
package import Foundation
package import SpeechAgent
import SpokenLanguage

/// A sales conversation as a pure value: what the caller said goes in, what the agent says and does comes out.
///
/// Deterministic and without a clock: the same words at the same `now` give the same conversation, which is how a lost
/// connection is taken up again (``init(settings:now:)`` replays the history).
package struct Dialogue: Sendable {
    package struct Settings: Sendable {
        package var prompt: String
        package var greeting: String?
        /// Names of the functions that may be called.
        package var functions: Set<String>
        package var history: [AgentHistoryItem]
        package var timeZone: TimeZone

        package init(
            prompt: String = "", greeting: String? = nil, functions: Set<String> = [],
            history: [AgentHistoryItem] = [], timeZone: TimeZone = .gmt
        ) {
            self.prompt = prompt
            self.greeting = greeting
            self.functions = functions
            self.history = history
            self.timeZone = timeZone
        }
    }

    package enum Event: Equatable, Sendable {
        /// A whole turn of the caller's; `confidence` is 1 for typed text.
        case userSaid(String, confidence: Double)
        /// The caller made a sound in which no words were found; `interrupting` when it cut the agent short.
        case userMumbled(interrupting: Bool)
        case functionReturned(name: String, content: String)
        case functionFailed(name: String)
        /// Nothing was heard for some seconds after the agent's last question.
        case callerSilent
    }

    package struct FunctionCall: Equatable, Sendable {
        package var name: String
        /// A JSON object.
        package var arguments: String
        package init(name: String, arguments: String) {
            self.name = name
            self.arguments = arguments
        }
    }

    package enum Action: Equatable, Sendable {
        case say(String)
        case call(FunctionCall)
        /// Only once everything said so far has been sent.
        case callAfterSpeech(FunctionCall)
    }

    /// What the agent is asking for.
    package enum Topic: Int, Sendable, CaseIterable {
        case need, name, company, budget, authority, timeline, meeting, closing
    }

    enum Pending: Equatable, Sendable {
        case budget(amount: Double, currency: String, quote: String)
        case booking(Date)
        case bookingResult(Date)
        case optOut
        /// Something like "stop calling me" may have been said: the words.
        case optOutQuestion(String)
        case transfer
    }

    struct Facts: Equatable, Sendable {
        var name: String?
        var company: String?
        var email: String?
        var position: String?
        var need: String?
        var budget: Double?
        var authority: String?
        var timeline: String?
        var booked = false
    }

    package internal(set) var topic = Topic.need
    var settings: Settings
    var facts = Facts()
    var pending: Pending?
    /// Topics asked for in vain, or answered with "I don't know".
    var settled: Set<Topic> = []
    var attempts: [Topic: Int] = [:]
    /// A day named without a time, or a time without a day.
    var meetingDay: Date?
    var silences = 0
    /// The conversation is over; whatever comes is ignored.
    package internal(set) var isOver = false
    var actions: [Action] = []
    var consult = Consult()
    var lastQuestion = ""

    static let promptCharactersMax = 25_000
    static let attemptsMax = 2
    static let silencesMax = 2
    /// Longer sentences understood with less confidence than this are asked for again.
    private static let confidenceMin = 0.25

    /// - Parameter now: for the days named in `settings.history`.
    package init(settings: Settings, now: Date) {
        self.settings = settings
        lastQuestion = settings.greeting ?? question(.need)
    }

    /// What the agent does before the caller has said anything: looks the caller up and, when the history ends with
    /// words of the caller's that nobody answered, answers them. The greeting is not part of it.
    package mutating func begin(now: Date) -> [Action] {
        var unanswered: [Action] = []
        for item in settings.history {
            switch item {
            case .said(.user, let words): unanswered = handle(.userSaid(words, confidence: 1), now: now)
            case .said(.assistant, _): unanswered = []
            case .called(let call, let response):
                let more = handle(.functionReturned(name: call.name, content: response), now: now)
                unanswered = unanswered.filter { $0 != .call(FunctionCall(name: call.name, arguments: call.arguments)) }
                unanswered += more
            }
        }
        if settings.history.isEmpty { call("lookup_customer", [:]) } else { consult.isHeld = Self.isHeld(by: prompt) }
        defer { actions = [] }
        return actions + unanswered
    }

    package mutating func handle(_ event: Event, now: Date) -> [Action] {
        guard !isOver else { return [] }
        actions = []
        switch event {
        case .userSaid(let text, let confidence): heard(text, confidence: confidence, now: now)
        case .userMumbled(let interrupting):
            if interrupting, !consult.isHeld { say("Go on, please. " + openQuestion) }
        case .functionReturned(let name, let content): returned(name, content, now: now)
        case .functionFailed(let name): failed(name, now: now)
        case .callerSilent: silent()
        }
        defer { actions = [] }
        return actions
    }

    /// A new prompt and functions; what is known stays. The prompt's last paragraph may be what begins or ends a consult.
    package mutating func update(prompt: String?, functions: Set<String>) -> [Action] {
        settings.functions = functions
        actions = []
        if let prompt {
            settings.prompt = prompt
            let last = prompt.range(of: "\n\n", options: .backwards).map { prompt[$0.upperBound...] }
            if !isOver, let last { instructed(String(last)) }
        }
        defer { actions = [] }
        return actions
    }

    /// Instructions that are added to those there are.
    package mutating func append(instructions: String) -> [Action] {
        settings.prompt = String((settings.prompt + "\n" + instructions).suffix(Self.promptCharactersMax))
        actions = []
        if !isOver { instructed(instructions) }
        defer { actions = [] }
        return actions
    }

    package var prompt: String { settings.prompt }

    // MARK: Hearing

    private mutating func heard(_ text: String, confidence: Double, now: Date) {
        silences = 0
        let words = Normalised.words(text)
        guard !words.isEmpty else { return }
        if consult.isHeld { return heardWhileHeld(text) }
        if text.hasPrefix("(") { return say("Thank you, I noted that. " + openQuestion) }
        if let quote = OptOut.find(in: text) { return optOut(quote) }
        if confidence < Self.confidenceMin, words.count > 2 { return notUnderstood(now: now) }
        if CallerIntent.wantsHuman(words) { return transfer(text) }
        if CallerIntent.asksForPatience(words) { return say("Of course, take your time.") }
        if takesUpAfterAnswer(text, words) { return }
        if asksBackMeanwhile(words) { return }
        if changesPlans(text, words, now: now) { return }
        switch pending {
        case .optOut: return settleOptOut(text)
        case .optOutQuestion(let words)?:
            pending = nil
            if YesNo.classify(text) == .yes {
                call("stop_calling_me", ["words": .string(words)])
                return settleOptOut(text)
            }
            if YesNo.classify(text) == .no { return proceed(now: now, acknowledging: "All right.") }
        case .transfer, .bookingResult: return say("One moment please.")
        case .booking(let date)?:
            if settleBooking(date, text: text, now: now) { return }
        case .budget?:
            if settleBudget(text: text, now: now) { return }
        case nil: break
        }
        if canConsult, pending == nil, CallerIntent.needsSpecialist(words) { return consultSpecialists(text) }
        if CallerIntent.mentionsBeingCalled(words) {
            pending = .optOutQuestion(text)
            return ask("Would you like me to make sure that nobody calls you again?")
        }
        let learnt = learn(text, words)
        if CallerIntent.saysGoodbye(words) { return goodbye(reason: "the caller said goodbye") }
        if confirmsAmountNext() { return }
        if !learnt, CallerIntent.wantsRepeat(words) { return say("Yes, I am here. " + openQuestion) }
        if CallerIntent.isNotInterested(words) { return notInterested() }
        if !learnt, let answer = answer(words) { return say(answer + " " + openQuestion) }
        if topic == .need, !learnt, CallerIntent.announcesQuestion(words) {
            return ask("Of course. What would you like to know?")
        }
        if topic == .meeting, !learnt { return meeting(text, now: now) }
        if topic == .closing, !learnt { return closing(text) }
        if learnt { return proceed(now: now) }
        if settleUnknown(text, words) { return proceed(now: now) }
        notUnderstood(now: now)
    }

    mutating func notUnderstood(now: Date) {
        attempts[topic, default: 0] += 1
        if pending == nil, attempts[topic, default: 0] >= Self.attemptsMax, topic != .closing {
            settled.insert(topic)
            return proceed(now: now, acknowledging: "That is fine.")
        }
        say("I am sorry, I did not understand that. " + openQuestion)
    }

    private mutating func silent() {
        if consult.isHeld { return }
        if consult.wasAnswered {
            consult.wasAnswered = false
            return say(openQuestion)
        }
        silences += 1
        if pending == .optOut { return settleOptOut("yes") }
        if pending == .transfer { return }
        if silences > Self.silencesMax {
            say("I cannot hear you, so I will end the call here. Goodbye.")
            return end(reason: "the caller was silent")
        }
        say(silences == 1 ? "Are you still there?" : "Hello? Are you still there?")
    }

    // MARK: Speaking

    mutating func say(_ text: String) { actions.append(.say(text)) }

    /// Says something that ends in a question, to be repeated when the caller did not catch it.
    mutating func ask(_ text: String, acknowledging opening: String = "") {
        lastQuestion = text
        say(opening.isEmpty ? text : opening + " " + text)
    }

    /// Goes on to the first thing that is still missing.
    mutating func proceed(now: Date, acknowledging opening: String? = nil) {
        let opening = opening ?? acknowledgement
        topic = Topic.allCases.first { !settled.contains($0) && !isKnown($0) } ?? .closing
        ask(question(topic), acknowledging: opening)
    }

    private var acknowledgement: String {
        switch topic {
        case .name: firstName.map { "Thank you, \($0)." } ?? (facts.name == nil ? "That is all right." : "Thank you.")
        case .need where facts.need == nil: firstName.map { "Hello, \($0)." } ?? "Thank you."
        case .need:
            facts.need == "low" ? "That is fine, you are welcome to look around." : "I see, we can help with that."
        case .meeting, .closing: "All right."
        default: "Thank you."
        }
    }

    private func isKnown(_ topic: Topic) -> Bool {
        switch topic {
        case .need: facts.need != nil
        case .name: facts.name != nil
        case .company: facts.company != nil
        case .budget: facts.budget != nil
        case .authority: facts.authority != nil
        case .timeline: facts.timeline != nil
        case .meeting: facts.booked
        case .closing: false
        }
    }

    func question(_ topic: Topic) -> String {
        switch topic {
        case .need: "What can I do for you?"
        case .name: "May I have your name, please?"
        case .company: "Which company are you with?"
        case .budget: "What budget do you have in mind?"
        case .authority: "Do you make the decision yourself, or does somebody else decide?"
        case .timeline: "When would you like to have it in place?"
        case .meeting: "May I set up a meeting with one of our specialists? Which day and time would suit you?"
        case .closing: "Is there anything else I can do for you?"
        }
    }

    var firstName: String? { GreetingName.of(facts.name) }

    // MARK: Functions

    mutating func call(_ name: String, _ arguments: WireObject) {
        guard settings.functions.contains(name) else { return }
        actions.append(.call(FunctionCall(name: name, arguments: WireJSON.object(arguments).text)))
    }

    mutating func end(reason: String) {
        if settings.functions.contains("end_call") {
            let arguments = WireJSON.object(["reason": .string(reason)]).text
            actions.append(.callAfterSpeech(FunctionCall(name: "end_call", arguments: arguments)))
        }
        isOver = true
    }

    mutating func goodbye(reason: String) {
        let name = firstName.map { ", \($0)" } ?? ""
        say("Thank you for your time\(name). Goodbye.")
        end(reason: reason)
    }
}
