import Consult
import Foundation

/// Replies to the offer of a consult. Wrong is a yes that is none, and a consult called off that goes on or the other way
/// round; "nothing" is being asked once more.
enum ConsentScore {
    private struct Row: Decodable {
        var id: String
        var wording: String
        var lang: String
        /// `reply` to the offer, `again` when it was asked a second time, `waiting` while specialists are asked.
        var when: String
        var say: [String]
        /// `yes`, `no`, `unclear`; `on` or `off` while waiting.
        var want: [String]
    }

    /// All replies, those that are plain agreement, and what is said while specialists are asked.
    static func scores(_ half: LabelledSet.Half, in folder: URL) throws -> [Score] {
        // A kind may have a second file.
        let files = try ["consent", "consent-more"].compactMap {
            try LabelledRows.read($0, half, in: folder, as: Row.self)
        }
        if files.isEmpty { return [] }
        let rows = files.flatMap(\.self)
        var all = Score(kind: "consent", half: half)
        var agreed = Score(kind: "consent yes", half: half)
        var waiting = Score(kind: "consent wait", half: half)
        var classifiers: [String: ConsentClassifier] = [:]
        for row in rows {
            let classifier = try classifiers[row.lang] ?? ConsentClassifier(language: row.lang)
            classifiers[row.lang] = classifier
            let isWaiting = row.when == "waiting"
            let read = reading(row, classifier)
            let verdict: ReadCall.Verdict =
                row.want.contains(read) ? .right : read == "unclear" || read == "no" ? .nothing : .wrong
            isWaiting ? waiting.count(verdict, row.wording) : all.count(verdict, row.wording)
            if isWaiting { waiting.utterances += 1 } else { all.utterances += 1 }
            if row.want == ["yes"] {
                agreed.utterances += 1
                agreed.count(verdict, row.wording)
            }
            guard half == .seen, verdict != .right else { continue }
            let words = row.say.joined(separator: " … ")
            all.failures.append(
                "\(row.id) [\(row.wording)] \(row.lang) \(row.when) “\(words)” wanted \(row.want), read \(read)")
        }
        return [all, agreed, waiting]
    }

    private static func reading(_ row: Row, _ classifier: ConsentClassifier) -> String {
        let said = row.say.joined(separator: " ")
        guard row.when == "waiting" else { return classifier.classify(said).decision.rawValue }
        return classifier.callsOff(said) ? "off" : "on"
    }
}
