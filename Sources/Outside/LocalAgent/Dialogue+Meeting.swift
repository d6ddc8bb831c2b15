import Encoding
import Foundation
import SpeechAgent
import SpokenLanguage

/// Agreeing on a meeting: day and time, repeated aloud, booked only after a yes.
extension Dialogue {
    /// The answer to the offer of a meeting.
    mutating func meeting(_ text: String, now: Date) {
        if let moment = moment(in: text, now: now) { return propose(moment) }
        if meetingDay != nil { return ask("At what time would it suit you?") }
        switch YesNo.classify(text) {
        case .no: declined(now: now)
        case .yes where attempts[.meeting, default: 0] == 0:
            attempts[.meeting, default: 0] += 1
            ask("Which day and time would suit you?")
        case .yes: propose(SpokenMoment.proposal(after: now, in: settings.timeZone))
        case .unclear:
            attempts[.meeting, default: 0] += 1
            let words = Normalised.words(text)
            if words.contains("any") || words.contains("anytime") || words.contains("whenever") {
                return propose(SpokenMoment.proposal(after: now, in: settings.timeZone))
            }
            if CallerIntent.isVague(words) || attempts[.meeting, default: 0] >= Self.attemptsMax {
                return declined(now: now)
            }
            ask("I am sorry, I did not understand that. Which day and time would suit you?")
        }
    }

    /// The answer to "Shall I book it?"; false when it was about something else.
    mutating func settleBooking(_ date: Date, text: String, now: Date) -> Bool {
        let answer = YesNo.classify(text)
        if let other = moment(in: text, now: now), other != date {
            propose(other)
            return true
        }
        switch answer {
        case .yes: book(date, now: now)
        case .no:
            pending = nil
            meetingDay = nil
            attempts[.meeting, default: 0] += 1
            if attempts[.meeting, default: 0] >= Self.attemptsMax {
                declined(now: now)
            } else {
                ask("No problem. Which day and time would suit you better?")
            }
        case .unclear:
            guard !CallerIntent.saysGoodbye(Normalised.words(text)) else {
                pending = nil
                return false
            }
            propose(date)
        }
        return true
    }

    /// Day and time named now, or completed by what was named before; a day alone is kept.
    mutating func moment(in text: String, now: Date) -> Date? {
        let mentions = SpokenTime.find(in: text, now: now, timeZone: settings.timeZone)
        guard let mention = mentions.last(where: { $0.precision >= .day }) else { return nil }
        let namesDay = Self.dayWords.contains { Normalised.words(mention.words).contains($0) }
        if mention.hasTimeOfDay {
            guard let day = meetingDay, !namesDay else { return mention.date }
            let joined = SpokenMoment.joining(day: day, time: mention.date, in: settings.timeZone)
            return joined > now ? joined : mention.date
        }
        meetingDay = mention.date
        return nil
    }

    private static let dayWords: Set<String> = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow", "tonight",
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "day", "days", "week", "weeks",
    ]

    mutating func propose(_ date: Date) {
        topic = .meeting
        pending = .booking(date)
        ask("That is \(SpokenMoment.aloud(date, in: settings.timeZone)). Shall I book it?")
    }

    private mutating func book(_ date: Date, now: Date) {
        let who = [facts.name, facts.company].compactMap(\.self).joined(separator: ", ")
        guard settings.functions.contains("book_meeting") else {
            call(
                "schedule_follow_up",
                [
                    "due_at": .string(SpokenMoment.iso(date, in: settings.timeZone)),
                    "reason": .string("Meeting agreed with the caller."),
                ])
            return booked(date, now: now)
        }
        call(
            "book_meeting",
            [
                "title": .string(who.isEmpty ? "Sales meeting" : "Sales meeting with \(who)"),
                "starts_at": .string(SpokenMoment.iso(date, in: settings.timeZone)), "duration_minutes": .integer(30),
            ])
        pending = .bookingResult(date)
    }

    mutating func booked(_ date: Date, now: Date) {
        pending = nil
        facts.booked = true
        let day = SpokenMoment.day(date, in: settings.timeZone)
        let time = SpokenMoment.time(date, in: settings.timeZone)
        proceed(now: now, acknowledging: "Your meeting is booked for \(day) at \(time).")
    }

    private mutating func declined(now: Date) {
        pending = nil
        settled.insert(.meeting)
        proceed(now: now, acknowledging: "No problem.")
    }
}
