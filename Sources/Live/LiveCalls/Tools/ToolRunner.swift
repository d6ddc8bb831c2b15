import CallModel
import Foundation
import SpeechAgent
import SpokenLanguage
import Telemetry

/// Carries out what the speech agent asks for. What a tool settles is a fact in the journal and reaches the CRM with the
/// call's record, in its one transaction; only look-ups touch the database during the call.
struct ToolRunner: Sendable {
    struct Outcome: Sendable {
        /// JSON text for the agent.
        var result: String
        var facts: [CallFact] = []
    }

    private static let textMax = 500
    private static let lookUpMs = 150
    let office: BackOffice

    func run(_ call: AgentToolCall, for card: CallCard) async -> Outcome {
        guard let arguments = Arguments(json: call.arguments) else {
            return refused("the arguments are not a JSON object")
        }
        switch call.name {
        case "lookup_customer": return await lookUp(card)
        case "save_contact_details": return saveContact(arguments)
        case "update_qualification": return qualify(arguments)
        case "book_meeting": return book(arguments, card)
        case "schedule_follow_up": return followUp(arguments, card)
        case "transfer_to_human":
            guard card.profile.humanNumber != nil else { return refused("nobody is available now; offer a call back") }
            return Outcome(
                result: #"{"ok":true,"note":"say that you are connecting the caller now"}"#,
                facts: [.transferRequested(reason: arguments.text("reason") ?? "the caller asked for a person")])
        case "end_call": return Outcome(result: #"{"ok":true}"#)
        case "stop_calling_me":
            return Outcome(
                result: #"{"ok":true,"note":"the number is on the do-not-contact list"}"#,
                facts: [.doNotContact(words: arguments.text("words") ?? "asked not to be called again")])
        default: return refused("there is no tool named \(call.name.prefix(64))")
        }
    }

    private func lookUp(_ card: CallCard) async -> Outcome {
        var context = card.context
        if let phone = card.opening.trustedPhone {
            context = (try? await office.customer(card.opening.tenant, phone, Self.lookUpMs)) ?? context
        }
        let zone = (context?.timeZone).flatMap { TimeZone(identifier: $0) }?.identifier ?? card.timeZone.identifier
        var answer: [String: any Sendable] = [
            "time_zone": zone, "now": Date().ISO8601Format(), "known": context?.isKnown ?? false,
        ]
        if let context {
            answer["summary"] = context.summary
            for (key, value) in [
                ("name", context.name), ("email", context.email), ("company", context.company),
                ("position", context.position), ("status", context.status),
            ] {
                if let value { answer[key] = value }
            }
        }
        return Outcome(result: json(answer))
    }

    private func saveContact(_ arguments: Arguments) -> Outcome {
        let email = arguments.text("email")
        if let email, !email.contains("@") { return refused("\"email\" is not an email address") }
        let (name, company, position) = (arguments.text("name"), arguments.text("company"), arguments.text("position"))
        guard name != nil || email != nil || company != nil || position != nil else {
            return refused("give at least one of name, email, company, position")
        }
        return Outcome(
            result: #"{"ok":true}"#,
            facts: [.contactDetails(name: name, email: email, company: company, position: position)])
    }

    private func qualify(_ arguments: Arguments) -> Outcome {
        for (name, allowed) in [
            ("authority", AuthorityLevel.allCases.map(\.rawValue)), ("need", NeedLevel.allCases.map(\.rawValue)),
            ("timeline", TimelineLevel.allCases.map(\.rawValue)),
        ] {
            if arguments.has(name), !allowed.contains(arguments.text(name) ?? "") {
                return refused("\"\(name)\" must be one of \(allowed.joined(separator: ", "))")
            }
        }
        if arguments.has("budget_amount"), !(0...1e12).contains(arguments.number("budget_amount") ?? .nan) {
            return refused("\"budget_amount\" must be a number from 0 to 1e12")
        }
        guard ["budget", "budget_amount", "authority", "need", "timeline", "notes"].contains(where: arguments.has)
        else {
            return refused("give at least one of budget, budget_amount, authority, need, timeline, notes")
        }
        return Outcome(
            result: #"{"ok":true}"#,
            facts: [
                .qualification(
                    budget: arguments.text("budget"), budgetAmount: arguments.number("budget_amount"),
                    authority: arguments.text("authority"), need: arguments.text("need"),
                    timeline: arguments.text("timeline"), notes: arguments.text("notes"))
            ])
    }

    private func book(_ arguments: Arguments, _ card: CallCard) -> Outcome {
        guard let written = arguments.text("starts_at"), let startsAt = instant(written, card) else {
            return refused("\"starts_at\" must be ISO 8601 with an offset, e.g. 2026-03-05T15:00:00-05:00")
        }
        guard startsAt > Date(), startsAt < Date(timeIntervalSinceNow: 400 * 86_400) else {
            return refused("\"starts_at\" must lie within the next year")
        }
        let length = arguments.has("duration_minutes") ? arguments.number("duration_minutes") ?? .nan : 30
        guard (5...480).contains(length) else { return refused("\"duration_minutes\" must be 5 to 480") }
        let minutes = Int(length)
        return Outcome(
            result: json(["ok": true, "starts_at": startsAt.ISO8601Format(), "duration_minutes": minutes]),
            facts: [
                .meetingBooked(
                    title: arguments.text("title") ?? "Meeting", startsAt: startsAt, durationMinutes: minutes)
            ])
    }

    private func followUp(_ arguments: Arguments, _ card: CallCard) -> Outcome {
        var dueAt: Date?
        if arguments.has("due_at") {
            guard let instant = instant(arguments.text("due_at") ?? "", card), instant > Date(),
                instant < Date(timeIntervalSinceNow: 730 * 86_400)
            else { return refused("\"due_at\" must be ISO 8601 with an offset and lie ahead") }
            dueAt = instant
        }
        return Outcome(
            result: #"{"ok":true}"#,
            facts: [.followUpAgreed(dueAt: dueAt, reason: arguments.text("reason") ?? "agreed on the phone")])
    }

    private func instant(_ written: String, _ card: CallCard) -> Date? {
        if let exact = try? Date(written, strategy: .iso8601) { return exact }
        let local = Date.ISO8601FormatStyle(timeZone: card.timeZone)
            .year().month().day().time(includingFractionalSeconds: false)
        return try? local.parse(written)
    }

    private func refused(_ why: String) -> Outcome { Outcome(result: json(["ok": false, "error": why])) }

    private func json(_ object: [String: any Sendable]) -> String {
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? #"{"ok":false,"error":"no answer"}"#
    }

    /// Arguments as an LLM writes them: any of them may be missing, empty or of the wrong type.
    private struct Arguments {
        private let values: [String: Any]

        init?(json: String) {
            guard json.utf8.count <= AgentToolCall.argumentsBytesMax else { return nil }
            let text = json.isEmpty ? "{}" : json
            guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
                return nil
            }
            values = object
        }

        /// Something was given, of whatever type; nulls and empty texts are how models leave a field out.
        func has(_ name: String) -> Bool {
            switch values[name] {
            case nil, is NSNull: false
            case is String: text(name) != nil
            default: true
            }
        }

        func text(_ name: String) -> String? {
            guard let text = values[name] as? String else { return nil }
            let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
            return trimmed.isEmpty ? nil : String(trimmed.prefix(ToolRunner.textMax))
        }

        func number(_ name: String) -> Double? {
            if let number = values[name] as? NSNumber { return number.doubleValue }
            return text(name).flatMap(Double.init)
        }
    }
}
