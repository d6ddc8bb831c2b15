import Encoding
import Foundation
import SpeechAgent
import SpokenLanguage

/// Taking facts from what the caller says, wherever in the conversation they come.
extension Dialogue {
    /// Takes every fact in `text` and has it stored; false when there was none.
    mutating func learn(_ text: String, _ words: CodedWords) -> Bool {
        let contact = learnContact(text)
        let qualification = learnQualification(text, words)
        let money = learnMoney(text)
        return contact || qualification || money
    }

    private mutating func learnContact(_ text: String) -> Bool {
        var details = WireObject()
        if let name = SpokenName.find(in: text, asked: topic == .name ? .name : .nothing)?.over(facts.name),
            name != facts.name
        {
            facts.name = name
            details["name"] = .string(name)
        }
        if topic != .need || facts.need != nil || details["name"] != nil || text.contains("from")
            || text.contains("work")
        {
            if let company = SpokenCompany.find(in: text, asked: topic == .company)?.value, company != facts.company {
                facts.company = company
                details["company"] = .string(company)
            }
        }
        if let email = SpokenEmail.find(in: text)?.address, email != facts.email {
            facts.email = email
            details["email"] = .string(email)
        }
        if let position = SpokenPosition.find(in: text)?.value, position != facts.position {
            facts.position = position
            details["position"] = .string(position)
        }
        guard !details.keys.isEmpty else { return false }
        call("save_contact_details", details)
        return true
    }

    private mutating func learnQualification(_ text: String, _ words: CodedWords) -> Bool {
        var found = WireObject()
        if facts.need == nil || topic == .need, let need = CallerIntent.need(words), need != facts.need {
            facts.need = need
            found["need"] = .string(need)
            found["notes"] = .string(text)
        }
        if let authority = authority(text, words), authority != facts.authority {
            facts.authority = authority
            found["authority"] = .string(authority)
        }
        let isCorrected = facts.timeline != nil && CallerIntent.changesMind(words)
        if topic.rawValue <= Topic.timeline.rawValue && facts.timeline == nil || isCorrected,
            !CallerIntent.wantsCallback(words), let timeline = CallerIntent.timeline(words), timeline != facts.timeline
        {
            facts.timeline = timeline
            found["timeline"] = .string(timeline)
            if found["notes"] == nil { found["notes"] = .string(text) }
        }
        guard !found.keys.isEmpty else { return false }
        call("update_qualification", found)
        return true
    }

    private func authority(_ text: String, _ words: CodedWords) -> String? {
        if let named = CallerIntent.authority(words) {
            // "I have to ask" answers every question; it says who decides only when that was the question.
            return topic == .authority || named == "yes" || words.contains("decides") ? named : nil
        }
        guard topic == .authority else { return nil }
        switch YesNo.classify(text) {
        case .yes: return "yes"
        case .no: return "no"
        case .unclear: return nil
        }
    }

    private mutating func learnMoney(_ text: String) -> Bool {
        guard topic.rawValue < Topic.meeting.rawValue || text.contains("budget") else { return false }
        let mentions = SpokenMoney.find(in: text, asked: topic == .budget)
        guard let money = mentions.last(where: { !$0.negated && $0.amount > 0 }), money.yearly != facts.budget else {
            return false
        }
        pending = .budget(amount: money.yearly, currency: money.currency ?? "USD", quote: money.quote)
        return true
    }

    /// Asks for the amount just heard to be confirmed.
    mutating func confirmsAmountNext() -> Bool {
        guard case .budget(let amount, let currency, _) = pending else { return false }
        let unit = ["EUR": "euros", "GBP": "pounds"][currency] ?? "dollars"
        let spoken = amount.rounded() == amount ? ReadAloud.cardinal(Int(amount)) : "\(amount)"
        ask("\(spoken.prefix(1).uppercased())\(spoken.dropFirst()) \(unit), is that right?")
        return true
    }

    /// The answer to "…, is that right?"; false when it was about something else.
    mutating func settleBudget(text: String, now: Date) -> Bool {
        guard case .budget(let amount, _, let quote) = pending else { return false }
        if let other = SpokenMoney.find(in: text, asked: true).last(where: { !$0.negated }), other.yearly != amount {
            pending = .budget(amount: other.yearly, currency: other.currency ?? "USD", quote: other.quote)
            return confirmsAmountNext()
        }
        switch YesNo.classify(text) {
        case .yes:
            pending = nil
            facts.budget = amount
            call("update_qualification", ["budget": .string(quote), "budget_amount": .number(amount)])
            let words = Normalised.words(text)
            _ = learn(text, words)
            if topic != .budget, topic != .need { topic = .budget }
            proceed(now: now)
            return true
        case .no:
            pending = nil
            attempts[.budget, default: 0] += 1
            topic = .budget
            if attempts[.budget, default: 0] >= Self.attemptsMax {
                settled.insert(.budget)
                proceed(now: now, acknowledging: "I am sorry. We will leave that open.")
            } else {
                ask("I am sorry. What is the amount, please?")
            }
            return true
        case .unclear:
            let words = Normalised.words(text)
            guard !CallerIntent.saysGoodbye(words), !CallerIntent.wantsRepeat(words),
                CallerIntent.question(words) == nil
            else { return CallerIntent.wantsRepeat(words) && confirmsAmountNext() }
            attempts[.budget, default: 0] += 1
            guard attempts[.budget, default: 0] < Self.attemptsMax else {
                // Neither confirmed nor denied: kept out of the record, the conversation goes on.
                pending = nil
                settled.insert(.budget)
                proceed(now: now, acknowledging: "That is fine.")
                return true
            }
            return confirmsAmountNext()
        }
    }

    /// "I don't know", a refusal, or an answer that names nothing we can keep: the topic is settled without a value.
    mutating func settleUnknown(_ text: String, _ words: CodedWords) -> Bool {
        switch topic {
        case .need:
            guard CallerIntent.isVague(words) || words.count >= 5 else { return false }
            facts.need = CallerIntent.isVague(words) ? "low" : "moderate"
            call(
                "update_qualification",
                ["need": .string(facts.need ?? "low"), "notes": .string(text)])
        case .company where words.count >= 3 || YesNo.classify(text) == .no: settled.insert(.company)
        case .budget where SpokenMoney.noBudget(in: text) != nil || words.contains("budget"):
            call("update_qualification", ["budget": .string(text)])
            settled.insert(.budget)
        case .name, .company, .budget, .authority, .timeline:
            guard CallerIntent.isVague(words) || YesNo.classify(text) == .no else { return false }
            if topic == .timeline { facts.timeline = "unknown" }
            settled.insert(topic)
        case .meeting, .closing: return false
        }
        return true
    }
}
