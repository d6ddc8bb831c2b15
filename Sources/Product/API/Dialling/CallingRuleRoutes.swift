import Compliance
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// The rules a tenant calls by, and what stops all its calls at once.
enum CallingRuleRoutes {
    static let routes: [Endpoint] = [read, choose, stop]

    struct Rules: Codable, Sendable {
        /// Those chosen.
        var sets: [String]
        /// All calls are stopped since then; null where they are not.
        var stoppedAt: Date?
        var choices: [Choice]

        struct Choice: Codable, Sendable {
            var id: String
            var version: String
            var title: String
            var countries: [String]
        }
    }

    private static func rules(in transaction: borrowing Transaction) throws -> Rules {
        let row = try transaction.query("select calling_rule_sets, calls_stopped_at from tenants").first
        return Rules(
            sets: try row?.textArray("calling_rule_sets") ?? [], stoppedAt: try row?.timestampOrNil("calls_stopped_at"),
            choices: RuleBook.shipped.choices.map {
                .init(id: $0.id, version: $0.version, title: $0.title, countries: $0.countries)
            })
    }

    private static let read = Endpoint.get(
        "/api/v1/calling-rules", id: "getCallingRules", .role(.manager),
        "The rule sets calls are placed by, and those there are.", NoInput.self, Rules.self
    ) { context, _ in try .value(try await context.read { try rules(in: $0) }) }

    struct Chosen: EndpointInput {
        var sets: [String]
        static let rules: [String: FieldRule] = [
            "sets": .help("Each is for the countries it names; numbers of other countries are not called.")
        ]
    }

    private static let choose = Endpoint.write(
        .patch, "/api/v1/calling-rules", id: "chooseCallingRules", .role(.admin), "Chooses the rule sets to call by.",
        Chosen.self, Rules.self
    ) { transaction, context, chosen in
        let known = RuleBook.shipped.choices.map(\.id)
        guard !chosen.sets.isEmpty, chosen.sets.allSatisfy(known.contains) else {
            throw Problem.unprocessable([.of("sets", "`sets` is one or more of \(known.joined(separator: ", ")).")])
        }
        let before = try rules(in: transaction)
        try transaction.send(
            "update tenants set calling_rule_sets = $1::text[]", [.textArray(chosen.sets)])
        return try answer(before, in: transaction, context)
    }

    struct Standstill: EndpointInput {
        var isStopped: Bool
        static let rules: [String: FieldRule] = [
            "is_stopped": .help("Whether no call is to be placed from now on, whatever asks for it.")
        ]
    }

    private static let stop = Endpoint.write(
        .post, "/api/v1/calling-rules/stop", id: "stopCalling", .role(.manager),
        "Stops all calls of the tenant before the next one, or allows them again.", Standstill.self, Rules.self
    ) { transaction, context, wanted in
        let before = try rules(in: transaction)
        try transaction.send(
            "update tenants set calls_stopped_at = case when $1::boolean then coalesce(calls_stopped_at, now()) end",
            [.bool(wanted.isStopped)])
        return try answer(before, in: transaction, context)
    }

    private static func answer(
        _ before: Rules, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws -> Reply<Rules> {
        let after = try rules(in: transaction)
        try Audit(context).note("tenants", before: json(before), after: json(after), in: transaction)
        return try .value(after)
    }

    private static func json(_ rules: Rules) -> String {
        let stopped = rules.stoppedAt.map { JSONValue.text($0.formatted(.iso8601)) } ?? .null
        return JSONValue.object([
            "calling_rule_sets": .list(rules.sets.map { .text($0) }), "calls_stopped_at": stopped,
        ]).json
    }
}
