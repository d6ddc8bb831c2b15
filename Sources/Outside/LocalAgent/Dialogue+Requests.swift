import Encoding
import Foundation
import SpeechAgent
import SpokenLanguage

/// What the caller wants of us besides the questions we ask: a person, quiet, a call another day, an answer.
extension Dialogue {
    mutating func optOut(_ quote: String) {
        let confirmed = pending == .optOut
        if !confirmed { call("stop_calling_me", ["words": .string(quote)]) }
        pending = .optOut
        if confirmed { return settleOptOut("yes") }
        ask("I understand. I will make sure nobody calls you again. Is that right?")
    }

    /// The wish is already on record; a plain "no" says that we misheard it.
    mutating func settleOptOut(_ text: String) {
        pending = nil
        if YesNo.classify(text) == .no, !CallerIntent.saysGoodbye(Normalised.words(text)) {
            call("update_qualification", ["notes": "Caller says the request not to be called was a misunderstanding."])
            return ask("I am sorry, I misunderstood you. What can I do for you?")
        }
        say("You are off our list, and nobody will call you again. Goodbye.")
        end(reason: "the caller asked not to be called again")
    }

    mutating func transfer(_ text: String) {
        guard settings.functions.contains("transfer_to_human") else {
            call("schedule_follow_up", ["reason": "The caller asked for a person."])
            return ask(
                "Is there anything else I can note for them?",
                acknowledging: "I am sorry, I cannot put you through right now. A colleague will call you back.")
        }
        say("Of course. I will put you through to a colleague, one moment please.")
        pending = .transfer
        let arguments = WireJSON.object(["reason": .string("The caller asked for a person: \(text)")]).text
        actions.append(.callAfterSpeech(FunctionCall(name: "transfer_to_human", arguments: arguments)))
    }

    mutating func followUp(_ text: String, now: Date) {
        let moment = SpokenTime.find(in: text, now: now, timeZone: settings.timeZone).first
        var arguments: WireObject = ["reason": .string(text)]
        if let moment { arguments["due_at"] = .string(SpokenMoment.iso(moment.date, in: settings.timeZone)) }
        call("schedule_follow_up", arguments)
        pending = nil
        settled.formUnion(Topic.allCases)
        settled.remove(.closing)
        proceed(now: now, acknowledging: "All right, we will contact you again \(moment?.words ?? "later").")
    }

    mutating func notInterested() {
        if facts.need == nil {
            facts.need = "low"
            call("update_qualification", ["need": "low", "notes": "The caller is not interested."])
        }
        pending = nil
        settled.formUnion(Topic.allCases)
        settled.remove(.closing)
        proceed(now: .distantPast, acknowledging: "I understand, thank you for telling me.")
    }

    /// A question of the caller's while we wait for a yes or a no, or about who we are: answered, and ours comes again.
    mutating func asksBackMeanwhile(_ words: CodedWords) -> Bool {
        guard let question = CallerIntent.question(words), question != .other else { return false }
        switch pending {
        case .budget?, .booking?: break
        case nil where question == .robot: break
        default: return false
        }
        guard SpokenMoney.find(in: words.joined(separator: " ")).isEmpty, let answer = answer(words) else {
            return false
        }
        say(answer + " " + openQuestion)
        return true
    }

    /// A call another day instead, or another day than the one that was settled.
    mutating func changesPlans(_ text: String, _ words: CodedWords, now: Date) -> Bool {
        switch pending {
        case .optOut?, .optOutQuestion?, .transfer?, .bookingResult?: return false
        case .budget?, .booking?, nil: break
        }
        let agreesToMeet = if case .booking? = pending { YesNo.classify(text) == .yes } else { false }
        // "call me John" answers another question.
        let isName = topic == .name && SpokenName.find(in: text, asked: .name) != nil && !words.contains("back")
        if CallerIntent.wantsCallback(words), !CallerIntent.saysGoodbye(words), !agreesToMeet, !isName {
            _ = learn(text, words)
            followUp(text, now: now)
            return true
        }
        guard facts.booked, pending == nil, CallerIntent.changesMind(words) else { return false }
        if CallerIntent.callsOff(words) {
            facts.booked = false
            settled.insert(.meeting)
            call("schedule_follow_up", ["reason": .string("The caller called the meeting off: \(text)")])
            proceed(now: now, acknowledging: "All right, a colleague will take the meeting out of the calendar.")
            return true
        }
        guard let moment = moment(in: text, now: now) else { return false }
        propose(moment)
        return true
    }

    /// A short answer from a few facts; nil when nothing was asked.
    func answer(_ words: CodedWords) -> String? {
        switch CallerIntent.question(words) {
        case .price?: "The price depends on what you need. A specialist will make you an exact offer."
        case .offering?: "We help companies answer and make their phone calls with voice agents."
        case .identity?: "I am the AI assistant of our sales team."
        case .robot?: "Yes, I am an AI assistant. I can put you through to a person whenever you like."
        case .recording?: "This call is written down, so that a colleague can follow up on it."
        case .origin?: "Your number is in our customer records. If you do not want to be called, just tell me."
        case .location?: "I am a virtual assistant. A colleague will gladly tell you about our offices."
        case .trial?: "A specialist can show you everything in a meeting before you decide."
        case .safety?: "Your data is only used to answer your request."
        case .duration?: "That depends on your setup. A specialist can tell you exactly."
        case .other?: "That is a good question. A colleague will get back to you on that."
        case nil: nil
        }
    }

    mutating func closing(_ text: String) {
        let words = Normalised.words(text)
        switch YesNo.classify(text) {
        case .no: goodbye(reason: "the conversation was complete")
        case .yes where words.count <= 3: ask("What else can I do for you?")
        default:
            attempts[.closing, default: 0] += 1
            if attempts[.closing, default: 0] > Self.attemptsMax || words.contains("thank") || words.contains("thanks")
            {
                return goodbye(reason: "the conversation was complete")
            }
            call("update_qualification", ["notes": .string(text)])
            ask("I have noted that. Is there anything else I can do for you?")
        }
    }

    // MARK: Results

    mutating func returned(_ name: String, _ content: String, now: Date) {
        switch name {
        case "lookup_customer": recall(content)
        case AgentTools.consult: consultReturned(content)
        case "book_meeting":
            guard case .bookingResult(let date) = pending else { return }
            pending = nil
            guard !Self.isError(content) else { return failed(name, date, now: now) }
            booked(date, now: now)
        case "transfer_to_human" where pending == .transfer && Self.isError(content): failed(name, now: now)
        default: break
        }
    }

    mutating func failed(_ name: String, now: Date) {
        switch (name, pending) {
        case (AgentTools.consult, _): answerShortly()
        case ("book_meeting", .bookingResult(let date)?):
            pending = nil
            failed(name, date, now: now)
        case ("transfer_to_human", .transfer?):
            pending = nil
            call("schedule_follow_up", ["reason": "The caller asked for a person; nobody was free."])
            ask(
                "Is there anything I can note?",
                acknowledging: "I am sorry, nobody is free right now. A colleague will call you back.")
        default: break
        }
    }

    private mutating func failed(_ name: String, _ date: Date, now: Date) {
        settled.insert(.meeting)
        let when = SpokenMoment.iso(date, in: settings.timeZone)
        call("schedule_follow_up", ["reason": .string("Confirm a meeting wanted for \(when).")])
        proceed(now: now, acknowledging: "I could not book it just now. A colleague will confirm the meeting with you.")
    }

    /// What the CRM knows of the caller need not be asked.
    private mutating func recall(_ content: String) {
        guard let found = (try? WireJSON(parsing: content))?.object else { return }
        if let zone = found["time_zone"]?.string.flatMap({ TimeZone(identifier: $0) }) { settings.timeZone = zone }
        let customer = found["customer"]?.object ?? found
        func text(_ keys: String...) -> String? {
            keys.lazy.compactMap { customer[$0]?.string }.first { !$0.isEmpty }
        }
        facts.name = facts.name ?? text("name", "full_name")
        facts.company = facts.company ?? text("company")
        facts.email = facts.email ?? text("email")
    }

    static func isError(_ content: String) -> Bool {
        if let object = (try? WireJSON(parsing: content))?.object {
            return object["error"] != nil || object["ok"]?.bool == false || object["booked"]?.bool == false
                || object["status"]?.string == "error" || object["status"]?.string == "failed"
        }
        return content.lowercased().hasPrefix("error")
    }
}
