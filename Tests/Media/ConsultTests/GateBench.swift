import Consult
import Testing

/// A gate under test, and the ways to move it.
struct GateBench {
    var gate: ConsultGate
    var nowMs = 10_000
    let question = ConsultQuestion(text: "May we store health data of EU patients?", askedAtMs: 9_000, source: .tool)

    init(limits: ConsultLimits = ConsultLimits(), signStyle: ConsultGate.SignStyle = .spoken, language: String = "en")
        throws
    {
        gate = ConsultGate(
            limits: limits, wording: try ConsultWording(language: language),
            classifier: try ConsentClassifier(language: language), detector: try ConsultDetector(language: "en"),
            signStyle: signStyle)
    }

    mutating func handle(_ event: ConsultGate.Event, afterMs: Int = 100) -> [ConsultGate.Action] {
        nowMs += afterMs
        return gate.handle(event, at: nowMs)
    }

    mutating func say(_ text: String, afterMs: Int = 100) -> [ConsultGate.Action] {
        handle(.callerSaid(text, audioPositionMs: nowMs - 2_000), afterMs: afterMs)
    }

    mutating func request(_ callID: String = "call-1") -> [ConsultGate.Action] {
        handle(.toolRequested(question, callID: callID))
    }

    /// Up to the consulting phase.
    mutating func agree() -> [ConsultGate.Action] {
        _ = request()
        _ = handle(.offerHeard)
        return say("Yes, please.")
    }

    mutating func tickAtDeadline() -> [ConsultGate.Action] {
        nowMs = gate.nextDeadlineMs
        return gate.handle(.tick, at: nowMs)
    }

    static func answer(_ text: String = "You may, with an agreement in place.") throws -> ConsultAnswer {
        ConsultAnswer(text: text, answers: [try answered(text)])
    }

    static func answered(
        _ text: String, _ outcome: SpecialistAnswer.Outcome = .answered
    ) throws -> SpecialistAnswer {
        SpecialistAnswer(
            specialist: try #require(SpecialistID("eu-privacy")), reasons: ["privacy law"], text: text, tookMs: 900,
            outcome: outcome)
    }
}

extension [ConsultGate.Action] {
    var record: ConsultRecord? { compactMap { if case .record(let record) = $0 { record } else { nil } }.first }
    var consents: [ConsentRecord] { compactMap { if case .consentRecord(let entry) = $0 { entry } else { nil } } }
    var grant: ConsentGrant? { compactMap { if case .begin(_, let grant) = $0 { grant } else { nil } }.first }
    var delivered: String? { compactMap { if case .deliver(let text, _) = $0 { text } else { nil } }.first }
    var resolved: [String] { compactMap { if case .resolveTool(let id, _) = $0 { id } else { nil } } }
    func contains(status: String) -> Bool {
        contains { if case .resolveTool(_, let json) = $0 { json.contains(#""status":"\#(status)""#) } else { false } }
    }
    var isSignOfLife: Bool {
        contains {
            switch $0 {
            case .signOfLife, .sayHold, .answerBargeIn: true
            default: false
            }
        }
    }
}
