package import CallModel
package import CallReading

extension Conversation {
    package static func insight(_ script: String, facts: [(CallFact, Int)] = [], ending: String? = "caller_hangup")
        -> CallInsight
    {
        let record = record(script, facts: facts, ending: ending)
        return RuleExtractor().insight(for: record, context: ExtractionContext(record: record))
    }
}
