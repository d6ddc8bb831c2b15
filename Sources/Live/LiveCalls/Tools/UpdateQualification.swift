import CallModel
import Encoding
import SpeechAgent

extension CallTool {
    static let updateQualification = CallTool(
        schema: AgentTool(
            name: "update_qualification",
            description: """
                Store what the caller has said about budget, authority, need and timeline. Call it whenever one of \
                them becomes clear or changes. Pass only what was said.
                """,
            parameters: ToolSchema.object([
                ("budget", ToolSchema.text("The budget in the caller's words.")),
                (
                    "budget_amount",
                    ["type": "number", "description": "The amount in the profile's currency."]
                ),
                ("authority", ToolSchema.choice("Does the caller decide?", ["yes", "no", "influencer", "unknown"])),
                ("need", ToolSchema.choice("How pressing the need is.", ["urgent", "moderate", "low", "unknown"])),
                (
                    "timeline",
                    ToolSchema.choice(
                        "When the caller wants to decide.",
                        ["immediate", "this_month", "this_quarter", "this_year", "unknown"])
                ),
                ("notes", ToolSchema.text("Anything else worth keeping.")),
            ]), deferUntilEndOfTurn: true)
    ) { arguments, _, _ in
        for (name, allowed) in [
            ("authority", AuthorityLevel.allCases.map(\.rawValue)), ("need", NeedLevel.allCases.map(\.rawValue)),
            ("timeline", TimelineLevel.allCases.map(\.rawValue)),
        ] {
            if arguments.has(name), !allowed.contains(arguments.text(name) ?? "") {
                return .refused("\"\(name)\" must be one of \(allowed.joined(separator: ", "))")
            }
        }
        if arguments.has("budget_amount"), !(0...1e12).contains(arguments.number("budget_amount") ?? .nan) {
            return .refused("\"budget_amount\" must be a number from 0 to 1e12")
        }
        guard ["budget", "budget_amount", "authority", "need", "timeline", "notes"].contains(where: arguments.has)
        else {
            return .refused("give at least one of budget, budget_amount, authority, need, timeline, notes")
        }
        return .done(
            .qualification(
                budget: arguments.text("budget"), budgetAmount: arguments.number("budget_amount"),
                authority: arguments.text("authority"), need: arguments.text("need"),
                timeline: arguments.text("timeline"), notes: arguments.text("notes")))
    }
}
