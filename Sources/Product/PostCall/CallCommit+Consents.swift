import CRM
import CallModel
import CallReading
import Compliance
import Database
import FoundationEssentials

extension CallCommit {
    private static let marketingKinds = ["marketing_voice", "marketing_sms", "marketing_email"]
    private static let kinds = Set(marketingKinds + ["consult", "recording", "ai_disclosure"])

    /// What was agreed to or refused in this call, each in the words that were said.
    func addConsents(_ parties: CallParties, to rows: inout CallRows) {
        func add(_ kind: String, _ granted: Bool, _ words: String, source: String, at: Date) {
            rows.consents.add([
                .callID: call, .contactID: .uuid(parties.contactID), .phone: .text(phone?.text), .kind: .text(kind),
                .granted: .bool(granted), .words: .text(StoredText.bounded(words, charactersMax: 2_000)),
                .source: .text(isUnverified ? source + " (unverified)" : source), .at: .timestamp(at),
            ])
        }
        var told: Set<String> = []
        for case .consent(let kind, let granted, let words) in record.facts where CallCommit.kinds.contains(kind) {
            told.insert(kind)
            // Somebody else must not take back what the customer refused.
            if granted, isUnverified, CallCommit.marketingKinds.contains(kind) { continue }
            add(kind, granted, words, source: "agent_tool", at: endedAt)
        }
        for refusal in insight.refused where told.insert(refusal.value).inserted {
            guard let evidence = refusal.evidence.first else { continue }
            add(refusal.value, false, evidence.words, source: "caller", at: moment(evidence.startedMs))
        }
        if joins?.turns.contains(where: CallCommit.disclosesAI) == true { told.insert("ai_disclosure") }
        if !told.contains("ai_disclosure"), let turn = record.transcript.turns.first(where: CallCommit.disclosesAI) {
            add("ai_disclosure", true, turn.heardText, source: "agent", at: moment(turn.startedMs))
        }
    }

    private func moment(_ ms: Int) -> Date { record.opening.rangAt.addingTimeInterval(Double(ms) / 1_000) }

    /// Whether the caller was told, and heard, that no human speaks.
    static func disclosesAI(_ turn: Turn) -> Bool {
        guard turn.speaker == .agent else { return false }
        let words = turn.heardText.split { !$0.isLetter }.map { $0.lowercased() }
        let pairs = zip(words, words.dropFirst()).map { "\($0) \($1)" }
        return words.contains { ["ai", "artificial", "automated"].contains($0) }
            || pairs.contains { ["a i", "virtual assistant", "virtual agent", "voice assistant"].contains($0) }
    }

    /// The caller asked not to be called again. Words that are in the record of another part of the call are not kept twice.
    func addOptOut(_ parties: CallParties, to rows: inout CallRows) {
        guard let asked = insight.doNotContact else { return }
        let words = joins?.outcome == .doNotCall ? nil : StoredText.bounded(asked.value, charactersMax: 2_000)
        let optOut = OptOut(
            contactID: parties.contactID, phone: phone, words: words, source: isUnverified ? .doubtedCaller : .caller,
            at: asked.evidence.first.map { moment($0.startedMs) } ?? endedAt, callID: record.opening.callID.uuid)
        rows.optOuts.add(optOut.row)
    }
}
