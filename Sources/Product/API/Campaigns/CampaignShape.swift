import Answering
import CallModel
package import Campaigns
import Compliance
import Database
import Encoding
package import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What a campaign may be.
enum CampaignShape {
    static let types = ["voice", "email", "sms", "whatsapp", "multi_channel"]

    private static let days = [
        "mon_sun", "mon_sat", "mon_fri", "sat_sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    ]

    static let schedule = Schema.record(
        .init(
            name: "CampaignSchedule",
            [
                .init(
                    "hours",
                    .nullable(
                        .record(
                            .init(
                                name: "CampaignHours",
                                days.map { .init($0, .nullable(.list(.text(lengths: 5...5), countMax: 2))) }))),
                    help: "By the clocks of the called party, and never more than the rules of calling allow.")
            ]))

    static let pace = Schema.record(
        .init(
            name: "CampaignPace",
            [
                .init("mode", .nullable(.choice(CampaignPace.Mode.allCases.map(\.rawValue)))),
                .init("calls_per_second", .nullable(.number(CampaignPace.callsPerSecondRange))),
                .init(
                    "calls_max", .nullable(.integer(CampaignPace.callsMaxRange)),
                    help: "At once; of `predictive`, those that talk."),
                .init(
                    "abandon_max", .nullable(.number(CallsAhead.abandonMaxRange)),
                    help: "Of `predictive`: the share of calls that people answer and in which they may hear nobody; "
                        + "0, where nothing is said, makes it `progressive`."),
            ]))

    static let budget = Schema.record(
        .init(
            name: "CampaignBudget",
            [
                .init("currency", .nullable(.text(.currency)), help: "ISO 4217, in which prices are: `USD`."),
                .init(
                    "price_per_call", .nullable(.number(CampaignBudget.priceRange)), help: "That the carrier places."),
                .init(
                    "price_per_minute", .nullable(.number(CampaignBudget.priceRange)),
                    help: "From the answer on, of each minute that begins."),
                .init(
                    "spend_max", .nullable(.number(CampaignBudget.spendMaxRange)),
                    help: "Where its calls have cost as much, it waits; it takes a price."),
                .init("calls_a_day", .nullable(.integer(CampaignBudget.callsADayRange)), help: "In any 24 hours."),
            ]))

    static let rules = Schema.record(
        .init(
            name: "CampaignRules",
            [
                .init(
                    "attempts_max", .nullable(.integer(RetryRules.attemptsMaxRange)),
                    help: "Calls to one contact; those for which the carrier had no room do not count."),
                .init(
                    "on_machine", .nullable(.choice(MachinePolicy.allCases.map(\.rawValue))),
                    help: "Where a machine answers: `hangup` (without it), `leave_message`, `continue_agent`."),
                .init("voicemail_message", .nullable(.text(lengths: 1...1_000))),
                .init(
                    "menu_key", .nullable(.choice("0123456789*#".map { String($0) })),
                    help: "Pressed where a menu answers."),
                .init(
                    "reason", .nullable(.text(lengths: 1...200)),
                    help: "What is said to a call screening that asks why you call."),
            ]))

    static func complete(
        _ given: [String: JSONValue], before: JSONValue?, in transaction: borrowing Transaction,
        _ context: RequestContext
    ) throws -> [String: JSONValue] {
        if let status = before?["status"]?.text.flatMap({ CampaignStatus(rawValue: $0) }), status.isOver {
            throw Problem.conflict("This campaign is \(status.rawValue); clone it to change it.")
        }
        var values = given
        var faults: [Problem.Fault] = []
        if let type = given["type"]?.text, type != "voice" {
            faults.append(
                .of("type", "Campaigns of the type `\(type)` are not there yet: only `voice` is, which calls."))
        }
        if let hours = given["schedule"]?["hours"], hours != .null {
            values["schedule"] = .object(["hours": withoutNulls(hours)])
            faults += self.faults(inHours: values["schedule"] ?? .null)
        }
        func time(_ name: String) -> Date? { (given[name] ?? before?[name])?.text.flatMap { InternetTime($0)?.date } }
        if given["starts_at"] != nil || given["ends_at"] != nil, let start = time("starts_at"),
            let end = time("ends_at"), end <= start
        {
            faults.append(.of("ends_at", "A campaign ends after it starts."))
        }
        if case .list(let numbers)? = given["caller_ids"] {
            let (texts, wrong) = try callerIDs(numbers, in: transaction)
            values["caller_ids"] = .list(texts)
            faults += wrong
        }
        if let budget = given["budget"], budget["spend_max"] ?? .null != .null,
            ["price_per_call", "price_per_minute"].allSatisfy({ budget[$0] ?? .null == .null })
        {
            faults.append(
                Problem.Fault(
                    .pointer("/budget/spend_max"), "Say what a call or a minute costs: nothing is spent else."))
        }
        if !faults.isEmpty { throw Problem.unprocessable(faults) }
        if before == nil {
            values["created_by_user_id"] = try context.userID(in: transaction).map { .text($0.uuidString.lowercased()) }
        }
        return values
    }

    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        guard case .object(let fields) = value else { return value }
        return .object(fields.filter { $0.value != .null })
    }

    private static func faults(inHours schedule: JSONValue) -> [Problem.Fault] {
        guard (try? CampaignSchedule(json: schedule.json)) == nil else { return [] }
        return [
            Problem.Fault(
                .pointer("/schedule/hours"), "Hours are spans of a day, the earlier time first: [\"09:00\", \"17:00\"]."
            )
        ]
    }

    private static func callerIDs(
        _ numbers: [JSONValue], in transaction: borrowing Transaction
    ) throws -> ([JSONValue], [Problem.Fault]) {
        let read = numbers.map { $0.text.flatMap { text in text.hasPrefix("+") ? E164(text) : nil } }
        let ours = try transaction.query(
            "select number from phone_numbers where is_active and number = any($1::text[])",
            [.textArray(read.compactMap { $0?.text })]
        ).map { try $0.text("number") }
        let faults = read.enumerated().compactMap { index, number -> Problem.Fault? in
            if let number, ours.contains(number.text) { return nil }
            return Problem.Fault(
                .pointer("/caller_ids/\(index)"),
                "A caller id is an active number of yours in E.164 form: +14155550100.")
        }
        let unique = read.compactMap { $0?.text }.reduce(into: [String]()) { kept, number in
            if !kept.contains(number) { kept.append(number) }
        }
        return (unique.map { .text($0) }, faults)
    }
}

extension TargetCriteria: SchemaDescribed {
    private static let valuesMax = 50

    package static var schema: Schema {
        func texts() -> Schema { .nullable(.list(.text(lengths: 1...100), countMax: valuesMax)) }
        func number(_ range: ClosedRange<Int>) -> Schema { .nullable(.integer(range)) }
        return .record(
            .init(
                name: "TargetCriteria",
                ["lifecycle_stage", "status", "lead_source", "opt_in_status", "tags_all", "tags_any", "tags_none"].map {
                    .init($0, texts())
                } + [
                    .init("custom_fields", .nullable(.map(.text(lengths: 0...1_000)))),
                    .init("score_min", number(0...100), help: "Of their best lead."),
                    .init("score_max", number(0...100)),
                    .init("days_without_call", number(1...3_650)),
                ]))
    }

    package static var sample: TargetCriteria { TargetCriteria() }
}
