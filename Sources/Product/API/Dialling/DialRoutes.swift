import Answering
import CRM
import CallModel
import Compliance
import Database
import Dialing
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Calls that are placed, and why each was or was not. docs/dialling.md.
enum DialRoutes {
    static let routes: [Endpoint] = [place] + attempts.endpoints + receipts.endpoints + CallingRuleRoutes.routes

    struct WantedCall: EndpointInput {
        var to: String
        var contactID: UUID?
        var from: String?
        var purpose: CallingRule.Purpose
        var onMachine: MachinePolicy?
        var voicemailMessage: String?
        var menuKey: String?
        var reason: String?
        static let rules: [String: FieldRule] = [
            "to": .lengths(1...64, "The number to call, in E.164 form: `+14155550100`."),
            "contact_id": .help("Whose number it is; their time zone counts beside that of the number."),
            "from": .help("The number of yours to call from; without it your oldest active one."),
            "purpose": .help("What the call is for: the rules of calling depend on it."),
            "on_machine": .help(
                "What to do where a machine answers: `hangup` (what is done without it), `leave_message` after the beep, "
                    + "`continue_agent`."),
            "voicemail_message": .lengths(
                1...1_000, "Left on a mailbox; without it, who called and how to be left alone."),
            "menu_key": .lengths(1...1, "Pressed where a menu answers: 0 to 9, `*`, `#`; without it the call ends."),
            "reason": .lengths(1...200, "What is said to a call screening that asks why you call."),
        ]
    }

    struct PlacedCall: Codable, Sendable {
        var id: RowID
        var state: String
        var to: String
        var receiptID: RowID
    }

    private static let place = Endpoint.write(
        .post, "/api/v1/calls", id: "placeCall", .role(.manager),
        "Calls a number now, if the rules of calling allow it; leaves a receipt either way.", WantedCall.self,
        PlacedCall.self, status: 201, problems: [409]
    ) { transaction, context, wanted in
        var wish = DialDesk.Wish(
            number: try number(wanted.to, "to"), contactID: wanted.contactID,
            callerID: try wanted.from.map { try number($0, "from") }, purpose: wanted.purpose,
            userID: try context.userID(in: transaction))
        wish.machines = try machines(wanted)
        if let contact = wanted.contactID {
            let known = try transaction.query("select 1 as one from contacts where id = $1::uuid", [.uuid(contact)])
            if known.isEmpty { throw Problem.unprocessable([.of("contact_id", "There is no such contact.")]) }
        }
        return try answer(to: wish, in: transaction, context)
    }

    /// What the gate says to a wish, and its call, as an answer.
    static func answer(
        to wish: DialDesk.Wish, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws -> Reply<PlacedCall> {
        switch try DialDesk().ask(wish, in: transaction) {
        case .underWay: throw Problem.conflict("A call to this number is under way.")
        case .refused(let verdict, let receipt): return refusal(verdict, receipt)
        case .reserved(let attempt, let receipt):
            let after = try attempts.row(attempt, in: transaction, context)
            try Audit(context).note("dial_attempts", before: nil, after: after.json, in: transaction)
            return try Reply.value(
                PlacedCall(
                    id: RowID(attempt), state: DialState.reserved.rawValue, to: wish.number.text,
                    receiptID: RowID(receipt)), status: 201
            ).with([(name: "location", value: "/api/v1/dial-attempts/\(attempt.uuidString.lowercased())")])
        }
    }

    private static func machines(_ wanted: WantedCall) throws -> DialDesk.Machines {
        var machines = DialDesk.Machines()
        machines.policy = wanted.onMachine ?? .hangup
        machines.message = wanted.voicemailMessage
        machines.reason = wanted.reason
        if let key = wanted.menuKey {
            guard key.count == 1, key.allSatisfy(MenuKey.all.contains) else {
                throw Problem.unprocessable([.of("menu_key", "`menu_key` is one key: 0 to 9, * or #.")])
            }
            machines.menuKey = key
        }
        return machines
    }

    static func number(_ text: String, _ field: String) throws -> E164 {
        guard text.hasPrefix("+"), let number = E164(text) else {
            throw Problem.unprocessable([.of(field, "`\(field)` is a telephone number in E.164 form: +14155550100.")])
        }
        return number
    }

    /// An answer and no error to be thrown: its receipt stays.
    private static func refusal(_ verdict: DialVerdict, _ receipt: UUID) -> Reply<PlacedCall> {
        let problem = Problem(
            status: 409, title: "Not to be called now",
            detail: "The rules of calling do not allow this call; receipt \(receipt.uuidString.lowercased()) says why.",
            faults: verdict.refusals.map { .init(.pointer("/to"), "\($0.code.rawValue) (\($0.rule)): \($0.detail)") })
        return .problem(problem)
    }

    static let attempts = Resource(
        "dial_attempts", of: "DialAttempt", verbs: [.list, .read], role: .manager,
        [
            .reference(DialAttemptColumn.contactID, to: "contacts", .filter),
            .text(DialAttemptColumn.number, [.required, .filter], format: .phone),
            .text(DialAttemptColumn.callerID, [.required, .filter], format: .phone),
            .choice(DialAttemptColumn.purpose, CallingRule.Purpose.allCases.map(\.rawValue), [.required, .filter]),
            .choice(DialAttemptColumn.state, DialState.allCases.map(\.rawValue), [.required, .filter]),
            .choice(DialAttemptColumn.outcome, DialOutcome.allCases.map(\.rawValue), .filter),
            .text(DialAttemptColumn.carrierError, max: 400),
            .text(DialAttemptColumn.carrierCallSid, as: "call_sid", .filter, max: 100),
            .reference(DialAttemptColumn.campaignID, to: "campaigns", .filter),
            .time(DialAttemptColumn.requestedAt), .time(DialAttemptColumn.answeredAt), .time(DialAttemptColumn.endedAt),
            .choice(DialAttemptColumn.onMachine, MachinePolicy.allCases.map(\.rawValue), [.required, .filter]),
            .text(DialAttemptColumn.voicemailMessage, max: 1_000), .text(DialAttemptColumn.menuKey, max: 1),
            .text(DialAttemptColumn.callReason, max: 200),
            .choice(DialAttemptColumn.answeredBy, Answerer.allCases.map(\.rawValue), .filter),
            .integer(DialAttemptColumn.answeredByAfterMs, 0...Int.max),
            .integer(DialAttemptColumn.firstWordMsAfterGreeting, 0...Int.max),
            .time(DialAttemptColumn.messageLeftAt),
        ])

    static let receipts = Resource(
        "dial_receipts", of: "DialReceipt", verbs: [.list, .read], role: .manager, isAppendOnly: true,
        lists: [
            PresetList(
                "/api/v1/campaigns/{id}/receipts", id: "listCampaignReceipts",
                "Lists why each call of a campaign was placed, or was not.", [.init("id", for: "campaign_id")],
                behind: { transaction, _, input in
                    let rows = try transaction.query(
                        "select from campaigns where id = $1::uuid", [.text(input["id"]?.text)])
                    if rows.isEmpty { throw Problem.notFound }
                })
        ],
        [
            .integer(DialReceiptColumn.sequence, 1...Int.max, .required),
            .reference(DialReceiptColumn.attemptID, to: "dial_attempts", .filter),
            .text(DialReceiptColumn.number, [.required, .filter], format: .phone),
            .flag(DialReceiptColumn.isAllowed, [.required, .filter]),
            .choice(DialReceiptColumn.code, DialVerdict.Code.allCases.map(\.rawValue), .filter),
            .uuid(DialReceiptColumn.campaignID, .filter), .uuid(DialReceiptColumn.campaignContactID, .filter),
            .text(DialReceiptColumn.body, .required, max: 1_000_000),
            .text(DialReceiptColumn.previousHash, .required, max: 64),
            .text(DialReceiptColumn.hash, .required, max: 64),
        ])
}
