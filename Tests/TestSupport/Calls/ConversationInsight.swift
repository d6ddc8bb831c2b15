import CRM
import CallModel
import TestSupport

extension Conversation {
    static func insight(_ script: String, facts: [(CallFact, Int)] = [], ending: String? = "caller_hangup")
        -> CallInsight
    {
        let record = record(script, facts: facts, ending: ending)
        return RuleExtractor().insight(for: record, context: ExtractionContext(record: record))
    }
}
