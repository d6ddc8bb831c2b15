package import Answering
package import CallModel
package import Compliance
package import Database
package import FoundationEssentials
import Jobs
import PhoneNumbers

/// Where a call is asked for: looks up what the gate has to know, has it decide, leaves the receipt, and keeps the call a place, all
/// in one transaction. Nothing else places a call.
package struct DialDesk: Sendable {
    /// Whose call it is, where a campaign asks for it.
    package struct Enrolment: Sendable {
        package var campaign: UUID
        package var id: UUID
        /// The campaign's own rules beside those of the tenant.
        package var rules: [CallingRule]
        /// What the campaign has used of its budget, where it has one.
        package var budgetUse: DialQuestion.BudgetUse?

        package init(
            campaign: UUID, id: UUID, rules: [CallingRule], budgetUse: DialQuestion.BudgetUse? = nil
        ) {
            self.campaign = campaign
            self.id = id
            self.rules = rules
            self.budgetUse = budgetUse
        }
    }

    package struct Wish: Sendable {
        package var number: E164
        package var contactID: UUID?
        /// To call from; nil: the tenant's first.
        package var callerID: E164?
        package var purpose: CallingRule.Purpose
        package var userID: UUID?
        package var enrolment: Enrolment?
        /// What is to be done where a machine answers.
        package var machines = Machines()

        package init(
            number: E164, contactID: UUID?, callerID: E164?, purpose: CallingRule.Purpose, userID: UUID?,
            enrolment: Enrolment? = nil
        ) {
            self.number = number
            self.contactID = contactID
            self.callerID = callerID
            self.purpose = purpose
            self.userID = userID
            self.enrolment = enrolment
        }
    }

    package struct Machines: Sendable {
        package var policy = MachinePolicy.hangup
        /// Left on a mailbox; nil: the words of the profile's language.
        package var message: String?
        package var menuKey: String?
        package var reason: String?

        package init() {}
    }

    package enum Answer: Sendable {
        /// It will be placed.
        case reserved(attempt: UUID, receipt: UUID)
        case refused(DialVerdict, receipt: UUID)
        /// One of our calls to the number is under way.
        case underWay
    }

    private let book: RuleBook

    package init(_ book: RuleBook = .shipped) { self.book = book }

    /// What the gate would be asked about a call now, and the gate that would be. Nobody is called, and nothing is written.
    package func inquiry(_ wish: Wish, in tx: borrowing Transaction) throws -> (question: DialQuestion, gate: DialGate)
    {
        let (question, sets, _) = try DialFacts(wish).read(in: tx)
        return (question, gate(sets: sets, own: wish.enrolment?.rules ?? []))
    }

    package func gate(sets: [String], own: [CallingRule]) -> DialGate { DialGate(book, sets: sets, own: own) }

    package func ask(_ wish: Wish, in tx: borrowing Transaction) throws -> Answer {
        // Nobody else decides about the number meanwhile, and an opt-out waits, or is waited for.
        try tx.send("select app.lock_phone($1)", [.text(wish.number.text)])
        // One that nobody has placed in time, because no job runs or no carrier is there, keeps no other from being placed.
        try tx.send(
            """
            update dial_attempts set state = 'ended', outcome = 'cancelled', ended_at = now()
            where number = $1 and state = 'reserved' and created_at < now() - interval '\(DialOrder.validFor)'
            """, [.text(wish.number.text)])
        let busy = try tx.query(
            "select 1 as one from dial_attempts where number = $1 and state <> 'ended'", [.text(wish.number.text)])
        guard busy.isEmpty else { return .underWay }
        let (question, sets, callerID) = try DialFacts(wish).read(in: tx)
        let own = wish.enrolment?.rules ?? []
        let verdict = gate(sets: sets, own: own).decide(question)
        var attempt: UUID?
        if verdict.isAllowed, let callerID {
            let id = UUID()
            try tx.send(
                """
                insert into dial_attempts (
                    tenant_id, id, contact_id, number, caller_id, purpose, created_by_user_id, campaign_id,
                    campaign_contact_id, on_machine, voicemail_message, menu_key, call_reason)
                values (
                    (select app.tenant_id()), $1::uuid, $2::uuid, $3, $4, $5, $6::uuid, $7::uuid, $8::uuid, $9, $10, $11,
                    $12)
                """,
                [
                    .uuid(id), .uuid(wish.contactID), .text(wish.number.text), .text(callerID),
                    .text(wish.purpose.rawValue), .uuid(wish.userID), .uuid(wish.enrolment?.campaign),
                    .uuid(wish.enrolment?.id), .text(wish.machines.policy.rawValue), .text(wish.machines.message),
                    .text(wish.machines.menuKey), .text(wish.machines.reason),
                ])
            attempt = id
        }
        let receipt = try DialReceipts.add(
            DialReceipt.Body(question: question, verdict: verdict, own: own.isEmpty ? nil : own), attempt,
            wish.enrolment, in: tx)
        guard let attempt else { return .refused(verdict, receipt: receipt) }
        try tx.enqueue(PlaceCall(attempt: attempt), unique: .once("\(attempt)"))
        return .reserved(attempt: attempt, receipt: receipt)
    }
}
