import CallModel

/// One finding as it grows over a call: the latest statement counts, and what it corrects is withdrawn.
struct Heard<Value: Codable & Sendable & Equatable> {
    private(set) var finding: Finding<Value>
    private let nothing: Value

    init(nothing: Value) {
        self.nothing = nothing
        finding = Finding(nothing)
    }

    var value: Value { finding.value }
    var isKnown: Bool { finding.value != nothing }

    /// Said again it becomes surer; said otherwise it replaces what was.
    mutating func hear(_ value: Value, _ confidence: Double, _ evidence: Evidence) {
        if value == finding.value, isKnown {
            finding.confidence = min(0.95, max(finding.confidence, confidence) + 0.05)
            if !finding.evidence.contains(where: { $0.turnNumber == evidence.turnNumber }), finding.evidence.count < 4 {
                finding.evidence.append(evidence)
            }
        } else {
            finding = Finding(value, confidence: confidence, evidence: [evidence])
        }
    }

    /// The caller agreed to what was read back.
    mutating func confirm(_ evidence: Evidence) {
        guard isKnown else { return }
        finding.confidence = max(finding.confidence, 0.95)
        if finding.evidence.count < 4 { finding.evidence.append(evidence) }
    }

    /// The caller took it back; the words of the correction stay as the evidence.
    mutating func withdraw(_ evidence: Evidence) {
        finding = Finding(nothing, confidence: 0.6, evidence: [evidence])
    }
}
