import Encoding

/// The functions that can be served during a call.
package enum AgentTools {
    /// Answered at once: what the caller says to the offer, and the specialists to the question, follows later.
    package static let consult = "consult_specialists"

    package static let catalog: [AgentTool] = [
        AgentTool(
            name: "lookup_customer",
            description: "Look up what is known about the caller: name, company, open deals, tasks, last contact.",
            parameters: schema([]), deferUntilEndOfTurn: false),
        AgentTool(
            name: "save_contact_details",
            description: "Store contact details the caller has stated. Pass only what was said, never a guess.",
            parameters: schema([
                ("name", text("Full name.")), ("email", text("E-mail address.")), ("company", text("Company name.")),
                ("position", text("Job title or role.")),
            ]), deferUntilEndOfTurn: true),
        AgentTool(
            name: "update_qualification",
            description: """
                Store what the caller has said about budget, authority, need and timeline. Call it whenever one of \
                them becomes clear or changes. Pass only what was said.
                """,
            parameters: schema([
                ("budget", text("The budget in the caller's words.")),
                (
                    "budget_amount",
                    ["type": "number", "description": "The amount in the profile's currency."]
                ),
                ("authority", choice("Does the caller decide?", ["yes", "no", "influencer", "unknown"])),
                ("need", choice("How pressing the need is.", ["urgent", "moderate", "low", "unknown"])),
                (
                    "timeline",
                    choice(
                        "When the caller wants to decide.",
                        ["immediate", "this_month", "this_quarter", "this_year", "unknown"])
                ),
                ("notes", text("Anything else worth keeping.")),
            ]), deferUntilEndOfTurn: true),
        AgentTool(
            name: "book_meeting",
            description: "Book a meeting. Only after the caller has confirmed day and time.",
            parameters: schema(
                [
                    ("title", text("What the meeting is about.")),
                    ("starts_at", text("ISO 8601 with offset, e.g. 2026-03-05T14:00:00-05:00.")),
                    ("duration_minutes", ["type": "integer", "minimum": .integer(5), "maximum": .integer(480)]),
                ], required: ["title", "starts_at", "duration_minutes"]), deferUntilEndOfTurn: true),
        AgentTool(
            name: "schedule_follow_up",
            description: "Note that we contact the caller again, at a time they named or when it suits.",
            parameters: schema(
                [
                    ("due_at", text("ISO 8601 with offset; leave out when no time was named.")),
                    ("reason", text("What the follow-up is for.")),
                ], required: ["reason"]), deferUntilEndOfTurn: true),
        AgentTool(
            name: "transfer_to_human",
            description: "Put the caller through to a person. Use when the caller asks for one or you cannot help.",
            parameters: schema([("reason", text("Why, in one sentence."))], required: ["reason"]),
            deferUntilEndOfTurn: true),
        AgentTool(
            name: "end_call",
            description: "Hang up. Only after both sides have said goodbye.",
            parameters: schema([("reason", text("Why the call ends."))], required: ["reason"]),
            deferUntilEndOfTurn: true),
        AgentTool(
            name: "stop_calling_me",
            description: "The caller asks not to be called or contacted again. Call it at once, then confirm it aloud.",
            parameters: schema([("words", text("The caller's own words."))], required: ["words"]),
            deferUntilEndOfTurn: true),
        AgentTool(
            name: consult,
            description: """
                Ask our specialists, for questions that need one: law and regulation, privacy, contracts, business \
                cultures, security, payments, migration, integration. The caller is asked for consent first, so say \
                nothing before you call it, and nothing until you are told what came of it.
                """,
            parameters: schema(
                [("question", text("The caller's question, complete in itself."))], required: ["question"]),
            deferUntilEndOfTurn: true),
    ]

    private static func text(_ description: String) -> WireObject {
        ["type": "string", "description": .string(description)]
    }

    private static func choice(_ description: String, _ values: [String]) -> WireObject {
        ["type": "string", "description": .string(description), "enum": .array(values.map { .string($0) })]
    }

    private static func schema(_ properties: [(String, WireObject)], required: [String] = []) -> WireObject {
        var fields = WireObject()
        for (name, property) in properties { fields[name] = .object(property) }
        var schema: WireObject = ["type": "object", "properties": .object(fields)]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        return schema
    }
}
