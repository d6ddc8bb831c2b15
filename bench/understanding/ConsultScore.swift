import Consult
import Foundation
import SpokenLanguage

/// Questions to the specialists: whom they are put to, what is told, whether nothing is said to be found where nobody knows,
/// and whether a consult is offered where one is needed and nowhere else.
struct ConsultScore {
    private struct Row: Decodable {
        /// One question a specialist knows, two in one, a question nobody knows, or no question for specialists at all.
        enum Kind: String, Decodable { case known, two, nobody, smalltalk }

        var id: String
        var wording: String
        var kind: Kind
        var number: String
        var say: String
        /// For each part, the specialists that may lead.
        var right: [[String]]
        /// For each part, what the words spoken may hold.
        var answer: [[String]]
        /// Who must not be asked.
        var never: [String]?
        /// False where nobody would expect one to be offered.
        var offer: Bool?
    }

    private let moderator: Moderator<ContinuousClock>
    private let limits = ConsultLimits()
    private let wording: ConsultWording
    private let detector: ConsultDetector

    init() throws {
        moderator = Moderator(SpecialistRoster.builtIn().roster)
        wording = try ConsultWording(language: "en")
        detector = try ConsultDetector(language: "en", knowledge: moderator.knowledge)
    }

    func scores(_ half: LabelledSet.Half, in folder: URL) throws -> [Score] {
        // A kind may have a second file.
        let files = try ["consult", "consult-more"].compactMap {
            try LabelledRows.read($0, half, in: folder, as: Row.self)
        }
        if files.isEmpty { return [] }
        let rows = files.flatMap(\.self)
        var leads = Score(kind: "consult lead", half: half)
        var tells = Score(kind: "consult told", half: half)
        var nobody = Score(kind: "consult none", half: half)
        var needed = Score(kind: "offer needed", half: half)
        var spared = Score(kind: "offer spared", half: half)
        for row in rows {
            let outcome = preview(row)
            switch row.kind {
            case .known, .two:
                count(lead(row, outcome), row, outcome, in: &leads)
                count(told(row, outcome), row, outcome, in: &tells)
                if row.offer != false { count(isOffered(row) ? .right : .nothing, row, outcome, in: &needed) }
            case .nobody: count(outcome.verdict == .nothingFound ? .right : .wrong, row, outcome, in: &nobody)
            case .smalltalk: count(isOffered(row) ? .wrong : .right, row, outcome, in: &spared)
            }
        }
        return [leads, tells, nobody, needed, spared]
    }

    private func preview(_ row: Row) -> ConsultOutcome {
        var question = ConsultQuestion(text: row.say, askedAtMs: 0, source: .tool)
        question.whereabouts = Whereabouts(callerNumber: row.number, tenantNumber: nil)
        return moderator.preview(question, limits: limits)
    }

    /// Wrong is somebody asked who must not be.
    private func lead(_ row: Row, _ outcome: ConsultOutcome) -> ReadCall.Verdict {
        let asked = outcome.picks.map(\.specialist.id.text)
        if asked.contains(where: (row.never ?? []).contains) { return .wrong }
        let parts = row.right.allSatisfy { right in asked.prefix(row.right.count).contains(where: right.contains) }
        return parts && asked.first.map(row.right.joined().contains) == true ? .right : .nothing
    }

    /// Before the rest that is offered.
    private func told(_ row: Row, _ outcome: ConsultOutcome) -> ReadCall.Verdict {
        guard let answer = outcome.answer(askingPlace: wording.askPlace) else { return .nothing }
        let spoken = SpokenAnswer(answer.text, language: "en").spoken.lowercased()
        return row.answer.allSatisfy { $0.contains { spoken.contains($0.lowercased()) } } ? .right : .nothing
    }

    private func isOffered(_ row: Row) -> Bool {
        var detector = detector
        return detector.hear(row.say, atMs: 0).score >= limits.detectionThreshold
    }

    private func count(_ verdict: ReadCall.Verdict, _ row: Row, _ outcome: ConsultOutcome, in score: inout Score) {
        score.utterances += 1
        score.count(verdict, row.wording)
        guard score.half == .seen, verdict != .right else { return }
        let asked = outcome.picks.map { "\($0.specialist.id) \($0.reasons.first ?? "")" }.joined(separator: ", ")
        score.failures.append(
            "\(row.id) [\(row.wording)] “\(row.say)”\n    wanted \(row.right) \(row.answer.map { $0.prefix(2) }), asked \(asked)"
        )
    }
}
