/// Names of functions that both sides of an agent's socket have to know.
package enum AgentTools {
    /// Answered at once: what the caller says to the offer, and the specialists to the question, follows later.
    package static let consult = "consult_specialists"
}
