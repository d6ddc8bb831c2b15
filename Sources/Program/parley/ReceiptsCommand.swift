import API
import CallModel
import Compliance
import Database
import Dialing
import Foundation
import Gateway

enum ReceiptsCommand: Command {
    static let name = "receipts"
    static let summary = "proves, explains and recomputes why numbers were called or not"
    static let verbs = ["verify", "explain", "recompute"]
    static let options = [
        Option("--tenant", "ID|SLUG", "whose; without it the one there is"),
        Option("--sequence", "N", "explain: this receipt; without it all of --number"),
        Option("--number", "+E164", "explain: the receipts of this number"),
        Option("--sets", "A,B", "recompute: under these rule sets in place of those of each receipt"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let (verb, wanted) = (arguments.verb, try Wanted(arguments))
        return try await CommandDatabase.use(try GatewayConfig()) { database in
            let tenant = try await CommandDatabase.tenant(wanted.tenant, in: database)
            switch verb {
            case "verify": return try await verify(tenant, in: database)
            case "explain": return try await explain(wanted, tenant, in: database)
            default: return try await recompute(wanted.sets, tenant, in: database)
            }
        }
    }

    private struct Wanted: Sendable {
        var tenant: String?
        var sequence: Int?
        var number: E164?
        var sets: [String]?

        init(_ arguments: Arguments) throws {
            tenant = arguments.text("--tenant")
            if let text = arguments.text("--sequence") {
                guard let number = Int(text) else { throw Arguments.Mistake(text: "--sequence is a whole number") }
                sequence = number
            }
            if let text = arguments.text("--number") {
                guard let read = E164(text) else { throw Arguments.Mistake(text: "--number is no phone number") }
                number = read
            }
            if arguments.verb == "explain", sequence == nil, number == nil {
                throw Arguments.Mistake(text: "explain needs --sequence or --number")
            }
            sets = arguments.text("--sets")?.split(separator: ",").map(String.init)
            let known = RuleBook.shipped.choices.map(\.id)
            if let unknown = sets?.first(where: { !known.contains($0) }) {
                throw Arguments.Mistake(
                    text: "there is no rule set \(unknown); there are \(known.joined(separator: ", "))")
            }
        }
    }

    private static func verify(_ tenant: TenantID, in database: Database) async throws -> ExitCode {
        let (count, fault) = try await DialReceipts.verify(tenant, in: database)
        guard let fault else {
            print("\(count) receipts: the chain is whole.")
            return .done
        }
        print("The chain is broken: \(fault).")
        return .failed
    }

    private static func explain(
        _ wanted: Wanted, _ tenant: TenantID, in database: Database
    ) async throws -> ExitCode {
        var found = 0
        try await DialReceipts.each(of: tenant, in: database) { receipt in
            guard wanted.sequence == nil || wanted.sequence == receipt.sequence else { return }
            let body = try receipt.read()
            guard wanted.number == nil || wanted.number?.text == body.question.number else { return }
            found += 1
            show(receipt, body)
        }
        if found == 0 { print("There is no such receipt.") }
        return found == 0 ? .failed : .done
    }

    private static func show(_ receipt: DialReceipt, _ body: DialReceipt.Body) {
        let (question, verdict) = (body.question, body.verdict)
        let answer = verdict.isAllowed ? "to be called" : "not to be called"
        print("Receipt \(receipt.sequence), \(question.at.formatted(.iso8601)): \(question.number) was \(answer).")
        let clocks = question.localTimes.map { local in
            "\(local.day) \(local.minute / 60):\(local.minute % 60 < 10 ? "0" : "")\(local.minute % 60) in \(local.zone)"
        }
        print("  for \(question.purpose.rawValue), with consent `\(question.consent.rawValue)`")
        print("  there it was \(clocks.isEmpty ? "nobody knows when" : clocks.joined(separator: ", "))")
        print("  rule sets \(verdict.sets.joined(separator: ", ")); \(verdict.applied.count) rules held")
        for refusal in verdict.refusals {
            print("  \(refusal.code.rawValue), by \(refusal.rule) of \(refusal.version): \(refusal.detail)")
        }
    }

    private static func recompute(
        _ sets: [String]?, _ tenant: TenantID, in database: Database
    ) async throws -> ExitCode {
        var different = 0
        let count = try await DialReceipts.each(of: tenant, in: database) { receipt in
            let body = try receipt.read()
            let again = DialGate(.shipped, sets: sets ?? body.verdict.sets, own: body.own ?? []).decide(body.question)
            guard again.isAllowed != body.verdict.isAllowed else { return }
            different += 1
            let reasons = again.refusals.map { "\($0.code.rawValue) (\($0.rule))" }.joined(separator: ", ")
            print(
                "Receipt \(receipt.sequence), \(body.question.number): "
                    + (again.isAllowed ? "would be allowed." : "would be refused: \(reasons)."))
        }
        print("\(different) of \(count) receipts would be another.")
        return .done
    }
}
